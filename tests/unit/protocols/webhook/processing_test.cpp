#include "protocols/webhook/processing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cambist::webhook {
namespace {

using namespace std::chrono_literals;

const ProcessingPolicy policy{};

TEST(WebhookProcessing, TriesAgainFiveTimesThenItIsDead) {
  const Duration expected[] = {0min, 1min, 2min, 4min, 8min, 16min};
  for (int made = 0; made < 6; ++made) {
    EXPECT_EQ(next_attempt(made, policy, 0.5), expected[made]) << made;
  }
  EXPECT_EQ(next_attempt(6, policy, 0.5), std::nullopt);
  EXPECT_EQ(next_attempt(2'000'000'000, policy, 0.5), std::nullopt);
  EXPECT_EQ(next_attempt(-1, policy, 0.5), Duration{0});
}

TEST(WebhookProcessing, ScattersByAQuarterEitherWay) {
  EXPECT_EQ(next_attempt(1, policy, 0.0), 45s);
  EXPECT_EQ(next_attempt(5, policy, 0.0), 12min);
  EXPECT_NEAR(static_cast<double>(next_attempt(5, policy, 0.999999).value().count()), 1.2e9, 1e4);
}

RC_GTEST_PROP(WebhookProcessing, NeverLeavesTheQuarter, ()) {
  const int made = *rc::gen::inRange(1, 6);
  const double roll = *rc::gen::inRange(0, 1'000'000) / 1e6;
  const auto planned = policy.delays[static_cast<std::size_t>(made) - 1];
  const auto delay = next_attempt(made, policy, roll).value();
  RC_ASSERT(delay >= planned * 3 / 4 - Duration{1});
  RC_ASSERT(delay < planned * 5 / 4);
}

}  // namespace
}  // namespace cambist::webhook
