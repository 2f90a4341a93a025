#include "tests/simulation/world.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "gateway/auth.hpp"
#include "storage/memory/store.hpp"
#include "tests/simulation/clients.hpp"
#include "tests/simulation/front.hpp"
#include "tests/simulation/havoc.hpp"
#include "tests/simulation/mail.hpp"
#include "tests/simulation/operators.hpp"
#include "tests/simulation/provider_side.hpp"
#include "tests/simulation/server.hpp"
#include "tests/simulation/shops.hpp"
#include "tests/support/planted.hpp"

namespace cambist::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Longer than everything that anybody waits for.
constexpr Tick rest_max = hours{60};
// Ten times what the longest of many runs took.
constexpr std::uint64_t steps_max = 40'000'000;

/// A promise was seen to be broken: there is nothing to play on for.
struct Broken {};

Profile profile_of(std::uint64_t seed) {
  Dice dice{seed, "profile"};
  return draw_profile(dice);
}

payment::Status read_status(std::string_view name) {
  return payment::parse_status(name).value_or(payment::Status::pending);
}

}  // namespace

std::string payment_in(std::string_view text) {
  constexpr std::string_view prefix = "pay_";
  constexpr std::size_t length = 30;
  const auto at = text.find(prefix);
  if (at == std::string_view::npos || text.size() < at + length) return {};
  return std::string{text.substr(at, length)};
}

World::World(std::uint64_t seed, std::FILE* trace_to)
    : profile(profile_of(seed)),
      stage(seed, trace_to),
      store(storage::memory::make()),
      store_troubles(std::make_shared<StoreTroubles>()),
      seed_(seed) {
  const auto key = gateway::api_key_row(api_key, default_tenant(), stage.now());
  if (!store->put_api_key(key)) throw std::logic_error("the key cannot be kept");
  reader_ = store->open_reader();
  provider = std::make_unique<ProviderSide>(*this);
  shops = std::make_unique<Shops>(*this);
  server = std::make_unique<Server>(*this);
  front = std::make_unique<Front>(*this);
  mail = std::make_unique<Mail>(*this);
  clients = std::make_unique<Clients>(*this);
  operators = std::make_unique<Operators>(*this);
  havoc = std::make_unique<Havoc>(*this);
  provider->mail_to(mail->mailer());
  store_troubles->written = [this](auto batch, const auto& results) { written(batch, results); };
}

World::~World() {
  // What is on the agenda belongs to those who play: it goes before them.
  stage.forget();
  provider->mail_to(nullptr);
  if (server->up()) server->crash();
  stage.forget();
}

void World::fault(Fault kind, std::string_view payment) {
  ++faults_;
  stage.trace.note(stage.tick(), to_string(kind), payment);
  if (!payment.empty()) {
    const auto id = PaymentId::parse(payment);
    const auto row = id ? *reader_->payment(default_tenant(), *id) : std::nullopt;
    return meet(kind, std::string{payment}, row ? row->status : "pending");
  }
  // It meets all who are there.
  storage::PaymentQuery query;
  query.tenant = default_tenant();
  query.limit = 100'000;
  for (const auto& row : *reader_->payments(query)) meet(kind, row.id.to_string(), row.status);
}

// An operation on its way hides where the payment stands: both count.
void World::meet(Fault kind, const std::string& payment, std::string_view status) {
  const auto shown = read_status(status);
  reach.fault(kind, shown);
  if (shown != payment::Status::processing) return;
  const auto found = known_.find(payment);
  reach.fault(kind, found == known_.end() ? payment::Status::pending : found->second.settled);
}

void World::written(std::span<const storage::Entry> batch,
                    const std::vector<storage::AppendResult>& results) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto* append = std::get_if<storage::Append>(&batch[i]);
    const auto* done = std::get_if<storage::Appended>(&results[i]);
    if (append != nullptr && done != nullptr && !append->events.empty())
      written(*append, done->version);
  }
}

// One writer: each step continues from the last, whoever wrote that.
void World::written(const storage::Append& append, std::uint64_t version) {
  Known& known = known_[append.payment.to_string()];
  if (append.expected_version != known.version || version != known.version + append.events.size())
    broken("I9", append.payment.to_string(),
           "version " + std::to_string(append.expected_version) + " was continued, and " +
               std::to_string(known.version) + " is the last");
  known.version = version;
  const auto status = read_status(append.row.status);
  if (status != payment::Status::processing) known.settled = status;
}

void World::broken(std::string invariant, std::string payment, std::string what) {
  stage.trace.note(stage.tick(), "BROKEN " + invariant, what);
  if (seen_.empty()) steps_before_ = stage.trace.last();
  seen_.push_back({std::move(invariant), std::move(payment), std::move(what)});
}

void World::advance() {
  if (!stage.advance()) throw std::logic_error("nothing will ever happen again");
  if (server->doomed()) havoc->crash(Fault::crash_before_commit);
  havoc->step();
  if (stage.trace.steps() > steps_max) broken("I7", "", "it does not come to an end");
  if (!seen_.empty()) throw Broken{};
}

Outcome World::run() {
  Outcome outcome;
  outcome.seed = seed_;
  outcome.profile = profile.name;
  try {
    play();
    come_to_rest();
    judge(outcome);
  } catch (const Broken&) {
    outcome.violations = seen_;
  } catch (const std::exception& error) {
    outcome.violations = seen_;
    outcome.violations.push_back(
        {"?", "", std::string{"the simulation ended with "} + error.what()});
  }
  outcome.payments = clients->come_so_far();
  outcome.faults = faults_;
  outcome.crashes = havoc->crashes();
  outcome.requests = front->asked();
  outcome.steps = stage.trace.steps();
  outcome.hash = stage.trace.hash();
  outcome.simulated_s = std::chrono::duration<double>(stage.tick()).count();
  if (!outcome.violations.empty()) outcome.last_steps = steps_of(outcome.violations.front());
  outcome.reach = reach;
  return outcome;
}

std::string World::steps_of(const test::Violation& violation) const {
  if (!steps_before_.empty()) return steps_before_;
  const auto of_payment =
      violation.payment.empty() ? std::string{} : stage.trace.last_of(violation.payment);
  return of_payment.empty() ? stage.trace.last() : of_payment;
}

void World::play() {
  // The endpoints are there before the first event.
  quiet_ = true;
  server->start();
  shops->open();
  while (!shops->opened()) advance();
  quiet_ = false;
  clients->come(profile.payments);
  operators->begin();
  havoc->begin();
  const Tick end = stage.tick() + profile.span * 5 / 4;
  while (stage.tick() < end || !server->up()) advance();
  // A run that has met too little goes on.
  while (faults_ < profile.faults) {
    clients->come(10);
    havoc->one_more();
    const Tick until = stage.tick() + seconds{10};
    while (stage.tick() < until || !server->up()) advance();
  }
}

// All faults stop; then everything must come to its end by itself.
void World::come_to_rest() {
  quiet_ = true;
  stage.trace.note(stage.tick(), "all faults stop");
  store_troubles->down = false;
  provider->desk("PUT", "/sandbox/faults", R"({"rules":[]})");
  const Tick give_up = stage.tick() + rest_max;
  Tick look = stage.tick();
  bool told = false;
  bool replayed = false;
  while (stage.tick() < give_up) {
    if (!server->up()) server->start();
    const Tick until = look + seconds{20};
    while (stage.tick() < until) advance();
    look = stage.tick();
    if (!clients->done()) continue;
    if (!told) {
      told = true;
      operators->clear_up();
      shops->try_again();
      continue;
    }
    if (endpoints_disabled()) shops->try_again();  // somebody looks at what is disabled
    if (!at_rest()) continue;
    // What had to wait too long for something else can be told now.
    if (std::exchange(replayed, true) || !operators->replay_dead_letters()) return;
  }
  broken("I7", "", "60 hours after the last fault something is still under way" + under_way());
  throw Broken{};
}

bool World::at_rest() {
  if (!mail->empty()) return false;
  const auto open = *reader_->open_payments(std::nullopt, 1);
  if (!open.empty()) return false;
  for (const auto status : {"received", "retrying"}) {
    storage::WebhookQuery query;
    query.tenant = default_tenant();
    query.status = status;
    query.limit = 1;
    if (!reader_->webhooks(query)->empty()) return false;
  }
  for (const auto& endpoint : *reader_->endpoints(default_tenant())) {
    const auto behind = *reader_->outbox(default_tenant(), endpoint.cursor, 1);
    if (!behind.empty() || !endpoint.enabled) return false;
  }
  return true;
}

std::string World::under_way() {
  std::string text;
  for (const auto& open : *reader_->open_payments(std::nullopt, 5)) {
    const auto row = *reader_->payment(default_tenant(), open.payment);
    text += "\n    " + open.payment.to_string();
    if (row) text += " " + row->status + " at " + row->provider;
  }
  for (const auto status : {"received", "retrying"}) {
    storage::WebhookQuery query;
    query.tenant = default_tenant();
    query.status = status;
    query.limit = 3;
    for (const auto& row : *reader_->webhooks(query))
      text += "\n    webhook " + row.event + " of " + row.provider + " " + status + " " + row.error;
  }
  if (!mail->empty()) {
    const auto shown = boost::json::serialize(mail->mailer()->show());
    const auto at = shown.find(R"("status":"pending")");
    const auto from = at == std::string::npos || at < 200 ? 0 : at - 200;
    text += "\n    letters of the providers: " + shown.substr(from, 600);
  }
  return text;
}

bool World::endpoints_disabled() {
  const auto endpoints = *reader_->endpoints(default_tenant());
  return std::any_of(endpoints.begin(), endpoints.end(),
                     [](const storage::EndpointRow& endpoint) { return !endpoint.enabled; });
}

void World::judge(Outcome& outcome) {
  const test::FaultsAsleep asleep;
  test::Evidence evidence;
  evidence.books = test::read_books(*store);
  evidence.effects = provider->effects();
  evidence.promises = clients->promises();
  evidence.received = shops->received();
  evidence.forged = mail->forged();
  evidence.settled = true;
  evidence.clock_slack = stage.jumped();
  for (auto& violation : test::violations(evidence))
    outcome.violations.push_back(std::move(violation));
  test::HistoryRules rules;
  rules.policy = server->policy();
  rules.taken_on_202 = false;
  test::judge_history(clients->calls(), evidence.books, outcome.violations, rules);
  reach.steps(evidence.books);
}

std::string World::story(const std::string& payment) {
  const auto books = test::read_books(*store);
  const auto found = books.payments.find(payment);
  if (found == books.payments.end()) return "there is no such payment\n";
  std::string text;
  for (const auto& [sequence, row] : found->second.events) {
    text += fmt::format("{:>4} {} {} {}\n", sequence, to_rfc3339(row.at), row.type, row.json);
  }
  for (const auto& operation : found->second.operations)
    text += fmt::format("operation {} {} {} key {}\n", operation.id.to_string(), operation.kind,
                        operation.status, operation.idempotency_key);
  for (const auto& webhook : books.webhooks) {
    const bool lost = !webhook.payment && webhook.status != "ignored";
    if (!lost && (!webhook.payment || webhook.payment->to_string() != payment)) continue;
    text += fmt::format("webhook {} {} {} attempts {} {} received {}\n", webhook.event,
                        webhook.type, webhook.status, webhook.attempts, webhook.error,
                        to_rfc3339(webhook.received_at));
  }
  for (const auto& [endpoint, deliveries] : books.endpoints) {
    for (const auto& row : deliveries) {
      if (row.payment.to_string() != payment) continue;
      text +=
          fmt::format("delivery {} at {} to {}, cursor {}: {} attempts {} {} {} updated {}\n",
                      row.type, row.position, endpoint.id.to_string(), endpoint.cursor, row.status,
                      row.attempts, row.response_status, row.error, to_rfc3339(row.updated_at));
    }
  }
  for (const auto& effect : provider->effects()) {
    if (effect.at("payment").as_string() == payment)
      text += "effect " + boost::json::serialize(effect) + "\n";
  }
  return text;
}

}  // namespace cambist::sim
