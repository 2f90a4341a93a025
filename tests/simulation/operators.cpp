#include "tests/simulation/operators.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <boost/json.hpp>

#include "tests/simulation/front.hpp"
#include "tests/simulation/provider_side.hpp"
#include "tests/simulation/providers.hpp"
#include "tests/simulation/world.hpp"
#include "tests/support/effect_keys.hpp"

namespace cambist::sim {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

}  // namespace

Operators::Operators(World& world) : world_(world), dice_(world.dice("operators")) {}

void Operators::begin() {
  const Profile& profile = world_.profile;
  const auto some_time = [this, &profile] {
    return Tick{dice_.between(profile.span.count() / 20, profile.span.count())};
  };
  for (std::uint32_t i = 0; i < profile.operations; ++i)
    world_.stage.after(some_time(), [this] { operate_breaker(); });
  for (std::uint32_t i = 0; i < profile.replays; ++i)
    world_.stage.after(some_time(), [this] { replay(); });
  for (std::uint32_t i = 0; i < profile.payments; ++i) {
    if (dice_.chance(profile.dashboard))
      world_.stage.after(some_time(), [this] { act_at_dashboard(); });
    if (dice_.chance(profile.dispute)) world_.stage.after(some_time(), [this] { dispute(); });
  }
  look_at_tasks();
}

void Operators::post(std::string target, std::string body) {
  world_.front->ask(api_request("POST", std::move(target), std::move(body),
                                "operator-" + std::to_string(++keys_)),
                    {}, seconds{20}, [](const auto&) {});
}

// --- tasks
// --------------------------------------------------------------------------------------

void Operators::look_at_tasks() {
  storage::TaskQuery query;
  query.tenant = default_tenant();
  query.status = "open";
  query.limit = 1'000;
  for (const auto& task : *world_.reader().tasks(query)) {
    // Not at once: what is on its way to the provider must have arrived.
    const auto payment = world_.reader().payment(default_tenant(), task.payment);
    const auto last = payment && *payment ? (*payment)->updated_at : task.created_at;
    if (world_.stage.now() - std::max(task.created_at, last) > seconds{90}) resolve(task);
  }
  world_.stage.after(seconds{120}, [this] { look_at_tasks(); });
}

// The provider's own books tell what became of it.
void Operators::resolve(const storage::TaskRow& task) {
  if (task.operation.empty()) {  // of no operation: somebody has looked at it
    return post("/api/v1/tasks/" + task.id.to_string() + "/resolve",
                R"({"reason":"looked at, and seen to"})");
  }
  test::StoredPayment payment;
  payment.row.id = task.payment;
  payment.operations = *world_.reader().operations(task.payment);
  json::object found{{"outcome", "failed"}, {"reason", "looked up at the provider"}};
  for (const auto& effect : world_.provider->effects()) {
    if (effect.at("payment").as_string() != task.payment.to_string()) continue;
    const auto* owner = test::owner_of(payment, effect);
    if (owner == nullptr || owner->id != task.operation ||
        effect.at("kind").as_string() != task.operation_kind)
      continue;
    found["outcome"] = "succeeded";
    found["provider_object"] = effect.at("object").as_string();
  }
  post("/api/v1/tasks/" + task.id.to_string() + "/resolve", json::serialize(found));
}

// --- our runtime
// --------------------------------------------------------------------------------

void Operators::operate_breaker() {
  constexpr std::array<std::string_view, 3> actions{"trip", "hold", "reset"};
  const auto action = dice_.pick<std::string_view>(actions);
  world_.fault(Fault::breaker_operated);
  const auto names = provider_names();
  const auto& provider = dice_.chance(500'000) ? names.front() : names[dice_.below(names.size())];
  post("/api/v1/providers/" + provider + "/breaker",
       json::serialize(json::object{{"action", action}, {"reason", "a drill"}}));
  if (action == "hold") {
    world_.stage.after(seconds{dice_.between(5, 60)},
                       [this, provider] { reset_breaker(provider); });
  }
}

void Operators::reset_breaker(const std::string& provider) {
  post("/api/v1/providers/" + provider + "/breaker",
       R"({"action":"reset","reason":"the drill is over"})");
}

bool Operators::replay_dead_letters() {
  storage::WebhookQuery query;
  query.tenant = default_tenant();
  query.status = "dead";
  query.limit = 100;
  json::array ids;
  for (const auto& row : *world_.reader().webhooks(query)) ids.emplace_back(row.id.to_string());
  if (ids.empty()) return false;
  post("/api/v1/webhooks/replay", json::serialize(json::object{{"ids", std::move(ids)}}));
  return true;
}

void Operators::replay() {
  storage::WebhookQuery query;
  query.tenant = default_tenant();
  query.limit = 50;
  const auto rows = *world_.reader().webhooks(query);
  if (rows.empty()) return;
  json::array ids;
  for (auto some = dice_.between(1, 5); some > 0; --some) {
    const auto& row = rows[dice_.below(rows.size())];
    ids.emplace_back(row.id.to_string());
    world_.fault(Fault::webhooks_replayed, row.payment ? row.payment->to_string() : std::string{});
  }
  post("/api/v1/webhooks/replay", json::serialize(json::object{{"ids", std::move(ids)}}));
}

// --- at the provider
// ----------------------------------------------------------------------------

Operators::Object Operators::some_object() {
  storage::PaymentQuery query;
  query.tenant = default_tenant();
  query.limit = 60;
  const auto rows = *world_.reader().payments(query);
  if (rows.empty()) return {};
  const auto& row = rows[dice_.below(rows.size())];
  return {row.id.to_string(), row.provider, row.provider_payment_id};
}

void Operators::act_at_dashboard() {
  const auto [payment, provider, object] = some_object();
  // README.md, "What no world does", 6.
  if (object.empty() || provider != "stripe" || world_.quiet()) return;
  constexpr std::array<std::string_view, 3> acts{"capture", "cancel", "refund"};
  const auto act = dice_.pick<std::string_view>(acts);
  // README.md, "What no world does", 1.
  const auto status = status_of(payment);
  if (act == "refund" && status != "captured" && status != "partially_refunded") return;
  const auto done = world_.provider->desk(
      "POST", "/sandbox/dashboard/" + provider + "/" + object + "/" + std::string{act}, "{}");
  if (done.status < 300) world_.fault(Fault::dashboard_act, payment);
}

std::string Operators::status_of(const std::string& payment) {
  const auto row = *world_.reader().payment(default_tenant(), PaymentId::parse(payment).value());
  return row ? row->status : std::string{};
}

void Operators::dispute() {
  const auto [payment, provider, object] = some_object();
  if (object.empty() || world_.quiet()) return;
  const json::object order{
      {"provider", provider}, {"object", object}, {"inquiry", dice_.chance(200'000)}};
  const auto opened = world_.provider->desk("POST", "/sandbox/disputes", json::serialize(order));
  if (opened.status != 201) return;
  world_.fault(Fault::dispute, payment);
  const std::string id{json::parse(opened.body).at("id").as_string()};
  if (dice_.chance(800'000))
    world_.stage.after(seconds{dice_.between(1, 300)}, [this, id] { close(id); });
}

void Operators::close(const std::string& dispute) {
  world_.provider->desk("POST", "/sandbox/disputes/" + dispute + "/close",
                        dice_.chance(500'000) ? R"({"status":"won"})" : R"({"status":"lost"})");
}

void Operators::clear_up() {
  for (const auto& provider : provider_names()) reset_breaker(provider);
  // What was dropped on its way is sent again, as a provider does when it is asked to.
  world_.provider->desk("POST", "/sandbox/webhooks/resend", R"({"all":true})");
}

}  // namespace cambist::sim
