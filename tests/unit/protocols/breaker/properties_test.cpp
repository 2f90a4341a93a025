// Any policy and any order of calls: what a breaker promises whatever it is set to.
#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "protocols/breaker/breaker.hpp"

namespace cambist::breaker {
namespace {

using namespace std::chrono_literals;

constexpr auto start = TimePoint{1'700'000'000s};

Policy any_policy() {
  Policy policy;
  policy.consecutive_failures_max = *rc::gen::inRange(1U, 12U);
  policy.window_calls_min = *rc::gen::inRange(1U, 40U);
  policy.window_failure_ratio = *rc::gen::inRange(1, 101) / 100.0;
  policy.open_min = std::chrono::seconds{*rc::gen::inRange(1, 100)};
  policy.open_max = policy.open_min + std::chrono::seconds{*rc::gen::inRange(0, 1'000)};
  policy.probes_first = *rc::gen::inRange(1U, 5U);
  policy.probes_then = *rc::gen::inRange(0U, 5U);
  return policy;
}

double any_roll() {
  return *rc::gen::inRange(0, 1'000'000) / 1e6;
}

// A decline is a success of the provider, and so is every other answer that is no outage.
RC_GTEST_PROP(BreakerProperties, WithoutAnOutageItNeverOpens, ()) {
  const Policy policy = any_policy();
  Breaker breaker;
  TimePoint now = start;
  const int calls = *rc::gen::inRange(1, 200);
  for (int i = 0; i < calls; ++i) {
    now += Duration{*rc::gen::element<std::int64_t>(0, 1'000, 900'000, 20'000'000)};
    auto admission = admit(std::move(breaker), policy, now);
    RC_ASSERT(admission.admitted && !admission.probe);
    breaker = settle(std::move(admission.breaker), policy, false, false, now, any_roll());
    RC_ASSERT(breaker.state == State::closed);
  }
}

RC_GTEST_PROP(BreakerProperties, OpensAtTheConfiguredRowAndNotBefore, ()) {
  Policy policy = any_policy();
  policy.window_calls_min = 1'000;  // the ratio has no say here
  Breaker breaker;
  const auto good = *rc::gen::inRange(0, 30);
  for (int i = 0; i < good; ++i) breaker = settle(breaker, policy, false, false, start, any_roll());
  for (std::uint32_t i = 0; i < policy.consecutive_failures_max; ++i) {
    RC_ASSERT(breaker.state == State::closed);
    breaker = settle(std::move(breaker), policy, true, false, start, any_roll());
  }
  RC_ASSERT(breaker.state == State::open);
  RC_ASSERT(breaker.open_until >= start + policy.open_min * 9 / 10 - Duration{1});
  RC_ASSERT(breaker.open_until <= start + policy.open_min * 11 / 10);
}

// The first stage lets its probes through, the second its own, and all of them may run at a time.
RC_GTEST_PROP(BreakerProperties, HalfOpenLetsNoMoreThroughThanItsProbes, ()) {
  const Policy policy = any_policy();
  Breaker breaker = trip({}, policy, start, any_roll());
  TimePoint now = breaker.open_until;
  std::uint32_t running = 0;
  std::uint32_t succeeded = 0;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8));
  for (const int step : steps) {
    if (step < 5) {
      auto admission = admit(std::move(breaker), policy, now);
      breaker = std::move(admission.breaker);
      if (!admission.admitted) continue;
      RC_ASSERT(admission.probe);
      ++running;
      const auto allowed =
          policy.probes_first + (succeeded >= policy.probes_first ? policy.probes_then : 0);
      RC_ASSERT(running + succeeded <= allowed);
    } else if (running > 0) {
      --running;
      if (step == 5) {
        breaker = release(std::move(breaker), true);
        continue;
      }
      breaker = settle(std::move(breaker), policy, false, true, now, any_roll());
      ++succeeded;
      const bool enough = succeeded >= policy.probes_first + policy.probes_then;
      RC_ASSERT(breaker.state == (enough ? State::closed : State::half_open));
      if (enough) return;
    }
  }
}

RC_GTEST_PROP(BreakerProperties, IsShutSaysWhatAdmitWouldDo, ()) {
  const Policy policy = any_policy();
  Breaker breaker;
  TimePoint now = start;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 10));
  for (const int step : steps) {
    now += Duration{*rc::gen::element<std::int64_t>(0, 1'000'000, 60'000'000)};
    const auto admission = admit(breaker, policy, now);
    if (is_shut(breaker, now)) RC_ASSERT(!admission.admitted);
    if (breaker.state == State::open && !is_shut(breaker, now)) RC_ASSERT(admission.probe);
    RC_ASSERT(breaker.open_until <= now + policy.open_max * 11 / 10);
    if (admission.admitted)
      breaker = settle(admission.breaker, policy, step < 7, admission.probe, now, any_roll(),
                       admission.generation);
  }
}

}  // namespace
}  // namespace cambist::breaker
