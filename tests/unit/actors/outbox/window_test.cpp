// The window of one endpoint: the order of a payment's events, and how far everything is done.
#include "actors/outbox/window.hpp"

#include <gtest/gtest.h>

namespace cambist::actors::outbound {
namespace {

using namespace std::chrono_literals;

const TimePoint start{1s};

PaymentId payment(std::uint64_t n) {
  return PaymentId::make(TimePoint{}, [n] { return n; });
}

Item item(std::uint64_t position, std::uint64_t of_payment) {
  return Item{.position = position, .payment = payment(of_payment), .body = "{}"};
}

TEST(OutboxWindow, GivesTheFirstThatIsDueInTheOrderOfPositions) {
  Window window{8};
  window.add(item(3, 1));
  window.add(item(5, 2));
  EXPECT_EQ(window.next(start)->position, 3U);
  window.find(3)->stage = Stage::busy;
  EXPECT_EQ(window.next(start)->position, 5U);
}

TEST(OutboxWindow, AnEventWaitsUntilTheEarlierOneOfItsPaymentIsDurablyDelivered) {
  Window window{8};
  window.add(item(3, 1));
  window.add(item(4, 1));
  for (const Stage stage : {Stage::busy, Stage::saving, Stage::marking}) {
    window.find(3)->stage = stage;
    EXPECT_EQ(window.next(start), nullptr);
  }
  window.finish(3);
  EXPECT_EQ(window.next(start)->position, 4U);
}

TEST(OutboxWindow, AnEventThatWaitsForItsNextAttemptHoldsItsPaymentAndNoOther) {
  Window window{8};
  window.add(item(3, 1));
  window.add(item(4, 1));
  window.add(item(5, 2));
  window.find(3)->due = start + 5s;
  EXPECT_EQ(window.next(start)->position, 5U);
  window.finish(5);
  EXPECT_EQ(window.next(start), nullptr);
  EXPECT_EQ(window.due(), start + 5s);
  EXPECT_EQ(window.next(start + 5s)->position, 3U);
}

TEST(OutboxWindow, EventsWithoutAPaymentWaitForNobody) {
  Window window{8};
  window.add(Item{.position = 1});
  window.add(Item{.position = 2});
  window.find(1)->stage = Stage::busy;
  EXPECT_EQ(window.next(start)->position, 2U);
}

TEST(OutboxWindow, EverythingIsDoneUpToTheFirstThatIsNot) {
  Window window{8};
  window.add(item(3, 1));
  window.add(item(5, 2));
  window.add(item(9, 3));
  EXPECT_EQ(window.done_up_to(12), 2U);
  window.finish(5);
  EXPECT_EQ(window.done_up_to(12), 2U);
  window.find(3)->stage = Stage::marking;
  EXPECT_EQ(window.done_up_to(12, 3), 8U);  // its own write may take the cursor along
  EXPECT_EQ(window.done_up_to(12, 9), 2U);  // another's may come before it, or instead of it
  window.finish(3);
  window.finish(9);
  EXPECT_EQ(window.done_up_to(12), 12U);
  EXPECT_TRUE(window.empty());
}

TEST(OutboxWindow, WhatIsDoneBehindAnUnfinishedOneStillTakesRoom) {
  Window window{3};
  window.add(item(1, 1));
  window.add(item(2, 2));
  window.add(item(3, 3));
  window.finish(2);
  window.finish(3);
  EXPECT_EQ(window.room(), 0U);
  window.finish(1);
  EXPECT_EQ(window.room(), 3U);
}

TEST(OutboxWindow, StartingAnewForgetsTheAttemptsOfWhatWaitsAndTouchesNothingUnderWay) {
  Window window{3};
  window.add(item(1, 1));
  window.add(item(2, 2));
  for (const std::uint64_t position : {1U, 2U}) {
    window.find(position)->attempts = 7;
    window.find(position)->due = start + 10h;
  }
  window.find(2)->stage = Stage::busy;
  window.start_anew();
  EXPECT_EQ(window.next(start)->position, 1U);
  EXPECT_EQ(window.find(1)->attempts, 0);
  EXPECT_EQ(window.find(2)->attempts, 7);
}

}  // namespace
}  // namespace cambist::actors::outbound
