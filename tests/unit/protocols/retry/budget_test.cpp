#include "protocols/retry/budget.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cambist::retry {
namespace {

using namespace std::chrono_literals;

constexpr auto start = TimePoint{1'700'000'000s};

int take_all(Budget& budget, TimePoint now) {
  int taken = 0;
  while (budget.take(now)) ++taken;
  return taken;
}

TEST(RetryBudget, StartsFull) {
  Budget budget{{}};
  EXPECT_EQ(budget.left(start), 10);
  EXPECT_EQ(take_all(budget, start), 10);
  EXPECT_FALSE(budget.take(start));
}

TEST(RetryBudget, ATenthOfTheFirstCallsMayBeRepeated) {
  Budget budget{{.per_s_min = 0}};
  take_all(budget, start);
  for (int i = 0; i < 9; ++i) budget.first_call(start);
  EXPECT_FALSE(budget.take(start));
  budget.first_call(start);
  EXPECT_TRUE(budget.take(start));
  EXPECT_FALSE(budget.take(start));
  for (int i = 0; i < 50; ++i) budget.first_call(start + 1ms);
  EXPECT_EQ(take_all(budget, start + 1ms), 5);
}

TEST(RetryBudget, SavesUpNoMoreThanItsBurst) {
  Budget budget{{}};
  for (int i = 0; i < 10'000; ++i) budget.first_call(start);
  EXPECT_EQ(take_all(budget, start), 10);
  EXPECT_EQ(take_all(budget, start + 24h), 10);
}

TEST(RetryBudget, AQuietProviderMayStillBeAskedOnceASecond) {
  Budget budget{{}};
  take_all(budget, start);
  EXPECT_FALSE(budget.take(start + 999'999us));
  EXPECT_TRUE(budget.take(start + 1s));
  EXPECT_FALSE(budget.take(start + 1s));
  EXPECT_EQ(take_all(budget, start + 4s + 500ms), 3);
  EXPECT_EQ(take_all(budget, start + 5s), 1);
}

// The minimum is a floor and not an addition: else a busy provider would get more than its tenth.
TEST(RetryBudget, TheMinimumIsNotAddedToWhatCallsEarn) {
  Budget budget{{}};
  take_all(budget, start);
  int taken = 0;
  for (int ms = 0; ms < 10'000; ms += 10) {  // 100 first calls a second for ten seconds
    budget.first_call(start + std::chrono::milliseconds{ms});
    while (budget.take(start + std::chrono::milliseconds{ms})) ++taken;
  }
  EXPECT_GE(taken, 99);
  EXPECT_LE(taken, 100);
}

TEST(RetryBudget, WhatWasAnsweredIsGivenBackUpToTheBurst) {
  Budget budget{{}};
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(budget.take(start)) << i;
    budget.give_back();
  }
  budget.give_back();
  EXPECT_EQ(budget.left(start), 10);
  take_all(budget, start);
  budget.give_back();
  EXPECT_EQ(take_all(budget, start), 1);
}

TEST(RetryBudget, AClockThatIsSetBackGivesNothingAndTakesNothing) {
  Budget budget{{}};
  take_all(budget, start);
  for (int i = 1; i <= 100; ++i) EXPECT_FALSE(budget.take(start - std::chrono::hours{i})) << i;
  EXPECT_TRUE(budget.take(start - 100h + 1s));
}

TEST(RetryBudget, WithoutAnyNothingIsRepeated) {
  Budget budget{{.ratio = 0, .per_s_min = 0, .burst = 0}};
  budget.first_call(start);
  budget.give_back();
  EXPECT_FALSE(budget.take(start + 24h));
}

// Whatever the order: never more than the burst, a tenth of the calls and one for each second.
RC_GTEST_PROP(RetryBudget, NeverGivesMoreThanItGains, ()) {
  Budget budget{{}};
  TimePoint now = start;
  std::int64_t calls = 0;
  std::int64_t taken = 0;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1000));
  for (const int step : steps) {
    if (step < 400) {
      budget.first_call(now), ++calls;
    } else if (step < 900) {
      if (budget.take(now)) ++taken;
    } else {
      now += std::chrono::milliseconds{step};
    }
    const auto passed = std::chrono::duration_cast<std::chrono::seconds>(now - start).count();
    RC_ASSERT(taken * 10 <= 100 + calls + 10 * (passed + 1));
    RC_ASSERT(budget.left(now) >= 0 && budget.left(now) <= 10);
  }
}

}  // namespace
}  // namespace cambist::retry
