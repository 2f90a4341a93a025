// In line per payment, in the order of receipt, one under way at a time.
#include "actors/webhooks/lines.hpp"

#include <gtest/gtest.h>

namespace cambist::actors::webhooks {
namespace {

WebhookId webhook(std::uint64_t n) {
  return WebhookId::make(TimePoint{}, [n] { return n; });
}
PaymentId payment(std::uint64_t n) {
  return PaymentId::make(TimePoint{}, [n] { return n; });
}
Item item(std::uint64_t n) {
  Item made;
  made.row.id = webhook(n);
  return made;
}

TEST(WebhookLines, APaymentHasOneUnderWayAndTheOthersInTheOrderOfReceipt) {
  Lines lines;
  for (std::uint64_t n = 1; n <= 3; ++n) lines.arrive(item(n), payment(1));
  EXPECT_EQ(lines.next()->item->row.id, webhook(1));
  EXPECT_FALSE(lines.next());
  EXPECT_TRUE(lines.take(webhook(1)));
  EXPECT_EQ(lines.next()->item->row.id, webhook(2));
  EXPECT_TRUE(lines.take(webhook(2)));
  EXPECT_EQ(lines.next()->item->row.id, webhook(3));
}

TEST(WebhookLines, PaymentsDoNotWaitForEachOther) {
  Lines lines;
  for (std::uint64_t n = 1; n <= 3; ++n) lines.arrive(item(n), payment(n));
  for (std::uint64_t n = 1; n <= 3; ++n) EXPECT_EQ(lines.next()->payment, payment(n));
}

TEST(WebhookLines, OneThatMustBeLookedUpIsNotOvertaken) {
  Lines lines;
  lines.arrive(item(1), std::nullopt);
  lines.arrive(item(2), payment(1));
  EXPECT_FALSE(lines.next());
  EXPECT_EQ(lines.next_to_look_up()->row.id, webhook(1));
  EXPECT_EQ(lines.next_to_look_up(), nullptr);  // each is given once
  lines.found(webhook(1), payment(1));
  EXPECT_EQ(lines.next()->item->row.id, webhook(1));
  EXPECT_FALSE(lines.next());
}

TEST(WebhookLines, OneThatIsNotFoundHoldsUpNobodyAnyMore) {
  Lines lines;
  lines.arrive(item(1), std::nullopt);
  lines.arrive(item(2), payment(1));
  EXPECT_TRUE(lines.take(webhook(1)));
  EXPECT_EQ(lines.next()->item->row.id, webhook(2));
  EXPECT_EQ(lines.next_to_look_up(), nullptr);
}

TEST(WebhookLines, WhatHasLeftLeavesNothingBehind) {
  Lines lines;
  lines.arrive(item(1), payment(1));
  EXPECT_TRUE(lines.holds(webhook(1)));
  EXPECT_TRUE(lines.next());
  EXPECT_TRUE(lines.take(webhook(1)));
  EXPECT_FALSE(lines.take(webhook(1)));
  EXPECT_FALSE(lines.holds(webhook(1)));
  EXPECT_EQ(lines.size(), 0U);
  EXPECT_FALSE(lines.next());
  lines.found(webhook(1), payment(1));  // comes too late
  EXPECT_FALSE(lines.next());
}

}  // namespace
}  // namespace cambist::actors::webhooks
