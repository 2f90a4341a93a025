// What the provider actor reads off its breaker.
#include "actors/provider/breaker_view.hpp"

#include <gtest/gtest.h>

namespace cambist::actors::account {
namespace {

using namespace std::chrono_literals;
using breaker::State;

const TimePoint now{1'000s};
const breaker::Policy policy;

breaker::Breaker seen(std::uint32_t calls, std::uint32_t failures, TimePoint at) {
  breaker::Breaker breaker;
  breaker.window.push_back({at, calls, failures});
  return breaker;
}

TEST(BreakerView, AProviderMayBeDownWhenATenthOfItsCallsMetAnOutageOrTheLastDid) {
  EXPECT_FALSE(may_be_down({}, policy, now));
  EXPECT_FALSE(may_be_down(seen(100, 9, now), policy, now));
  EXPECT_TRUE(may_be_down(seen(100, 10, now), policy, now));
  breaker::Breaker last;
  last.consecutive_failures = 1;
  EXPECT_TRUE(may_be_down(last, policy, now + 1h));
  EXPECT_TRUE(may_be_down(breaker::hold({}), policy, now));
}

TEST(BreakerView, WhatFailedBeforeTheWindowIsForgotten) {
  EXPECT_FALSE(may_be_down(seen(10, 10, now), policy, now + policy.window));
}

TEST(BreakerView, MarksWhatACallDidAndNotWhatItMerelyMet) {
  EXPECT_STREQ(mark_of(State::closed, State::open, false), "opened");
  EXPECT_STREQ(mark_of(State::half_open, State::open, true), "opened");
  EXPECT_STREQ(mark_of(State::half_open, State::closed, true), "closed");
  EXPECT_STREQ(mark_of(State::half_open, State::half_open, true), "probe");
  EXPECT_STREQ(mark_of(State::closed, State::closed, false), "");
  EXPECT_STREQ(mark_of(State::open, State::open, false), "");
}

TEST(BreakerView, AHeldBreakerNamesAWaitThoughNobodyKnowsIt) {
  auto open = breaker::trip({}, policy, now, 0.5);
  EXPECT_EQ(shut_for(open, policy, open.open_until - 1500ms), 2s);
  EXPECT_EQ(shut_for(open, policy, open.open_until + 1s), 1s);
  EXPECT_EQ(shut_for(breaker::hold(open), policy, now), 60s);
}

}  // namespace
}  // namespace cambist::actors::account
