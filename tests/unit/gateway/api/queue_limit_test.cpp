// A journal of a given speed, offered ten times what it can do: whoever is let in does not wait
// long, and the journal is never idle.
#include "gateway/api/queue_limit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

namespace cambist::gateway {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

struct Outcome {
  std::uint64_t offered = 0;
  std::uint64_t admitted = 0;
  std::uint64_t done = 0;
  nanoseconds worst{0};
};

/// One server, first come first served, with steps of 100 µs.
class Journal {
 public:
  explicit Journal(double per_s, QueuePolicy policy = {}) : limit(policy), per_s_(per_s) {}

  Outcome run(nanoseconds duration, double offered_per_s) {
    Outcome outcome;
    for (const auto end = now_ + duration; now_ < end; now_ += step) {
      arrivals_ += offered_per_s * seconds(step);
      for (; arrivals_ >= 1; --arrivals_) {
        ++outcome.offered;
        if (!limit.admit_command(now_)) continue;
        ++outcome.admitted;
        waiting_.push_back(now_);
      }
      work_ = waiting_.empty() ? 0 : work_ + per_s_ * seconds(step);
      for (; work_ >= 1 && !waiting_.empty(); --work_) {
        const auto queued = now_ - waiting_.front();
        waiting_.pop_front();
        outcome.worst = std::max(outcome.worst, queued);
        ++outcome.done;
        limit.durable(queued, now_);
        limit.command_left(true, now_);  // the provider answers at once
      }
    }
    return outcome;
  }

  QueueLimit limit;

 private:
  static constexpr nanoseconds step = 100us;
  static double seconds(nanoseconds duration) {
    return std::chrono::duration<double>(duration).count();
  }
  double per_s_;
  double arrivals_ = 0;
  double work_ = 0;
  nanoseconds now_ = 1s;
  std::deque<nanoseconds> waiting_;
};

class Overload : public ::testing::TestWithParam<int> {};

TEST_P(Overload, AtTenTimesTheCapacityTheQueueStaysShortAndTheJournalBusy) {
  const double capacity = GetParam();
  Journal journal{capacity};
  (void)journal.run(2s, capacity * 10);  // it learns the journal's speed
  const Outcome outcome = journal.run(10s, capacity * 10);
  EXPECT_GE(static_cast<double>(outcome.done), capacity * 10 * 0.85);
  // The least that may always wait takes its time at a slow journal.
  const nanoseconds least{static_cast<std::int64_t>(16 / capacity * 1e9)};
  EXPECT_LE(outcome.worst, std::max<nanoseconds>(150ms, least * 2));
  EXPECT_LE(outcome.admitted, outcome.done + 4'096);
}

TEST_P(Overload, EvenBeforeItHasLearnedNobodyWaitsForLong) {
  const double capacity = GetParam();
  Journal journal{capacity};
  const Outcome outcome = journal.run(2s, capacity * 10);
  // The first limit, and one step of growth while the queue still fills.
  const double most = 256 * 9 / 8;
  EXPECT_LE(outcome.worst, nanoseconds{static_cast<std::int64_t>(most / capacity * 1e9)} + 100ms);
}

TEST_P(Overload, AfterItEverybodyIsLetInAgain) {
  const double capacity = GetParam();
  Journal journal{capacity};
  (void)journal.run(10s, capacity * 10);
  (void)journal.run(1s, capacity * 0.8);
  const Outcome outcome = journal.run(5s, capacity * 0.8);
  EXPECT_EQ(outcome.admitted, outcome.offered);
}

INSTANTIATE_TEST_SUITE_P(Speeds, Overload, ::testing::Values(300, 1'000, 5'000, 20'000));

TEST(QueueLimit, DoesNotGrowWhileNobodyReachesIt) {
  Journal journal{1'000};
  (void)journal.run(10s, 100);
  EXPECT_EQ(journal.limit.limit(), QueuePolicy{}.limit_first);
}

TEST(QueueLimit, ShrinksWhenTheJournalStandsStillAndNeverBelowItsMinimum) {
  QueueLimit limit{{}};
  nanoseconds now = 1s;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(limit.admit_command(now));
  for (int i = 0; i < 100; ++i) (void)limit.admit_command(now += 100ms);
  EXPECT_EQ(limit.limit(), 16U);
  EXPECT_FALSE(limit.admit_command(now));
}

TEST(QueueLimit, ACommandBehindItsIntentTakesNoPlace) {
  QueuePolicy policy;
  policy.limit_min = policy.limit_first = policy.limit_max = 2;
  QueueLimit limit{policy};
  const nanoseconds now = 1s;
  EXPECT_TRUE(limit.admit_command(now));
  EXPECT_TRUE(limit.admit_command(now));
  EXPECT_FALSE(limit.admit_command(now));
  limit.durable(1ms, now);  // its provider may take as long as it likes
  EXPECT_TRUE(limit.admit_command(now));
  limit.command_left(true, now);  // the one that was durable
  EXPECT_FALSE(limit.admit_command(now));
  limit.command_left(false, now);  // a refusal: nothing of it was ever written
  EXPECT_TRUE(limit.admit_command(now));
}

TEST(QueueLimit, AMistakenCountIsGoneWithTheCommandsItWasAbout) {
  QueuePolicy policy;
  policy.limit_min = policy.limit_first = policy.limit_max = 3;
  QueueLimit limit{policy};
  const nanoseconds now = 1s;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(limit.admit_command(now)) << round;
    limit.durable(1ms, now);
    for (int i = 0; i < 3; ++i) limit.command_left(i % 2 == 0, now);  // two say so, one was
    ASSERT_EQ(limit.waiting(), 0U);
  }
  limit.durable(1ms, now);  // of a command that was answered before
  EXPECT_EQ(limit.waiting(), 0U);
}

TEST(QueueLimit, WhatHasBegunIsFinishedBeforeMoreIsBegun) {
  QueuePolicy policy;
  policy.limit_min = policy.limit_first = policy.limit_max = 10;
  QueueLimit limit{policy};
  const nanoseconds now = 1s;
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(limit.admit_command(now));
  EXPECT_FALSE(limit.admit_command(now));
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(limit.admit_next_command(now)) << i;
  EXPECT_FALSE(limit.admit_next_command(now));
  for (int i = 0; i < 10; ++i) limit.durable(1ms, now);
  EXPECT_FALSE(limit.admit_command(now)) << "ten still wait";
  EXPECT_TRUE(limit.admit_next_command(now));
}

TEST(QueueLimit, WebhooksAreShedLast) {
  QueuePolicy policy;
  policy.limit_min = policy.limit_first = policy.limit_max = 10;
  QueueLimit limit{policy};
  const nanoseconds now = 1s;
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(limit.admit_command(now));
  EXPECT_FALSE(limit.admit_command(now));
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(limit.admit_webhook(now)) << i;
  EXPECT_FALSE(limit.admit_webhook(now));
  limit.webhook_left(true, 1ms, now);
  EXPECT_TRUE(limit.admit_webhook(now));
  EXPECT_FALSE(limit.admit_command(now)) << "webhooks wait for the same journal";
}

}  // namespace
}  // namespace cambist::gateway
