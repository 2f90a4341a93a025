// The whole actor tree on CAF's deterministic scheduler: one seed, one story. A step lets one
// randomly chosen runnable actor take exactly one message; time moves only when it is told to.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include "actors/runtime.hpp"
#include "tests/support/actor_provider.hpp"
#include "tests/support/actor_store.hpp"

namespace cambist::test {

/// The answers to one request: exactly one in the end, and the test can see that.
struct Asked {
  std::vector<actors::Reply> answers{};
  std::vector<std::string> errors{};  // what CAF answered instead
  [[nodiscard]] std::size_t count() const { return answers.size() + errors.size(); }
  [[nodiscard]] int status() const { return answers.empty() ? 0 : answers.front().status; }
  [[nodiscard]] const std::string& body() const { return answers.front().body; }
};
using AskedPtr = std::shared_ptr<Asked>;

/// The answers to one webhook, or to one request to replay.
struct TakenOrNot {
  std::vector<actors::WebhookTaken> answers{};
  std::vector<std::string> errors{};
  [[nodiscard]] std::size_t count() const { return answers.size() + errors.size(); }
  [[nodiscard]] bool stored() const { return !answers.empty() && !answers.front().error; }
  [[nodiscard]] bool duplicate() const { return stored() && answers.front().duplicate; }
  [[nodiscard]] ErrorCode code() const { return answers.at(0).error.value().code; }
};
using TakenPtr = std::shared_ptr<TakenOrNot>;

/// Counts what the runtime tells.
class Counting final : public actors::Telemetry {
 public:
  void actors_live(std::string_view kind, std::ptrdiff_t change) override {
    live[std::string{kind}] += change;
  }
  void restarted(std::string_view kind) override { ++restarts[std::string{kind}]; }
  void breaker_changed(std::string_view, int state) override { breaker.push_back(state); }
  void operation_settled(std::string_view kind, std::string_view, std::string_view outcome,
                         Duration) override {
    ++settled[std::string{kind} + ":" + std::string{outcome}];
    if (throw_on_settled > 0 && throw_on_settled-- > 0) throw std::runtime_error("told to fail");
  }
  void payment_moved(std::string_view, std::string_view) override {
    if (throw_on_moved > 0 && throw_on_moved-- > 0) throw std::runtime_error("told to fail");
  }
  void provider_called(std::string_view, std::string_view, std::string_view, Duration) override {
    ++calls;
    if (throw_on_called > 0 && throw_on_called-- > 0) throw std::runtime_error("told to fail");
  }
  void queue_depth(std::string_view queue, std::size_t) override {
    if (queue == "timers_due" && throw_on_poll > 0 && throw_on_poll-- > 0) {
      throw std::runtime_error("told to fail");
    }
  }
  void journal_committed(std::size_t appends, Duration, bool ok) override {
    if (ok) committed += appends;
    if (throw_on_committed > 0 && throw_on_committed-- > 0)
      throw std::runtime_error("told to fail");
  }

  void timer_fired(std::string_view kind, Duration late) override {
    timers.emplace_back(std::string{kind}, late);
  }
  void failed_over(std::string_view from, std::string_view to) override {
    failovers.push_back(std::string{from} + " " + std::string{to});
  }
  void late_success(std::string_view provider) override { late.emplace_back(provider); }
  void unknown_resolved(std::string_view, std::string_view how, Duration unknown_for) override {
    resolved.emplace_back(std::string{how}, unknown_for);
  }
  void tasks_open(std::ptrdiff_t change) override { tasks += change; }
  void intent_queued(Duration queued) override { queued_for.push_back(queued); }
  void webhook_received(std::string_view, std::string_view outcome) override {
    ++webhooks[std::string{outcome}];
    if (throw_on_webhook > 0 && throw_on_webhook-- > 0) throw std::runtime_error("told to fail");
  }
  void webhook_settled(std::string_view, std::string_view status, Duration) override {
    ++settled_webhooks[std::string{status}];
  }

  std::vector<std::pair<std::string, Duration>> timers{};    // kind, lateness
  std::vector<std::pair<std::string, Duration>> resolved{};  // how, unknown for so long
  std::vector<std::string> failovers{};                      // "from to"
  std::vector<std::string> late{};                           // the provider that told
  std::vector<Duration> queued_for{};
  std::ptrdiff_t tasks = 0;
  std::map<std::string, int> webhooks{};
  std::map<std::string, int> settled_webhooks{};
  std::map<std::string, std::ptrdiff_t> live{};
  std::map<std::string, int> restarts{};
  std::map<std::string, int> settled{};
  std::vector<int> breaker{};
  std::size_t committed = 0;
  int calls = 0;
  // The actors that tell these things fail: the payment's, the provider's, the scheduler's.
  int throw_on_settled = 0;
  int throw_on_moved = 0;
  int throw_on_called = 0;
  int throw_on_poll = 0;
  int throw_on_committed = 0;
  int throw_on_webhook = 0;
};

class ActorWorld {
 public:
  using Adjust = std::function<void(actors::RuntimeParams&)>;
  explicit ActorWorld(std::uint64_t seed = 1, Adjust adjust = {});
  ~ActorWorld();
  ActorWorld(const ActorWorld&) = delete;
  ActorWorld& operator=(const ActorWorld&) = delete;

  // --- the world ---------------------------------------------------------------------------------
  bool step();
  void settle();  // until nobody can run without time passing
  void pass(std::chrono::milliseconds time);
  [[nodiscard]] TimePoint now();
  /// All actors die between two steps; then the tree starts again over the same store.
  void crash();
  void start();
  void stop_politely();
  std::function<void()> on_stop_step{};

  // --- requests ----------------------------------------------------------------------------------
  AskedPtr perform(const PaymentId& id, payment::Command command, std::string key = "",
                   std::string fingerprint = "", TenantId tenant = default_tenant(),
                   std::string request_id = "req_test");
  /// A create with a fresh id. `adjust` changes the details.
  struct Created {
    PaymentId id;
    AskedPtr asked;
  };
  Created create(payment::CaptureMethod capture = payment::CaptureMethod::automatic,
                 std::string key = "", std::string fingerprint = "",
                 std::function<void(payment::Details&)> adjust = {});
  /// Creates a payment and lets it come to its end.
  PaymentId authorized();
  PaymentId captured();
  payment::Capture capture(std::optional<std::int64_t> minor = std::nullopt);
  payment::Refund refund(std::optional<std::int64_t> minor = std::nullopt);
  payment::Cancel cancel();

  // --- webhooks ----------------------------------------------------------------------------------
  TakenPtr webhook(http::Request request, const std::string& provider = "stub",
                   bool vouched = false);
  /// A signed one; see scripted_webhook.
  TakenPtr webhook(const std::string& event, const std::string& type, const PaymentId& payment);
  actors::WebhooksReplayed replay(std::vector<WebhookId> ids,
                                  storage::WebhookQuery filter = {default_tenant()});
  /// What is kept of a provider's event.
  [[nodiscard]] std::optional<storage::WebhookRow> stored_webhook(const std::string& event);
  [[nodiscard]] std::string webhook_status(const std::string& event);
  /// The wall clock is moved; the actor clock goes on as before.
  void jump(Duration by) { wall_offset_ += by; }

  // --- what one can look at
  // ------------------------------------------------------------------------
  [[nodiscard]] std::string status(const PaymentId& id);
  [[nodiscard]] storage::Reader& reader() { return *reader_; }
  [[nodiscard]] actors::SupervisionNode tree();
  [[nodiscard]] actors::ProviderHealth health(const std::string& name = "stub");
  [[nodiscard]] std::ptrdiff_t live_payments() { return telemetry->live["payment"]; }
  /// Every event stream is gapless, the ledger balances, no operation has two effects.
  void check_invariants();

  caf::actor_system& system() { return *system_; }
  caf::scheduler::test_coordinator& scheduler();

  std::shared_ptr<storage::Store> memory;
  std::shared_ptr<StoreFaults> faults = std::make_shared<StoreFaults>();
  std::shared_ptr<ScriptedProvider> wire;
  std::shared_ptr<Counting> telemetry = std::make_shared<Counting>();
  std::unique_ptr<actors::Runtime> runtime;
  std::vector<std::string> escalations{};
  std::mt19937_64 rng;
  std::string frozen{};  // actors of this kind get no time
  bool shuffle = true;   // false: actors run in the order in which they became runnable

 private:
  template <class Result, class Actor, class Message>
  Result query(const Actor& actor, Message message);

  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  Adjust adjust_;
  std::unique_ptr<storage::Reader> reader_;
  caf::actor clockwork_;
  std::vector<PaymentId> payments_{};
  Duration wall_offset_{};
};

}  // namespace cambist::test
