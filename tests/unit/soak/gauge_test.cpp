// Whether growth is seen where there is some, and only there.
#include "tests/soak/gauge.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace cambist::soak {
namespace {

using namespace std::chrono_literals;

/// Lives of a minute each, looked at every second: each begins at `floor` and takes `per_second`
/// more; each floor is `per_life` higher than the one before.
std::vector<Sample> lives(std::size_t count, std::int64_t per_second, std::int64_t per_life) {
  std::vector<Sample> all;
  for (std::size_t life = 0; life < count; ++life) {
    for (int age = 1; age <= 60; ++age) {
      Sample sample;
      sample.life = life;
      sample.age = std::chrono::seconds{age};
      sample.at = std::chrono::seconds{static_cast<std::int64_t>(life) * 60 + age};
      sample.payments = life * 6'000 + static_cast<std::uint64_t>(age) * 100;
      sample.resident_kib = 10'000 + static_cast<std::int64_t>(life) * per_life + age * per_second;
      sample.descriptors = 50;
      all.push_back(sample);
    }
  }
  return all;
}

TEST(SoakGauge, SeesALeakWithinLivesThatEndsWithThem) {
  const auto found = growth(lives(5, 2, 0), 10s, 5s);
  EXPECT_EQ(found.lives_within, 5U);
  EXPECT_NEAR(found.per_minute_within.value(), 120, 0.01);
  EXPECT_NEAR(found.per_thousand_within.value(), 20, 0.01);
  EXPECT_NEAR(found.per_minute_across.value(), 0, 0.01) << "every life begins anew";
}

TEST(SoakGauge, SeesWhatGrowsWithThePaymentsThatAreAtRest) {
  const auto found = growth(lives(5, 0, 600), 10s, 5s);
  EXPECT_NEAR(found.per_minute_within.value(), 0, 0.01);
  EXPECT_NEAR(found.per_minute_across.value(), 600, 0.01);
  EXPECT_NEAR(found.per_thousand_across.value(), 100, 0.01);
  EXPECT_EQ(found.first->resident_kib, 10'000);
  EXPECT_EQ(found.last->resident_kib, 12'400);
}

TEST(SoakGauge, SaysNothingWhereThereIsNothingToCompare) {
  EXPECT_FALSE(growth({}, 10s, 5s).per_minute_within);
  EXPECT_FALSE(growth(lives(1, 1, 1), 10s, 5s).per_minute_across);
  EXPECT_FALSE(slope({{1, 1}, {1, 2}}));
}

TEST(SoakGauge, LooksAtAProcessAndNoticesThatOneIsGone) {
  const auto me = look_at(getpid());
  ASSERT_TRUE(me);
  EXPECT_GT(me->resident_kib, 1'000);
  EXPECT_GE(me->descriptors, 3);
  EXPECT_GE(me->threads, 1);
  EXPECT_FALSE(look_at(-1));
}

}  // namespace
}  // namespace cambist::soak
