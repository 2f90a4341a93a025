// Quantiles that a table of results can be believed by.
#include "benchmarks/load/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace cambist::load {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(LoadHistogram, NothingAddedIsZero) {
  const Histogram empty;
  EXPECT_EQ(empty.count(), 0U);
  EXPECT_EQ(empty.quantile(0.99), Nanoseconds{0});
  EXPECT_EQ(empty.max(), Nanoseconds{0});
}

TEST(LoadHistogram, BelowTheFirstPowerEveryMicrosecondIsItsOwn) {
  Histogram histogram;
  for (int us = 0; us < 100; ++us) histogram.add(microseconds{us});
  EXPECT_EQ(histogram.quantile(0.50), microseconds{49});
  EXPECT_EQ(histogram.quantile(0.99), microseconds{98});
  EXPECT_EQ(histogram.quantile(1.0), microseconds{99});
  EXPECT_EQ(histogram.quantile(0.0), microseconds{0});
}

TEST(LoadHistogram, AQuantileIsNeverBelowTheTruthAndAtMostOnePercentAbove) {
  std::mt19937_64 random{20261126};
  std::lognormal_distribution<double> shape{8.0, 1.5};
  Histogram histogram;
  std::vector<std::int64_t> all;
  for (int i = 0; i < 20'000; ++i) {
    const auto us = static_cast<std::int64_t>(std::min(shape(random), 3e9));
    all.push_back(us);
    histogram.add(microseconds{us});
  }
  std::sort(all.begin(), all.end());
  for (const double q : {0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(q * 20'000)) - 1;
    const auto truth = static_cast<double>(all[rank]);
    const auto got = static_cast<double>(
        std::chrono::duration_cast<microseconds>(histogram.quantile(q)).count());
    EXPECT_GE(got, truth) << q;
    EXPECT_LE(got, truth * 1.01 + 1) << q;
  }
}

TEST(LoadHistogram, OneSlowAnswerMovesTheMaxAndTheLastQuantileAlone) {
  Histogram histogram;
  for (int i = 0; i < 999; ++i) histogram.add(milliseconds{1});
  histogram.add(seconds{3});
  EXPECT_LT(histogram.quantile(0.99), milliseconds{2});
  EXPECT_EQ(histogram.max(), seconds{3});
  EXPECT_EQ(histogram.quantile(1.0), seconds{3});
}

TEST(LoadHistogram, WhatIsLongerThanAnHourOrNegativeStaysInside) {
  Histogram histogram;
  histogram.add(std::chrono::hours{30});
  histogram.add(-seconds{1});
  EXPECT_EQ(histogram.count(), 2U);
  EXPECT_EQ(histogram.max(), std::chrono::hours{30});
  EXPECT_EQ(histogram.quantile(0.5), Nanoseconds{0});
}

TEST(LoadHistogram, TwoAddedTogetherAreOneOfBoth) {
  Histogram fast;
  Histogram slow;
  for (int i = 0; i < 100; ++i) fast.add(microseconds{10});
  for (int i = 0; i < 100; ++i) slow.add(microseconds{100});
  fast.add(slow);
  EXPECT_EQ(fast.count(), 200U);
  EXPECT_EQ(fast.quantile(0.5), microseconds{10});
  EXPECT_EQ(fast.quantile(0.51), microseconds{100});
}

}  // namespace
}  // namespace cambist::load
