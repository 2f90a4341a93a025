// A wake is remembered for a while; a timer that stays due is tried again ever more rarely, and
// another time is another timer.
#include "actors/scheduler/recent.hpp"

#include <gtest/gtest.h>

namespace cambist::actors::scheduler {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint due{};

PaymentId id(std::uint64_t n) {
  return PaymentId::make(TimePoint{}, [n] { return n; });
}

TEST(RecentWakes, ForgetsAWakeOnceItsTimeIsOver) {
  RecentWakes wakes{5s, 40s};
  wakes.add(id(1), due, 10s);
  EXPECT_TRUE(wakes.contains(id(1), due, 14s));
  EXPECT_FALSE(wakes.contains(id(1), due, 15s));
  wakes.forget_old(19s);
  EXPECT_EQ(wakes.size(), 1U);
  wakes.forget_old(20s);
  EXPECT_EQ(wakes.size(), 0U);
}

TEST(RecentWakes, ATimerThatStaysDueIsTriedEverMoreRarely) {
  RecentWakes wakes{5s, 40s};
  std::vector<RecentWakes::Mono> tries;
  for (RecentWakes::Mono now = 0s; now < 300s; now += 1s) {
    wakes.forget_old(now);
    if (wakes.contains(id(1), due, now)) continue;
    wakes.add(id(1), due, now);
    tries.push_back(now);
  }
  const std::vector<RecentWakes::Mono> expected{0s,   5s,   15s,  35s,  75s,
                                                115s, 155s, 195s, 235s, 275s};
  EXPECT_EQ(tries, expected);
}

TEST(RecentWakes, AnotherTimeIsAnotherTimer) {
  RecentWakes wakes{5s, 40s};
  wakes.add(id(1), due, 10s);
  const TimePoint later = due + 1s;
  EXPECT_FALSE(wakes.contains(id(1), later, 10s));
  wakes.add(id(1), later, 10s);
  EXPECT_TRUE(wakes.contains(id(1), later, 14s));
  EXPECT_FALSE(wakes.contains(id(1), later, 15s));  // it counts from its own first time
}

TEST(RecentWakes, HoldsNobodyWhoWasWokenLongAgo) {
  RecentWakes wakes{5s, 40s};
  for (std::uint64_t n = 1; n <= 1000; ++n) {
    wakes.add(id(n), due, std::chrono::seconds{n});
    wakes.forget_old(std::chrono::seconds{n});
    EXPECT_LE(wakes.size(), 10U);
  }
}

}  // namespace
}  // namespace cambist::actors::scheduler
