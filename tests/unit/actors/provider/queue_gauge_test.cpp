// How long a call would wait, and when it is refused instead.
#include "actors/provider/queue_gauge.hpp"

#include <gtest/gtest.h>

namespace cambist::actors::account {
namespace {

using namespace std::chrono_literals;
using Queue = QueueGauge::Queue;

TEST(QueueGauge, NobodyWaitsWhileThereIsAFreeSlotAndAToken) {
  QueueGauge gauge{1s};
  gauge.call_took(10s);
  gauge.waited_too_long();
  EXPECT_EQ(gauge.expected(Queue{.ahead = 5}), 0s);
  EXPECT_FALSE(gauge.busy(Queue{.ahead = 5}));
}

TEST(QueueGauge, TheWaitIsWhatTheCallsAheadTakeSpreadOverTheSlots) {
  QueueGauge gauge{1s};
  gauge.call_took(200ms);
  EXPECT_EQ(gauge.expected(Queue{.ahead = 9, .slots = 4}), 500ms);
  EXPECT_FALSE(gauge.busy(Queue{.ahead = 9, .slots = 4}));
  EXPECT_EQ(gauge.busy(Queue{.ahead = 49, .slots = 4}), 3s);
}

TEST(QueueGauge, ItFollowsWhatCallsTakeSlowly) {
  QueueGauge gauge{1s};
  gauge.call_took(200ms);
  gauge.call_took(1000ms);
  EXPECT_EQ(gauge.expected(Queue{.slots = 1}), 300ms);
}

TEST(QueueGauge, TheOldestAndTheRateLimitAreBelievedOverTheEstimate) {
  QueueGauge gauge{1s};
  EXPECT_EQ(gauge.expected(Queue{.slots = 4, .oldest = 900ms}), 900ms);
  EXPECT_EQ(gauge.expected(Queue{.token_wait = 2s}), 2s);
  EXPECT_EQ(gauge.busy(Queue{.token_wait = 2s}), 2s);
}

TEST(QueueGauge, OnceOneHasWaitedTooLongNewOnesAreRefusedUntilOneGetsThrough) {
  QueueGauge gauge{1s};
  gauge.waited_too_long();
  EXPECT_EQ(gauge.busy(Queue{.slots = 4}), 1s);
  gauge.got_through();
  EXPECT_FALSE(gauge.busy(Queue{.slots = 4}));
}

TEST(QueueGauge, NobodyIsSentAwayForMoreThanAMinute) {
  QueueGauge gauge{1s};
  EXPECT_EQ(gauge.busy(Queue{.token_wait = 3600s}), 60s);
}

}  // namespace
}  // namespace cambist::actors::account
