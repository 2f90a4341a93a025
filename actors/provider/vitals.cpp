#include "actors/provider/vitals.hpp"

namespace cambist::actors::account {

void Vitals::set(const breaker::Breaker& breaker, const Load& load) {
  std::uint32_t calls = 0;
  std::uint32_t failures = 0;
  for (const auto& bucket : breaker.window) {
    calls += bucket.calls;
    failures += bucket.failures;
  }
  const std::lock_guard lock{mutex_};
  moving_.breaker = breaker::to_string(breaker.state);
  moving_.held = breaker.held;
  moving_.open_until.reset();
  if (breaker.state == breaker::State::open && !breaker.held)
    moving_.open_until = breaker.open_until;
  moving_.consecutive_failures = breaker.consecutive_failures;
  moving_.window_calls = calls;
  moving_.window_failures = failures;
  moving_.in_flight = load.in_flight;
  moving_.queued = load.queued;
  moving_.queue_ms = static_cast<std::uint32_t>(load.wait.count());
  moving_.credentials_refused = load.credentials_refused;
  busy_ = load.busy;
}

void Vitals::read(ProviderHealth& health) const {
  const std::lock_guard lock{mutex_};
  health.breaker = moving_.breaker.empty() ? "closed" : moving_.breaker;
  health.held = moving_.held;
  health.open_until = moving_.open_until;
  health.consecutive_failures = moving_.consecutive_failures;
  health.window_calls = moving_.window_calls;
  health.window_failures = moving_.window_failures;
  health.in_flight = moving_.in_flight;
  health.queued = moving_.queued;
  health.queue_ms = moving_.queue_ms;
  health.credentials_refused = moving_.credentials_refused;
}

std::optional<std::chrono::seconds> Vitals::busy() const {
  const std::lock_guard lock{mutex_};
  return busy_;
}

}  // namespace cambist::actors::account
