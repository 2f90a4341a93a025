#include "tests/support/history_index.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "protocols/api/answers.hpp"
#include "protocols/payment/codec.hpp"

namespace cambist::test::history {
namespace {

constexpr std::string_view payment_start = R"({"id":"pay_)";

/// The payment in an answer, to the letter: the whole body, or the last field of a problem.
std::string_view payment_in(std::string_view body) {
  if (body.starts_with(payment_start)) return body;
  constexpr std::string_view field = R"(,"payment":)";
  const auto at = body.find(std::string{field} + std::string{payment_start});
  if (at == std::string_view::npos || !body.ends_with('}')) return {};
  body.remove_prefix(at + field.size());
  body.remove_suffix(1);
  return body;
}

std::string id_in(std::string_view json) {
  constexpr std::string_view before_id = R"({"id":")";
  json.remove_prefix(before_id.size());
  return std::string{json.substr(0, json.find('"'))};
}

std::string field_of(const ClientCall& call, std::string_view name) {
  if (call.status < 400) return {};
  boost::system::error_code error;
  const auto body = boost::json::parse(call.body, error);
  const auto* object = error ? nullptr : body.if_object();
  const auto* value = object == nullptr ? nullptr : object->if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return std::string{value->as_string()};
}

}  // namespace

Index::Index(const std::vector<ClientCall>& calls, const Books& books) : calls_(calls) {
  for (const auto& [id, stored] : books.payments) add_life(id, stored);
  for (std::size_t i = 0; i < begun_.size(); ++i) {
    const auto& origin = begun_[i].origin;
    if (!origin.key.empty()) begun_by_key_[origin.key].push_back(i);
    if (!origin.request_id.empty()) begun_by_request_[origin.request_id].push_back(i);
  }
  for (const auto& call : calls) {
    if (!call.request_id.empty()) ++requests_[call.request_id];
    if (!call.key.empty()) by_key_[call.key].push_back(&call);
    look(call);
  }
  for (auto& [key, asked] : by_key_) {
    std::stable_sort(asked.begin(), asked.end(),
                     [](const auto* a, const auto* b) { return a->asked < b->asked; });
  }
  for (auto& [payment, answers] : seen_) {
    std::sort(answers.begin(), answers.end());
    std::uint64_t most = 0;
    for (auto& [position, version] : answers) version = most = std::max(most, version);
  }
}

void Index::add_life(const std::string& id, const StoredPayment& stored) {
  Life life;
  life.versions.emplace_back();
  for (const auto& [sequence, row] : stored.events) {
    auto fact = payment::decode(row.type, row.schema_version, row.json);
    if (!fact) return;  // judge_streams says so
    life.events.push_back({row.at, std::move(*fact)});
    life.versions.push_back(payment::evolve(life.versions.back(), life.events.back()));
    const auto version = static_cast<std::uint64_t>(life.events.size());
    const auto [at, fresh] =
        life.shown.try_emplace(api::render(life.versions.back()), Span{version, version});
    if (!fresh) at->second.last = version;
  }
  const Life& kept = lives_[id] = std::move(life);
  for (std::size_t i = 0; i < kept.events.size(); ++i) {
    Begun begun{id, &kept, i, i + 1, kept.events[i].at, {}, {}, false};
    if (const auto* started = std::get_if<payment::OperationStarted>(&kept.events[i].fact)) {
      if (started->operation.by_itself) continue;
      begun.origin = started->operation.origin;
      begun.operation = started->operation;
      // A create is one step, from the first event on.
      const bool first = i > 0 && std::holds_alternative<payment::Nothing>(kept.versions[i].state);
      if (first) begun.before = 0;
    } else if (const auto* confirmed =
                   std::get_if<payment::ActionConfirmed>(&kept.events[i].fact)) {
      const auto* running = payment::running(kept.versions[i + 1]);
      if (running == nullptr) continue;
      begun.origin = confirmed->origin;
      begun.operation = *running;
      begun.confirm = true;
    } else {
      continue;
    }
    begun_.push_back(std::move(begun));
  }
}

void Index::look(const ClientCall& call) {
  Sight sight;
  if (call.answered) sight.json = payment_in(call.body);
  if (!sight.json.empty()) {
    sight.payment = id_in(sight.json);
    sight.life = life(sight.payment);
    if (sight.life != nullptr) {
      const auto shown = sight.life->shown.find(std::string{sight.json});
      if (shown != sight.life->shown.end()) sight.span = shown->second;
    }
    if (sight.span) seen_[sight.payment].emplace_back(*call.answered, sight.span->first);
  }
  sights_.push_back(std::move(sight));
}

const Life* Index::life(const std::string& payment) const {
  const auto found = lives_.find(payment);
  return found == lives_.end() ? nullptr : &found->second;
}

std::vector<const Begun*> Index::begun_with_key(const std::string& key) const {
  std::vector<const Begun*> all;
  if (const auto found = begun_by_key_.find(key); found != begun_by_key_.end())
    for (const auto at : found->second) all.push_back(&begun_[at]);
  return all;
}

std::vector<const Begun*> Index::begun_by_request(const std::string& request_id) const {
  std::vector<const Begun*> all;
  if (const auto found = begun_by_request_.find(request_id); found != begun_by_request_.end())
    for (const auto at : found->second) all.push_back(&begun_[at]);
  return all;
}

std::size_t Index::calls_with_request(const std::string& request_id) const {
  const auto found = requests_.find(request_id);
  return found == requests_.end() ? 0 : found->second;
}

std::uint64_t Index::seen_before(const std::string& payment, std::uint64_t position) const {
  const auto found = seen_.find(payment);
  if (found == seen_.end()) return 0;
  const auto& answers = found->second;
  // Who was answered at the very same position may have been answered later.
  const auto after =
      std::lower_bound(answers.begin(), answers.end(), std::pair{position, UINT64_C(0)});
  return after == answers.begin() ? 0 : std::prev(after)->second;
}

std::string code_of(const ClientCall& call) {
  return field_of(call, "code");
}

std::string detail_of(const ClientCall& call) {
  return field_of(call, "detail");
}

bool begins_something(const ClientCall& call) {
  return call.kind == "create" || call.kind == "capture" || call.kind == "cancel" ||
         call.kind == "refund" || call.kind == "confirm";
}

std::string name_of(const ClientCall& call) {
  std::string name = "the " + call.kind;
  if (!call.request_id.empty()) name += " " + call.request_id;
  return name + " asked at " + std::to_string(call.asked);
}

payment::OperationStatus end_of(const Begun& begun) {
  const payment::Payment& now = begun.life->versions.back();
  for (const auto& operation : now.history) {
    if (operation.id == begun.operation.id) return operation.status;
  }
  const auto* running = payment::running(now);
  if (running != nullptr && running->id == begun.operation.id) return running->status;
  return begun.operation.status;
}

}  // namespace cambist::test::history
