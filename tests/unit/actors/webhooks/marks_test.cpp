// What is kept of a webhook, and when it is tried again.
#include "actors/webhooks/marks.hpp"

#include <gtest/gtest.h>

namespace cambist::actors::webhooks {
namespace {

using namespace std::chrono_literals;

TEST(WebhookMarks, TheWaitsAreOneTwoFourEightMinutesAndTheFifthAttemptIsTheLast) {
  const RetryPolicy policy;
  const double middle = 0.5;
  EXPECT_EQ(next_attempt(1, policy, middle), Duration{1min});
  EXPECT_EQ(next_attempt(2, policy, middle), Duration{2min});
  EXPECT_EQ(next_attempt(3, policy, middle), Duration{4min});
  EXPECT_EQ(next_attempt(4, policy, middle), Duration{8min});
  EXPECT_EQ(next_attempt(5, policy, middle), std::nullopt);
  EXPECT_EQ(next_attempt(50, policy, middle), std::nullopt);
}

TEST(WebhookMarks, TheWaitIsJitteredByAQuarterBothWays) {
  const RetryPolicy policy;
  EXPECT_EQ(next_attempt(1, policy, 0.0), Duration{45s});
  EXPECT_LT(*next_attempt(1, policy, 0.999), Duration{75s});
  EXPECT_GT(*next_attempt(1, policy, 0.999), Duration{74s});
}

TEST(WebhookMarks, AFailureKeepsItDueUntilTheLastOne) {
  storage::WebhookRow row;
  const TimePoint now{100s};
  const auto first = after_failure(row, "parked", "why", {}, now, 0.5);
  EXPECT_EQ(first.status, "parked");
  EXPECT_EQ(first.attempts, 1);
  EXPECT_EQ(first.due, now + 1min);
  row.attempts = 4;
  const auto last = after_failure(row, "parked", "why", {}, now, 0.5);
  EXPECT_EQ(last.status, "dead");
  EXPECT_EQ(last.attempts, 5);
  EXPECT_EQ(last.due, std::nullopt);
  EXPECT_EQ(last.error, "why");
}

TEST(WebhookMarks, WhatIsOfNoConsequenceIsSettledWhenItComes) {
  provider::Notice notice;
  notice.id = "evt_1";
  const auto ignored = row_of(notice, "stub", "body", WebhookId{}, TimePoint{1s});
  EXPECT_EQ(ignored.status, "ignored");
  EXPECT_EQ(ignored.due, std::nullopt);
  notice.news = provider::Happened{};
  const auto received = row_of(notice, "stub", "body", WebhookId{}, TimePoint{1s});
  EXPECT_EQ(received.status, "received");
  EXPECT_EQ(received.due, TimePoint{1s});
  EXPECT_EQ(received.body, "body");
  EXPECT_EQ(received.body_bytes, 4U);
}

}  // namespace
}  // namespace cambist::actors::webhooks
