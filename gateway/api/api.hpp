// The public API as one object: main gives it the bridge, the keys and the limits, and gets what
// the server needs.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/api/queue_gate.hpp"
#include "gateway/api/rate_limit.hpp"
#include "gateway/auth.hpp"
#include "gateway/bridge.hpp"
#include "gateway/inbound/server.hpp"
#include "gateway/metrics.hpp"
#include "gateway/timers.hpp"
#include "protocols/core/time.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::gateway {

/// Source: README.md, decision 3.
struct Rates {
  Rate writes{5'000, 10'000};   // per tenant
  Rate reads{20'000, 40'000};   // per tenant
  Rate strangers{20, 100};      // per address, for requests without a valid key
  Rate webhooks{2'000, 8'000};  // per provider: its webhooks come from few addresses, in bursts
};

/// Shape: `providers` are the enabled ones, the default first. `now` and `random` are called from
/// any thread.
struct ApiParams {
  std::shared_ptr<Bridge> bridge;
  std::shared_ptr<Metrics> metrics;
  std::shared_ptr<Timers> timers;
  std::vector<storage::ApiKeyRow> keys;
  std::vector<std::string> providers;
  /// Those that take no payment: {name, why}, where nothing says why one is only switched off.
  std::vector<std::pair<std::string, std::string>> providers_off{};
  // The providers' adapters, for the statements that some give out.
  std::map<std::string, std::shared_ptr<const provider::Adapter>, std::less<>> adapters{};
  Rates rates{};
  // A command waits so long for its payment, which answers 202 before that.
  std::chrono::milliseconds request_deadline{11'000};
  std::chrono::milliseconds read_deadline{3'000};
  // An endpoint's test waits for the endpoint; a little longer than one attempt may take.
  std::chrono::milliseconds endpoint_deadline{12'000};
  std::chrono::milliseconds webhook_deadline{5'000};  // below what providers wait: 10 s and more
  std::uint32_t in_flight_max = 4'096;
  bool allow_loopback = false;         // merchants' endpoints on this machine: development only
  std::shared_ptr<QueueGate> queue{};  // nullptr: one of its own, that hears of nothing
  Clock now;
  Random random;
  std::function<std::chrono::nanoseconds()> ticks;  // monotonic; empty: the steady clock
};

class Api {
 public:
  explicit Api(ApiParams params);
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;
  ~Api();

  /// All of them stay valid after the Api is gone.
  [[nodiscard]] inbound::Handler handler() const;
  [[nodiscard]] inbound::Refusal refusal() const;
  /// Which requests may bring a large body: a bank's statement, from somebody with a key.
  [[nodiscard]] std::function<bool(const http::Head&)> large_bodies() const;
  /// From now on /readyz answers 503, so that no new client comes.
  void drain() noexcept;

 private:
  std::shared_ptr<struct Core> core_;
};

}  // namespace cambist::gateway
