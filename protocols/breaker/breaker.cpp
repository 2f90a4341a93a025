#include "protocols/breaker/breaker.hpp"

#include <algorithm>

#include "protocols/retry/schedule.hpp"

namespace cambist::breaker {
namespace {

// Buckets are whole seconds: one that began before the window's start is out, even if part of it is
// inside.
void forget_old(Breaker& breaker, const Policy& policy, TimePoint now) {
  while (!breaker.window.empty() && breaker.window.front().second <= now - policy.window) {
    breaker.window.pop_front();
  }
}

void count(Breaker& breaker, const Policy& policy, bool outage, TimePoint now) {
  forget_old(breaker, policy, now);
  const TimePoint second = std::chrono::floor<std::chrono::seconds>(now);
  // A clock that was set back adds to the newest bucket, so that the window stays sorted and
  // bounded.
  if (breaker.window.empty() || breaker.window.back().second < second)
    breaker.window.push_back({second, 0, 0});
  ++breaker.window.back().calls;
  if (outage) {
    ++breaker.window.back().failures;
    ++breaker.consecutive_failures;
  } else {
    breaker.consecutive_failures = 0;
  }
}

bool tripped(const Breaker& breaker, const Policy& policy) {
  if (breaker.consecutive_failures >= policy.consecutive_failures_max) return true;
  std::uint64_t calls = 0;
  std::uint64_t failures = 0;
  for (const auto& bucket : breaker.window) {
    calls += bucket.calls;
    failures += bucket.failures;
  }
  return calls > 0 && calls >= policy.window_calls_min &&
         static_cast<double>(failures) >= policy.window_failure_ratio * static_cast<double>(calls);
}

void open(Breaker& breaker, const Policy& policy, TimePoint now, double roll) {
  Duration open_for = policy.open_min;
  for (std::uint32_t i = 0; i < breaker.openings && open_for < policy.open_max; ++i) open_for *= 2;
  breaker.state = State::open;
  breaker.open_until = now + retry::jittered(std::min(open_for, policy.open_max), roll);
  ++breaker.openings;
  breaker.consecutive_failures = 0;
  breaker.window.clear();
  breaker.probes_allowed = breaker.probes_running = breaker.probes_succeeded = 0;
}

Breaker closed(std::uint32_t generation) {
  Breaker breaker;
  breaker.generation = generation;
  return breaker;
}

bool is_old(const Breaker& breaker, std::optional<std::uint32_t> generation) noexcept {
  return generation && *generation != breaker.generation;
}

std::uint32_t first_stage(const Policy& policy) {
  return std::max(policy.probes_first, 1U);
}

void settle_probe(Breaker& breaker, const Policy& policy, bool outage, TimePoint now, double roll) {
  if (breaker.probes_running == 0) return;  // a probe of an earlier half-open time
  --breaker.probes_running;
  if (outage) return open(breaker, policy, now, roll);
  ++breaker.probes_succeeded;
  if (breaker.probes_succeeded >= first_stage(policy) + policy.probes_then) {
    breaker = closed(breaker.generation);
  } else if (breaker.probes_succeeded >= first_stage(policy)) {
    breaker.probes_allowed = first_stage(policy) + policy.probes_then;
  }
}

}  // namespace

std::string_view to_string(State state) noexcept {
  switch (state) {
    case State::closed:
      return "closed";
    case State::half_open:
      return "half_open";
    case State::open:
      return "open";
  }
  return "unknown";
}

Admission admit(Breaker breaker, const Policy& policy, TimePoint now) {
  const std::uint32_t generation = breaker.generation;
  if (breaker.state == State::closed) return {std::move(breaker), true, false, generation};
  if (breaker.state == State::open) {
    if (is_shut(breaker, now)) return {std::move(breaker), false, false, generation};
    breaker.state = State::half_open;
    breaker.probes_allowed = first_stage(policy);
  }
  if (breaker.probes_running + breaker.probes_succeeded >= breaker.probes_allowed) {
    return {std::move(breaker), false, false, generation};
  }
  ++breaker.probes_running;
  return {std::move(breaker), true, true, generation};
}

Breaker settle(Breaker breaker, const Policy& policy, bool outage, bool probe, TimePoint now,
               double roll, std::optional<std::uint32_t> generation) {
  if (is_old(breaker, generation)) return breaker;
  if (breaker.state == State::closed) {
    // A probe can end here too: another one has closed the breaker before it. It counts like any
    // call.
    count(breaker, policy, outage, now);
    if (tripped(breaker, policy)) open(breaker, policy, now, roll);
  } else if (breaker.state == State::half_open && probe) {
    settle_probe(breaker, policy, outage, now, roll);
  }
  // Else the call was admitted before the breaker opened: old news, which must neither close nor
  // extend it.
  return breaker;
}

Breaker settle_refused(Breaker breaker, const Policy& policy, bool probe, TimePoint now,
                       double roll, std::optional<std::uint32_t> generation) {
  if (is_old(breaker, generation) || is_shut(breaker, now)) return breaker;
  if (breaker.state == State::closed || probe) open(breaker, policy, now, roll);
  return breaker;
}

Breaker release(Breaker breaker, bool probe, std::optional<std::uint32_t> generation) {
  if (is_old(breaker, generation)) return breaker;
  if (probe && breaker.state == State::half_open && breaker.probes_running > 0)
    --breaker.probes_running;
  return breaker;
}

bool is_shut(const Breaker& breaker, TimePoint now) noexcept {
  return breaker.state == State::open && (breaker.held || now < breaker.open_until);
}

Breaker trip(Breaker breaker, const Policy& policy, TimePoint now, double roll) {
  if (breaker.held) return breaker;
  // Its time starts over, but is no longer for having been asked twice.
  if (breaker.state == State::open && breaker.openings > 0) --breaker.openings;
  open(breaker, policy, now, roll);
  return breaker;
}

Breaker hold(Breaker breaker) {
  // Nothing of before is kept: only a reset ends it, and that forgets everything anyway.
  breaker = closed(breaker.generation);
  breaker.state = State::open;
  breaker.held = true;
  return breaker;
}

Breaker reset(const Breaker& breaker) {
  return closed(breaker.generation + 1);
}

}  // namespace cambist::breaker
