#include "actors/provider/breaker_view.hpp"

#include <algorithm>
#include <cstdint>

namespace cambist::actors::account {

bool may_be_down(const breaker::Breaker& breaker, const breaker::Policy& policy, TimePoint now) {
  if (breaker.state != breaker::State::closed || breaker.consecutive_failures > 0) return true;
  std::uint64_t calls = 0;
  std::uint64_t failures = 0;
  for (const auto& bucket : breaker.window) {
    if (bucket.second <= now - policy.window) continue;
    calls += bucket.calls;
    failures += bucket.failures;
  }
  return failures > 0 && failures * 10 >= calls;
}

const char* mark_of(breaker::State before, breaker::State after, bool probe) {
  if (after != before) return after == breaker::State::open ? "opened" : "closed";
  return probe ? "probe" : "";
}

std::chrono::seconds shut_for(const breaker::Breaker& breaker, const breaker::Policy& policy,
                              TimePoint now) {
  // Nobody knows when one that is held is reset.
  const Duration left = breaker.held ? policy.open_min : Duration{breaker.open_until - now};
  return std::max(std::chrono::ceil<std::chrono::seconds>(left), std::chrono::seconds{1});
}

}  // namespace cambist::actors::account
