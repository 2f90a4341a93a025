#include "tests/support/actor_world.hpp"

#include <map>
#include <utility>

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "actors/supervision/keeper.hpp"
#include "protocols/payment/codec.hpp"
#include "storage/memory/store.hpp"

namespace cambist::test {

/// Something that happens on the actor clock.
struct Happen {
  std::function<void()> what;
};

}  // namespace cambist::test

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(cambist::test::Happen)
namespace cambist::test {

inline std::string to_string(const Happen&) {
  return "Happen";
}

namespace {

constexpr auto start_of_time = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21};

// Actors from functions without arguments dereference a null tuple inside CAF 0.17, which the
// sanitizers see: these are classes for that reason.
class Clockwork final : public caf::event_based_actor {
 public:
  using caf::event_based_actor::event_based_actor;
  caf::behavior make_behavior() override {
    return {[](const Happen& happen) { happen.what(); }};
  }
};

/// Runs `start` with itself, and lives as long as an answer is owed to it.
class Client final : public caf::event_based_actor {
 public:
  Client(caf::actor_config& config, std::function<void(caf::event_based_actor*)> start)
      : caf::event_based_actor(config), start_(std::move(start)) {}
  caf::behavior make_behavior() override {
    start_(this);
    start_ = {};
    return {};
  }

 private:
  std::function<void(caf::event_based_actor*)> start_;
};

}  // namespace

ActorWorld::ActorWorld(std::uint64_t seed, Adjust adjust)
    : memory(storage::memory::make()), rng(seed), adjust_(std::move(adjust)) {
  spdlog::set_level(spdlog::level::off);
  config_.set("scheduler.policy", caf::atom("testing"));
  system_ = std::make_unique<caf::actor_system>(config_);
  system_->await_actors_before_shutdown(false);
  clockwork_ = system_->spawn<Clockwork>();
  wire = std::make_shared<ScriptedProvider>(
      [this](std::chrono::milliseconds wait, std::function<void()> what) {
        caf::delayed_anon_send(clockwork_, wait, Happen{std::move(what)});
      });
  reader_ = memory->open_reader();
  start();
}

ActorWorld::~ActorWorld() {
  runtime.reset();
  settle();
  caf::anon_send_exit(clockwork_, caf::exit_reason::user_shutdown);
  clockwork_ = nullptr;
  settle();
  scheduler().clock().cancel_all();
  system_.reset();
}

void ActorWorld::start() {
  actors::RuntimeParams params;
  params.store = make_faulty_store(memory, faults);
  params.providers["stub"].adapter = make_scripted_adapter();
  params.http = wire;
  params.telemetry = telemetry;
  params.now = [this] { return now(); };
  params.random = [this] { return rng(); };
  params.detached = false;
  params.idle_max = std::chrono::seconds{30};
  params.settled_idle_max = params.idle_max;
  params.on_escalation = [this](const std::string& why) { escalations.push_back(why); };
  params.while_stopping = [this] {
    if (on_stop_step) on_stop_step();
    if (!step() && !scheduler().trigger_timeout()) throw std::runtime_error("stop() hangs");
  };
  if (adjust_) adjust_(params);
  runtime = std::make_unique<actors::Runtime>(*system_, std::move(params));
}

void ActorWorld::crash() {
  actors::supervision::exit_now(caf::actor_cast<caf::actor>(runtime->supervision()));
  // The dead process takes no more messages: only exits are still delivered.
  while (telemetry->live["root"] + telemetry->live["journal"] + telemetry->live["payments"] +
             telemetry->live["payment"] + telemetry->live["provider"] + telemetry->live["reader"] +
             telemetry->live["webhooks"] + telemetry->live["webhook_stream"] +
             telemetry->live["outbox"] + telemetry->live["delivery"] >
         0) {
    if (!step()) break;
  }
  runtime.reset();
  settle();  // whoever still waited outside hears that it is gone
}

void ActorWorld::stop_politely() {
  runtime->stop();
}

caf::scheduler::test_coordinator& ActorWorld::scheduler() {
  return static_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
}

bool ActorWorld::step() {
  auto& jobs = scheduler().jobs;
  if (jobs.empty()) return false;
  std::vector<std::size_t> runnable;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto* actor = dynamic_cast<caf::local_actor*>(jobs[i]);
    if (frozen.empty() || actor == nullptr || actor->name() != frozen) runnable.push_back(i);
    if (frozen.empty() && !shuffle) break;
  }
  if (runnable.empty()) return false;
  std::swap(jobs[0], jobs[runnable[shuffle ? rng() % runnable.size() : 0]]);
  scheduler().run_once();
  return true;
}

void ActorWorld::settle() {
  while (step()) {
  }
}

void ActorWorld::pass(std::chrono::milliseconds time) {
  const auto until = scheduler().clock().now() + time;
  caf::delayed_anon_send(clockwork_, time, Happen{[] {}});
  settle();
  while (scheduler().clock().now() < until && scheduler().trigger_timeout()) settle();
}

TimePoint ActorWorld::now() {
  return TimePoint{start_of_time} + wall_offset_ +
         std::chrono::floor<Duration>(scheduler().clock().now().time_since_epoch());
}

AskedPtr ActorWorld::perform(const PaymentId& id, payment::Command command, std::string key,
                             std::string fingerprint, TenantId tenant, std::string request_id) {
  auto asked = std::make_shared<Asked>();
  actors::Perform perform{id, std::move(command),
                          actors::Context{std::move(tenant), std::move(request_id), std::move(key),
                                          sha256(fingerprint)}};
  system_->spawn<Client>([asked, perform = std::move(perform),
                          payments = runtime->payments()](caf::event_based_actor* self) {
    self->request(payments, caf::infinite, perform)
        .then([asked](actors::Reply& reply) { asked->answers.push_back(std::move(reply)); },
              [asked, self](caf::error& error) {
                asked->errors.push_back(self->system().render(error));
              });
  });
  return asked;
}

TakenPtr ActorWorld::webhook(http::Request request, const std::string& provider, bool vouched) {
  auto taken = std::make_shared<TakenOrNot>();
  system_->spawn<Client>([taken, message = actors::WebhookIn{provider, std::move(request), vouched},
                          webhooks = runtime->webhooks()](caf::event_based_actor* self) {
    self->request(webhooks, caf::infinite, message)
        .then([taken](actors::WebhookTaken& answer) { taken->answers.push_back(answer); },
              [taken, self](caf::error& error) {
                taken->errors.push_back(self->system().render(error));
              });
  });
  return taken;
}

TakenPtr ActorWorld::webhook(const std::string& event, const std::string& type,
                             const PaymentId& payment) {
  return webhook(scripted_webhook(event, type, payment.to_string()));
}

actors::WebhooksReplayed ActorWorld::replay(std::vector<WebhookId> ids,
                                            storage::WebhookQuery filter) {
  actors::ReplayWebhooks request;
  request.ids = std::move(ids);
  request.filter = std::move(filter);
  request.audit.tenant = default_tenant();
  request.audit.at = now();
  request.audit.actor = "test";
  request.audit.action = "webhooks.replay";
  return query<actors::WebhooksReplayed>(runtime->webhooks(), std::move(request));
}

std::optional<storage::WebhookRow> ActorWorld::stored_webhook(const std::string& event) {
  storage::WebhookQuery all{default_tenant()};
  all.limit = 10'000;
  const auto rows = reader_->webhooks(all).value();
  for (const auto& row : rows) {
    if (row.event == event) return row;
  }
  return std::nullopt;
}

std::string ActorWorld::webhook_status(const std::string& event) {
  const auto row = stored_webhook(event);
  return row ? row->status : "none";
}

ActorWorld::Created ActorWorld::create(payment::CaptureMethod capture, std::string key,
                                       std::string fingerprint,
                                       std::function<void(payment::Details&)> adjust) {
  const auto random = [this] { return rng(); };
  const auto id = PaymentId::make(now(), random);
  payment::Details details;
  details.amount = Money{10'000, *Currency::parse("USD")};
  details.capture = capture;
  details.provider = "stub";
  details.method = {"card", "pm_card_visa"};
  if (adjust) adjust(details);
  payments_.push_back(id);
  return {
      id,
      perform(id, payment::Create{id, default_tenant(), details, OperationId::make(now(), random)},
              std::move(key), std::move(fingerprint))};
}

PaymentId ActorWorld::authorized() {
  const auto created = create(payment::CaptureMethod::manual);
  pass(std::chrono::seconds{1});
  EXPECT_EQ(created.asked->status(), 201);
  return created.id;
}

PaymentId ActorWorld::captured() {
  const auto created = create();
  pass(std::chrono::seconds{1});
  EXPECT_EQ(created.asked->status(), 201);
  return created.id;
}

payment::Capture ActorWorld::capture(std::optional<std::int64_t> minor) {
  payment::Capture command;
  command.operation = OperationId::make(now(), [this] { return rng(); });
  if (minor) command.amount = Money{*minor, *Currency::parse("USD")};
  return command;
}

payment::Refund ActorWorld::refund(std::optional<std::int64_t> minor) {
  payment::Refund command;
  command.operation = OperationId::make(now(), [this] { return rng(); });
  if (minor) command.amount = Money{*minor, *Currency::parse("USD")};
  return command;
}

payment::Cancel ActorWorld::cancel() {
  payment::Cancel command;
  command.operation = OperationId::make(now(), [this] { return rng(); });
  return command;
}

std::string ActorWorld::status(const PaymentId& id) {
  const auto row = reader_->payment(default_tenant(), id);
  return row && *row ? (*row)->status : "none";
}

template <class Result, class Actor, class Message>
Result ActorWorld::query(const Actor& actor, Message message) {
  auto result = std::make_shared<std::optional<Result>>();
  system_->spawn<Client>([=](caf::event_based_actor* self) {
    self->request(actor, caf::infinite, message)
        .then([result](Result& value) { *result = std::move(value); }, [](caf::error&) {});
  });
  settle();
  if (!*result) throw std::runtime_error("no answer");
  return **result;
}

actors::SupervisionNode ActorWorld::tree() {
  return query<actors::SupervisionNode>(runtime->supervision(), actors::SupervisionQuery{});
}

actors::ProviderHealth ActorWorld::health(const std::string& name) {
  auto all = query<actors::ProvidersHealth>(runtime->providers(), actors::ProviderQuery{});
  for (auto& health : all.providers) {
    if (health.name == name) return health;
  }
  throw std::runtime_error("no such provider");
}

void ActorWorld::check_invariants() {
  EXPECT_LE(wire->most_effects_of_one_key(), 1U);
  std::map<std::string, std::int64_t> sums;
  for (const PaymentId& id : payments_) {
    const auto events = *reader_->events(id);
    payment::Payment payment;
    std::uint64_t sequence = 0;
    for (const auto& stored : events) {
      EXPECT_EQ(stored.sequence, ++sequence);
      const auto fact =
          payment::decode(stored.event.type, stored.event.schema_version, stored.event.json);
      ASSERT_TRUE(fact) << fact.error().detail;
      payment = payment::evolve(std::move(payment), payment::Event{stored.event.at, *fact});
    }
    if (!events.empty()) {
      EXPECT_EQ(status(id), payment::to_string(payment::status_of(payment)));
    }
    // No phantom: every effect belongs to an operation that is in the journal.
    std::size_t operations = payment.history.size() + (payment::running(payment) ? 1 : 0);
    EXPECT_LE(wire->effects_of(id.to_string()), operations);
    for (const auto& posting : *reader_->ledger(id)) {
      sums[std::string{posting.amount.currency.code()}] += posting.amount.minor;
    }
  }
  for (const auto& [currency, sum] : sums) EXPECT_EQ(sum, 0) << currency;
}

}  // namespace cambist::test
