// A wake is remembered for a while and then forgotten, also when the same payment was woken in
// between.
#include "actors/scheduler/recent.hpp"

#include <gtest/gtest.h>

namespace cambist::actors::scheduler {
namespace {

using namespace std::chrono_literals;

PaymentId id(std::uint64_t n) {
  return PaymentId::make(TimePoint{}, [n] { return n; });
}

TEST(RecentWakes, ForgetsAWakeOnceItsTimeIsOver) {
  RecentWakes wakes{5s};
  wakes.add(id(1), 10s);
  wakes.forget_old(14s);
  EXPECT_TRUE(wakes.contains(id(1)));
  wakes.forget_old(15s);
  EXPECT_FALSE(wakes.contains(id(1)));
  EXPECT_EQ(wakes.size(), 0U);
}

TEST(RecentWakes, AWakeThatWasRepeatedCountsFromTheLastOne) {
  RecentWakes wakes{5s};
  wakes.add(id(1), 10s);
  wakes.add(id(1), 13s);
  wakes.forget_old(16s);
  EXPECT_TRUE(wakes.contains(id(1)));
  wakes.forget_old(18s);
  EXPECT_FALSE(wakes.contains(id(1)));
}

TEST(RecentWakes, HoldsNobodyWhoWasWokenLongAgo) {
  RecentWakes wakes{5s};
  for (std::uint64_t n = 1; n <= 1000; ++n) {
    wakes.add(id(n), std::chrono::seconds{n});
    wakes.forget_old(std::chrono::seconds{n});
    EXPECT_LE(wakes.size(), 5U);
  }
}

}  // namespace
}  // namespace cambist::actors::scheduler
