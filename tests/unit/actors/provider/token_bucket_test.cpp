#include "actors/provider/token_bucket.hpp"

#include <gtest/gtest.h>

namespace cambist::actors::account {
namespace {

using namespace std::chrono_literals;

TEST(TokenBucket, ARateOfZeroLimitsNothing) {
  TokenBucket bucket{0, 0ns};
  for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(bucket.take(0ns));
  EXPECT_EQ(bucket.wait(0ns), 0ns);
}

TEST(TokenBucket, ASecondsWorthIsSavedUpAndNoMore) {
  TokenBucket bucket{10, 0ns};
  int taken = 0;
  while (bucket.take(1h)) ++taken;
  EXPECT_EQ(taken, 10);
}

TEST(TokenBucket, AfterTheWaitThereIsAToken) {
  TokenBucket bucket{3, 0ns};
  std::chrono::nanoseconds now = 0ns;
  for (int i = 0; i < 100; ++i) {
    const auto wait = bucket.wait(now);
    now += wait;
    ASSERT_TRUE(bucket.take(now)) << i;
  }
  EXPECT_NEAR(std::chrono::duration<double>(now).count(), 97.0 / 3, 0.01);
}

TEST(TokenBucket, ARateBelowOnePerSecondStillLetsOneThrough) {
  TokenBucket bucket{0.5, 0ns};
  EXPECT_TRUE(bucket.take(0ns));
  EXPECT_FALSE(bucket.take(1s));
  EXPECT_TRUE(bucket.take(2s + 1us));
}

TEST(TokenBucket, AClockThatStandsStillGivesNothing) {
  TokenBucket bucket{1, 5s};
  EXPECT_TRUE(bucket.take(5s));
  EXPECT_FALSE(bucket.take(5s));
  EXPECT_FALSE(bucket.take(4s));
}

}  // namespace
}  // namespace cambist::actors::account
