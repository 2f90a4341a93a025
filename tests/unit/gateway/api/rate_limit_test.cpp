#include "gateway/api/rate_limit.hpp"

#include <gtest/gtest.h>

namespace cambist::gateway {
namespace {

using namespace std::chrono_literals;

TEST(RateLimit, LetsABurstThroughAndThenOnePerInterval) {
  RateLimiter limiter{{10, 3}};
  const auto now = std::chrono::nanoseconds{5s};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.admit("a", now), 0ns);
  EXPECT_EQ(limiter.admit("a", now), 100ms);
  EXPECT_EQ(limiter.admit("a", now + 99ms), 1ms);
  EXPECT_EQ(limiter.admit("a", now + 100ms), 0ns);
  EXPECT_GT(limiter.admit("a", now + 100ms), 0ns);
  EXPECT_EQ(limiter.admit("b", now), 0ns);
}

TEST(RateLimit, FillsTheBurstAgainAfterARest) {
  RateLimiter limiter{{10, 3}};
  for (int i = 0; i < 10; ++i) (void)limiter.admit("a", 0ns);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.admit("a", 10s), 0ns);
  EXPECT_GT(limiter.admit("a", 10s), 0ns);
}

TEST(RateLimit, HoldsTheRateOverTime) {
  RateLimiter limiter{{100, 20}};
  int admitted = 0;
  for (auto now = 0ms; now < 10s; now += 1ms) admitted += limiter.admit("a", now) == 0ns ? 1 : 0;
  EXPECT_GE(admitted, 1'000);
  EXPECT_LE(admitted, 1'020);
}

TEST(RateLimit, IsOffWithoutARate) {
  RateLimiter limiter{{0, 0}};
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(limiter.admit("a", 0ns), 0ns);
  EXPECT_EQ(limiter.size(), 0U);
}

TEST(RateLimit, RemembersABoundedNumberOfKeys) {
  RateLimiter limiter{{1, 1}, 160};
  int refused = 0;
  for (int i = 0; i < 10'000; ++i)
    refused += limiter.admit("k" + std::to_string(i), 0ns) > 0ns ? 1 : 0;
  EXPECT_LE(limiter.size(), 176U);
  EXPECT_GT(refused, 0) << "newcomers share one place while all others are busy";
  for (int i = 0; i < 50; ++i) EXPECT_EQ(limiter.admit("late" + std::to_string(i), 10s), 0ns);
}

}  // namespace
}  // namespace cambist::gateway
