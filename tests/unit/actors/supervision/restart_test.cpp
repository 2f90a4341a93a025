#include "actors/supervision/restart.hpp"

#include <gtest/gtest.h>

namespace cambist::actors::supervision {
namespace {

using namespace std::chrono_literals;
constexpr TimePoint start{};

TEST(RestartPolicy, TheWaitDoublesUpToItsLimit) {
  RestartBook book;
  const RestartPolicy policy{
      .backoff_min = 100ms, .backoff_max = 1s, .restarts_max = 20, .window = 60s};
  std::vector<Duration> waits;
  for (int i = 0; i < 6; ++i) waits.push_back(*restart_after(book, policy, start, 1.0));
  EXPECT_EQ(waits, (std::vector<Duration>{100ms, 200ms, 400ms, 800ms, 1s, 1s}));
}

TEST(RestartPolicy, JitterOnlyShortensAndAtMostByHalf) {
  RestartBook book;
  EXPECT_EQ(restart_after(book, RestartPolicy{}, start, 0.0), 50ms);
}

TEST(RestartPolicy, ASpentBudgetGivesUp) {
  RestartBook book;
  const RestartPolicy policy{.restarts_max = 3};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(restart_after(book, policy, start, 0.5));
  EXPECT_FALSE(restart_after(book, policy, start + 59s, 0.5));
}

TEST(RestartPolicy, FailuresOutsideTheWindowAreForgotten) {
  RestartBook book;
  const RestartPolicy policy{.restarts_max = 2};
  EXPECT_TRUE(restart_after(book, policy, start, 0.5));
  EXPECT_TRUE(restart_after(book, policy, start + 30s, 0.5));
  const auto wait = restart_after(book, policy, start + 60s, 1.0);
  ASSERT_TRUE(wait);
  EXPECT_EQ(*wait, 200ms);  // one failure is still remembered
}

TEST(RestartPolicy, NoBudgetAtAllEscalatesAtOnce) {
  RestartBook book;
  EXPECT_FALSE(restart_after(book, RestartPolicy{.restarts_max = 0}, start, 0.5));
}

}  // namespace
}  // namespace cambist::actors::supervision
