// What operators do to a breaker, and that nothing late undoes it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "protocols/breaker/breaker.hpp"

namespace cambist::breaker {
namespace {

using namespace std::chrono_literals;

constexpr double middle = 0.5;  // no jitter
const Policy policy{};
constexpr auto start = TimePoint{1'700'000'000s};

Breaker failed(Breaker breaker, int times, TimePoint now = start,
               std::optional<std::uint32_t> generation = {}) {
  for (int i = 0; i < times; ++i) {
    breaker = settle(std::move(breaker), policy, true, false, now, middle, generation);
  }
  return breaker;
}

Breaker half_open() {
  auto admission = admit(trip({}, policy, start, middle), policy, start + 60s);
  EXPECT_TRUE(admission.probe);
  return admission.breaker;
}

Breaker answered(Breaker breaker, bool outage, bool probe, TimePoint now = start + 60s) {
  return settle(std::move(breaker), policy, outage, probe, now, middle);
}

TEST(BreakerTrip, OpensNowAndHealsByItself) {
  auto breaker = trip({}, policy, start, middle);
  EXPECT_EQ(breaker.state, State::open);
  EXPECT_EQ(breaker.open_until, start + 60s);
  EXPECT_FALSE(admit(breaker, policy, start + 59s).admitted);
  for (int i = 0; i < 4; ++i) {
    const auto admission = admit(breaker, policy, start + 60s);
    ASSERT_TRUE(admission.probe) << i;
    breaker = answered(admission.breaker, false, true);
  }
  EXPECT_EQ(breaker.state, State::closed);
  EXPECT_FALSE(breaker.held);
}

TEST(BreakerTrip, JittersItsTimeLikeAnyOpening) {
  EXPECT_EQ(trip({}, policy, start, 0.0).open_until, start + 54s);
}

TEST(BreakerTrip, StartsTheTimeOfAnOpenOneOverWithoutDoublingIt) {
  auto breaker = failed({}, 5);
  breaker = trip(std::move(breaker), policy, start + 30s, middle);
  EXPECT_EQ(breaker.open_until, start + 90s);
  breaker = trip(std::move(breaker), policy, start + 40s, middle);
  EXPECT_EQ(breaker.open_until, start + 100s);
  EXPECT_EQ(breaker.openings, 1U);
}

TEST(BreakerTrip, EndsAHalfOpenTime) {
  auto breaker = trip(half_open(), policy, start + 60s, middle);
  EXPECT_EQ(breaker.state, State::open);
  EXPECT_EQ(breaker.open_until, start + 60s + 120s);
  breaker = answered(std::move(breaker), false, true);  // the probe that was on its way
  EXPECT_EQ(breaker.state, State::open);
}

TEST(BreakerTrip, OfOneThatIsHeldLeavesItHeld) {
  const auto breaker = trip(hold({}), policy, start, middle);
  EXPECT_TRUE(breaker.held);
  EXPECT_FALSE(admit(breaker, policy, start + 24h * 365).admitted);
}

TEST(BreakerHold, NoTimeEndsIt) {
  for (auto breaker : {hold({}), hold(failed({}, 5)), hold(half_open())}) {
    EXPECT_EQ(breaker.state, State::open);
    for (const auto wait : {0h, 1h, 24h, 24h * 3650}) {
      const auto admission = admit(breaker, policy, start + wait);
      EXPECT_FALSE(admission.admitted);
      EXPECT_EQ(admission.breaker.state, State::open);
      EXPECT_TRUE(admission.breaker.held);
      EXPECT_TRUE(is_shut(breaker, start + wait));
      breaker = admission.breaker;
    }
  }
}

TEST(BreakerHold, NothingLateClosesIt) {
  auto breaker = hold(half_open());
  for (int i = 0; i < 20; ++i) {
    for (const bool outage : {true, false}) {
      for (const bool probe : {true, false}) {
        breaker = release(answered(std::move(breaker), outage, probe), probe);
        ASSERT_TRUE(breaker.held);
        ASSERT_EQ(breaker.state, State::open);
        ASSERT_FALSE(admit(breaker, policy, start + 24h).admitted);
      }
    }
  }
}

TEST(BreakerReset, ClosesWhateverItWas) {
  for (const auto& breaker : {Breaker{}, failed({}, 4), failed({}, 5), half_open(), hold({}),
                              trip({}, policy, start, middle)}) {
    const auto now = reset(breaker);
    EXPECT_EQ(now.state, State::closed);
    EXPECT_FALSE(now.held);
    EXPECT_FALSE(is_shut(now, start));
    EXPECT_EQ(now.consecutive_failures, 0U);
    EXPECT_TRUE(now.window.empty());
    EXPECT_EQ(now.openings, 0U);
    EXPECT_TRUE(admit(now, policy, start).admitted);
    EXPECT_EQ(failed(now, 4).state, State::closed);
    EXPECT_EQ(failed(now, 5).open_until, start + 60s);  // the shortest time again
  }
}

// The timeouts of an outage come in after the operator has reset the breaker.
TEST(BreakerReset, CallsFromBeforeItTellNothing) {
  const auto old = admit({}, policy, start);
  auto breaker = reset(failed(old.breaker, 5));
  breaker = failed(std::move(breaker), 100, start, old.generation);
  EXPECT_EQ(breaker.state, State::closed);
  EXPECT_TRUE(breaker.window.empty());
  // Those from after it do, and a success from before does not break their row.
  const auto fresh = admit(breaker, policy, start);
  breaker = failed(fresh.breaker, 4, start, fresh.generation);
  breaker = settle(std::move(breaker), policy, false, false, start, middle, old.generation);
  EXPECT_EQ(failed(std::move(breaker), 1, start, fresh.generation).state, State::open);
}

TEST(BreakerReset, AProbeFromBeforeItMakesNoRoomAndCountsForNone) {
  const auto before = half_open();
  auto breaker = trip(reset(before), policy, start + 60s, middle);
  breaker = admit(std::move(breaker), policy, start + 120s).breaker;
  ASSERT_EQ(breaker.probes_running, 1U);
  breaker = release(std::move(breaker), true, before.generation);
  breaker = settle(std::move(breaker), policy, false, true, start, middle, before.generation);
  breaker = settle(std::move(breaker), policy, true, true, start, middle, before.generation);
  EXPECT_EQ(breaker.state, State::half_open);
  EXPECT_EQ(breaker.probes_running, 1U);
  EXPECT_EQ(breaker.probes_succeeded, 0U);
}

TEST(BreakerReset, ClosingByItselfKeepsTheGeneration) {
  auto breaker = trip(reset({}), policy, start, middle);
  for (int i = 0; i < 4; ++i) {
    breaker = answered(admit(breaker, policy, start + 60s).breaker, false, true);
  }
  EXPECT_EQ(breaker.state, State::closed);
  EXPECT_EQ(breaker.generation, 1U);
}

RC_GTEST_PROP(BreakerOperators, AHoldEndsByAResetOnlyAndAResetAlwaysCloses, ()) {
  Breaker breaker;
  TimePoint now = start;
  std::vector<Admission> running;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 9));
  for (const int step : steps) {
    const bool was_held = breaker.held;
    if (step < 3) {
      auto admission = admit(breaker, policy, now);
      RC_ASSERT(!(was_held && admission.admitted));
      RC_ASSERT(admission.admitted || breaker.state != State::closed);
      RC_ASSERT(!(is_shut(breaker, now) && admission.admitted));
      breaker = admission.breaker;
      if (admission.admitted) running.push_back(std::move(admission));
    } else if (step < 5 && !running.empty()) {
      const auto call = running.back();
      running.pop_back();
      breaker = step == 3 ? settle(breaker, policy, true, call.probe, now, middle, call.generation)
                          : release(breaker, call.probe, call.generation);
    } else if (step == 6) {
      breaker = trip(breaker, policy, now, middle);
      RC_ASSERT(is_shut(breaker, now));
    } else if (step == 7) {
      breaker = hold(breaker);
    } else if (step == 8) {
      breaker = reset(breaker);
      RC_ASSERT(breaker.state == State::closed && !breaker.held);
    } else {
      now += 31s;
    }
    RC_ASSERT(!breaker.held || breaker.state == State::open);
    RC_ASSERT(!was_held || breaker.held || step == 8);
    RC_ASSERT(breaker.probes_running <= 3U);
  }
}

Breaker refused(Breaker breaker, bool probe, TimePoint now,
                std::optional<std::uint32_t> generation = {}) {
  return settle_refused(std::move(breaker), policy, probe, now, middle, generation);
}

TEST(BreakerRefused, OpensAtOnceAndHealsByAProbe) {
  auto breaker = refused({}, false, start);
  EXPECT_EQ(breaker.state, State::open);
  EXPECT_EQ(breaker.open_until, start + 60s);
  for (int i = 0; i < 4; ++i) {
    auto admission = admit(breaker, policy, start + 60s);
    ASSERT_TRUE(admission.admitted && admission.probe);
    breaker = answered(std::move(admission.breaker), false, true);
  }
  EXPECT_EQ(breaker.state, State::closed);
}

TEST(BreakerRefused, AProbeThatIsRefusedOpensItForLonger) {
  const auto again =
      refused(admit(refused({}, false, start), policy, start + 60s).breaker, true, start + 60s);
  EXPECT_EQ(again.state, State::open);
  EXPECT_EQ(again.open_until, start + 60s + 120s);
  // What is asked beside the calls counts although no call was let through.
  EXPECT_EQ(refused(refused({}, false, start), true, start + 60s).open_until, start + 180s);
}

TEST(BreakerRefused, OldNewsNeitherOpensNorExtends) {
  const auto open = refused({}, false, start);
  EXPECT_EQ(refused(open, false, start + 30s).open_until, start + 60s);
  EXPECT_EQ(refused(open, true, start + 30s).open_until, start + 60s);
  EXPECT_EQ(refused(half_open(), false, start + 60s).state, State::half_open);
  const auto fresh = reset(open);
  EXPECT_EQ(refused(fresh, false, start, fresh.generation - 1).state, State::closed);
  EXPECT_EQ(refused(fresh, false, start, fresh.generation).state, State::open);
}

TEST(BreakerRefused, WhatIsHeldStaysHeld) {
  const auto held = refused(hold({}), true, start);
  EXPECT_TRUE(held.held && held.state == State::open);
}

}  // namespace
}  // namespace cambist::breaker
