// When a letter is tried, tried again, given up, held back or thrown out: with a clock moved by
// hand.
#include "gateway/sandbox/webhooks/schedule.hpp"

#include <gtest/gtest.h>

namespace cambist::gateway::sandbox::webhooks {
namespace {

using namespace std::chrono_literals;

Letter letter(const std::string& event) {
  Letter made;
  made.provider = "stripe";
  made.event = event;
  made.type = "charge.succeeded";
  made.body = "{}";
  return made;
}

class WebhookSchedule : public testing::Test {
 protected:
  std::int64_t count(std::string_view name) const { return schedule_.show().at(name).as_int64(); }
  std::string status(std::size_t newest = 0) const {
    return std::string{schedule_.show().at("deliveries").at(newest).at("status").as_string()};
  }
  // Takes what is due now, and the name of its event.
  std::string take() {
    const auto attempt = schedule_.take(now_);
    if (!attempt) return {};
    last_ = attempt->id;
    return attempt->letter->event;
  }
  void settle(bool delivered) {
    schedule_.settle(last_, delivered, delivered ? "HTTP 200" : "HTTP 503", now_);
  }

  Schedule schedule_{{.letters_max = 4, .bytes_max = 1'000, .in_flight_max = 2, .recent_max = 3}};
  TimePoint now_{1h};
  std::uint64_t last_ = 0;
};

TEST_F(WebhookSchedule, ALetterIsTriedAtOnceAndEndsWithASuccess) {
  schedule_.post(letter("evt_1"), now_);
  EXPECT_EQ(count("pending"), 1);
  EXPECT_EQ(take(), "evt_1");
  EXPECT_EQ(take(), "") << "one attempt at a time";
  settle(true);
  EXPECT_EQ(count("delivered"), 1);
  EXPECT_EQ(count("pending"), 0);
  EXPECT_EQ(status(), "delivered");
  EXPECT_EQ(schedule_.due_at(), std::nullopt);
}

TEST_F(WebhookSchedule, FailuresAreRepeatedOnTheScheduleAndGivenUpAfterThreeDays) {
  schedule_.post(letter("evt_1"), now_);
  const auto start = now_;
  std::vector<std::chrono::seconds> waits;
  while (take() == "evt_1") {
    settle(false);
    const auto due = schedule_.due_at();
    if (!due) break;
    waits.push_back(std::chrono::duration_cast<std::chrono::seconds>(*due - now_));
    now_ = *due - 1us;
    EXPECT_EQ(take(), "") << "not before its time";
    now_ = *due;
  }
  ASSERT_GT(waits.size(), 6U);
  waits.resize(7);
  EXPECT_EQ(waits, (std::vector<std::chrono::seconds>{1s, 5s, 30s, 120s, 600s, 3600s, 3600s}));
  EXPECT_GT(now_, start + 71h);
  EXPECT_LE(now_, start + 72h);
  EXPECT_EQ(count("failed"), 1);
  EXPECT_EQ(count("pending"), 0);
  EXPECT_EQ(count("sent"), 77);
  EXPECT_EQ(status(), "failed");
}

TEST_F(WebhookSchedule, OnlySoManyAreOnTheWire) {
  for (const auto* event : {"evt_1", "evt_2", "evt_3"}) schedule_.post(letter(event), now_);
  EXPECT_EQ(take(), "evt_1");
  EXPECT_EQ(take(), "evt_2");
  EXPECT_EQ(take(), "");
  EXPECT_EQ(schedule_.due_at(), std::nullopt) << "nothing to wake up for";
  settle(true);
  EXPECT_EQ(take(), "evt_3");
}

TEST_F(WebhookSchedule, WhenItIsFullTheOldestThatIsNotOnTheWireGoes) {
  schedule_.post(letter("evt_1"), now_);
  EXPECT_EQ(take(), "evt_1");
  for (const auto* event : {"evt_2", "evt_3", "evt_4", "evt_5"})
    schedule_.post(letter(event), now_);
  EXPECT_EQ(count("evicted"), 1);
  EXPECT_EQ(count("dropped"), 1);
  EXPECT_EQ(count("pending"), 4);
  settle(true);
  EXPECT_EQ(take(), "evt_3") << "evt_2 went";
}

TEST_F(WebhookSchedule, LongBodiesCountToo) {
  auto big = letter("evt_1");
  big.body.assign(700, 'x');
  schedule_.post(big, now_);
  schedule_.post(big, now_);
  schedule_.post(letter("evt_3"), now_);
  EXPECT_EQ(count("evicted"), 1);
}

TEST_F(WebhookSchedule, ADelayedLetterWaits) {
  auto late = letter("evt_1");
  late.delay = 250ms;
  schedule_.post(late, now_);
  EXPECT_EQ(take(), "");
  EXPECT_EQ(schedule_.due_at(), now_ + 250ms);
  now_ += 250ms;
  EXPECT_EQ(take(), "evt_1");
}

TEST_F(WebhookSchedule, ALetterHeldBackIsOvertakenByTheNextOnes) {
  auto held = letter("evt_held");
  held.behind = 2;
  schedule_.post(held, now_);
  schedule_.post(letter("evt_1"), now_);
  EXPECT_EQ(take(), "evt_1");
  now_ += 1s;
  EXPECT_EQ(take(), "") << "one more goes first";
  schedule_.post(letter("evt_2"), now_);
  EXPECT_EQ(take(), "evt_2");
  settle(true);
  now_ += 100ms;
  EXPECT_EQ(take(), "evt_held");
}

TEST_F(WebhookSchedule, ALetterHeldBackGoesWhenNobodyComesAfterIt) {
  auto held = letter("evt_held");
  held.behind = 5;
  schedule_.post(held, now_);
  EXPECT_EQ(schedule_.due_at(), now_ + 5s);
  now_ += 5s;
  EXPECT_EQ(take(), "evt_held");
  schedule_.post(letter("evt_1"), now_);
  settle(true);
  EXPECT_EQ(count("pending"), 1);
}

TEST_F(WebhookSchedule, ADroppedLetterIsOnlyShown) {
  auto lost = letter("evt_1");
  lost.dropped = true;
  schedule_.post(lost, now_);
  EXPECT_EQ(take(), "");
  EXPECT_EQ(count("dropped"), 1);
  EXPECT_EQ(count("pending"), 0);
  EXPECT_EQ(status(), "dropped");
}

TEST_F(WebhookSchedule, AForgeryIsTriedOnceAndCountedApart) {
  auto lie = letter("evt_1");
  lie.forgery = Forgery::wrong_secret;
  schedule_.post(lie, now_);
  EXPECT_EQ(count("pending"), 0) << "who waits for the queue to be empty waits for no forger";
  EXPECT_EQ(take(), "evt_1");
  settle(false);
  EXPECT_EQ(schedule_.due_at(), std::nullopt);
  EXPECT_EQ(status(), "refused");
  schedule_.post(lie, now_);
  EXPECT_EQ(take(), "evt_1");
  settle(true);
  EXPECT_EQ(status(), "accepted");
  const auto forged = schedule_.show().at("forged");
  EXPECT_EQ(forged.at("sent").as_int64(), 2);
  EXPECT_EQ(forged.at("accepted").as_int64(), 1);
  EXPECT_EQ(count("sent") + count("delivered") + count("failed"), 0);
}

TEST_F(WebhookSchedule, TheLastDeliveriesAreShownNewestFirst) {
  for (const auto* event : {"evt_1", "evt_2", "evt_3", "evt_4"})
    schedule_.post(letter(event), now_);
  const auto shown = schedule_.show();
  const auto& list = shown.at("deliveries").as_array();
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0].at("event").as_string(), "evt_4");
  EXPECT_EQ(take(), "evt_1");
  settle(false);  // its report has gone: nothing to write to
  EXPECT_EQ(take(), "evt_2");
  settle(false);
  EXPECT_EQ(schedule_.show().at("deliveries").at(2).at("result").as_string(), "HTTP 503");
  EXPECT_EQ(schedule_.show().at("deliveries").at(2).at("attempts").as_int64(), 1);
}

TEST_F(WebhookSchedule, WhatWasOnTheWireWhenAllWasForgottenCountsForNothing) {
  schedule_.post(letter("evt_1"), now_);
  EXPECT_EQ(take(), "evt_1");
  schedule_.clear();
  settle(true);
  EXPECT_EQ(count("delivered"), 0);
  schedule_.post(letter("evt_2"), now_);
  EXPECT_EQ(take(), "evt_2");
  settle(true);
  EXPECT_EQ(count("delivered"), 1);
}

}  // namespace
}  // namespace cambist::gateway::sandbox::webhooks
