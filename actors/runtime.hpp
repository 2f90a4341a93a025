// The whole supervision tree as one object: what main starts and stops, and what the gateway talks
// to.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>

#include "actors/messages.hpp"
#include "actors/ports.hpp"
#include "actors/supervision/restart.hpp"
#include "protocols/breaker/breaker.hpp"
#include "protocols/payment/machine.hpp"
#include "protocols/retry/budget.hpp"
#include "protocols/routing/plan.hpp"
#include "storage/store.hpp"

namespace cambist::actors {

/// One provider account and its limits. Every value is a setting.
struct ProviderParams {
  std::shared_ptr<const provider::Adapter> adapter;
  breaker::Policy breaker;
  retry::BudgetPolicy budget;  // for repeats and inquiries
  std::chrono::milliseconds call_timeout{8'000};
  std::uint32_t in_flight_max = 64;  // bulkhead
  std::uint32_t queued_max = 1'024;  // waiting for a slot; over it: Refused "bulkhead_full"
  // A call that has waited so long is refused, and while none gets through in less, new ones are
  // refused at once.
  std::chrono::milliseconds queue_time_max{1'000};
  double rate_limit_per_s = 0;  // 0: none
};

/// How events go out to merchants' endpoints.
struct OutboxParams {
  std::size_t concurrency = 8;  // attempts under way per endpoint, of different payments
  std::size_t window = 256;     // events read and not done per endpoint
  std::chrono::milliseconds timeout{15'000};
  std::chrono::milliseconds poll{250};  // how often an idle outbox is looked at
  std::chrono::milliseconds store_timeout{10'000};
  std::size_t endpoints_per_tenant_max = 100;  // over it: overloaded
  std::size_t endpoints_max = 10'000;
};

/// How webhooks of providers are worked on.
struct WebhookParams {
  std::size_t intake_max = 1'024;  // per provider, not answered yet; over it: overloaded
  std::size_t queue_max = 1'024;   // per provider, in memory; the rest waits in the store
  std::size_t in_flight_max = 64;  // payments of a provider that work on a webhook at once
  std::chrono::milliseconds deliver_max{30'000};  // a payment's time for one webhook
  std::vector<Duration> retry_delays{std::chrono::minutes{1}, std::chrono::minutes{2},
                                     std::chrono::minutes{4}, std::chrono::minutes{8},
                                     std::chrono::minutes{16}};
  int retry_jitter_percent = 25;
  int attempts_max = 5;  // then it is a dead letter
};

struct RuntimeParams {
  std::shared_ptr<storage::Store> store;
  std::map<std::string, ProviderParams> providers;
  // Which payments each provider takes; of one that is not named here: all that its adapter can.
  std::vector<routing::Account> accounts;
  std::shared_ptr<HttpClient> http;
  std::shared_ptr<HttpClient> merchant_http;  // for merchants' endpoints: behind the SSRF guard
  std::shared_ptr<Telemetry> telemetry = std::make_shared<Telemetry>();
  OutboxParams outbox;
  Clock now;  // this and `random` are called from many threads at once
  Random random;
  payment::Policy policy;
  Duration key_lifetime = std::chrono::hours{24 * 7};
  std::chrono::milliseconds idle_max{5'000};          // then a payment actor is passivated
  std::chrono::milliseconds settled_idle_max{1'000};  // or so soon, when all its money has moved
  std::uint32_t live_payments_max = 100'000;          // over it: overloaded
  std::size_t journal_batch_max = 256;
  std::size_t journal_queue_max = 20'000;
  std::chrono::milliseconds journal_timeout{10'000};
  // Together, and with one more examination, under the 2 s in which /readyz must tell.
  std::chrono::milliseconds store_examine_every{500};
  std::chrono::milliseconds store_stuck_after{1'000};
  // The queue time of the journal's latest batch, for whoever admits requests.
  std::shared_ptr<std::atomic<std::int64_t>> journal_queue_us =
      std::make_shared<std::atomic<std::int64_t>>(0);
  WebhookParams webhooks;
  std::chrono::milliseconds timer_poll{500};
  int readers = 2;
  bool detached = true;  // false: all actors on the scheduler (tests, simulation)
  // A request that waits for its verdict so long, from its arrival on, is answered 202; below the
  // gateway's own deadline, which cannot know what becomes of the key.
  std::chrono::milliseconds reply_max{10'000};
  supervision::RestartPolicy restart;
  // Running calls get so long to end when the runtime stops; then they are left to the next start.
  std::chrono::milliseconds stop_deadline{10'000};
  // A failure that no restart mends: the tree has begun to stop, the process should end with an
  // error. Called from an actor; must not block.
  std::function<void(const std::string& reason)> on_escalation{};
  // What stop() does while it waits; empty: it blocks. The simulation steps its scheduler here.
  std::function<void()> while_stopping{};
};

/// Handles stay valid over restarts of what stands behind them.
class Runtime {
 public:
  /// Spawns the tree: journal, readers, providers, payments, webhooks, scheduler; wakes the open
  /// payments.
  Runtime(caf::actor_system& system, RuntimeParams params);
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;
  ~Runtime();

  [[nodiscard]] const payments_actor& payments() const noexcept;
  [[nodiscard]] const reader_actor& reader() const noexcept;
  [[nodiscard]] const providers_actor& providers() const noexcept;
  [[nodiscard]] const supervision_actor& supervision() const noexcept;
  [[nodiscard]] const webhooks_actor& webhooks() const noexcept;
  [[nodiscard]] const outbox_actor& outbox() const noexcept;
  /// Set when a new call to this provider would not be made in time: refuse the command before
  /// anything is written, with this Retry-After. Any thread; costs a lock and no message.
  [[nodiscard]] std::optional<std::chrono::seconds> provider_busy(const std::string& name) const;
  /// Which provider a payment would go to now, which ones come next, and why. Any thread; nothing
  /// is begun.
  [[nodiscard]] routing::Plan route(const payment::Create& wish) const;
  /// Whether the store can be written, by its last word and by how long it has been silent. Any
  /// thread.
  [[nodiscard]] bool journal_healthy() const;

  /// Stops what brings work first (timers, webhooks), then payments, then providers, then the
  /// journal once all it was given is durable.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cambist::actors
