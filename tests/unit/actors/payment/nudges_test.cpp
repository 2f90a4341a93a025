#include "actors/payment/nudges.hpp"

#include <gtest/gtest.h>

namespace cambist::actors::live {
namespace {

using namespace std::chrono_literals;

Nudge at(std::chrono::nanoseconds due, std::uint64_t serial) {
  return Nudge{PaymentId{}, 1, serial, due};
}

TEST(Nudges, AreNeverGivenBeforeTheyAreDue) {
  Nudges nudges;
  nudges.add(at(25ms, 1));
  EXPECT_FALSE(nudges.pop(24ms));
  EXPECT_FALSE(nudges.pop(25ms));  // its slot ends at 30 ms
  const auto due = nudges.pop(30ms);
  ASSERT_TRUE(due);
  EXPECT_EQ(due->serial, 1U);
  EXPECT_FALSE(nudges.pop(1h));
  EXPECT_EQ(nudges.size(), 0U);
}

TEST(Nudges, ComeInTheOrderOfTheirSlotsThenOfTheirArrival) {
  Nudges nudges;
  nudges.add(at(40ms, 1));
  nudges.add(at(12ms, 2));
  nudges.add(at(11ms, 3));
  std::vector<std::uint64_t> order;
  while (const auto due = nudges.pop(40ms)) order.push_back(due->serial);
  EXPECT_EQ(order, (std::vector<std::uint64_t>{2, 3, 1}));
}

TEST(Nudges, ALookIsAskedForOnceUnlessOneIsNeededSooner) {
  Nudges nudges;
  EXPECT_FALSE(nudges.next_look());
  nudges.add(at(100ms, 1));
  EXPECT_EQ(nudges.next_look(), 100ms);
  EXPECT_FALSE(nudges.next_look());
  nudges.add(at(200ms, 2));
  EXPECT_FALSE(nudges.next_look());
  nudges.add(at(50ms, 3));
  EXPECT_EQ(nudges.next_look(), 50ms);
  EXPECT_TRUE(nudges.looked(50ms));
  (void)nudges.pop(50ms);
  EXPECT_EQ(nudges.next_look(), 100ms);
  // Two looks for 100 ms are under way now; only one of them asks for the next.
  EXPECT_TRUE(nudges.looked(100ms));
  (void)nudges.pop(100ms);
  EXPECT_EQ(nudges.next_look(), 200ms);
  EXPECT_FALSE(nudges.looked(100ms));
  EXPECT_FALSE(nudges.next_look());
}

TEST(Nudges, OneThatComesWhileASlotIsEmptiedIsNotLost) {
  Nudges nudges;
  nudges.add(at(10ms, 1));
  nudges.add(at(10ms, 2));
  EXPECT_EQ(nudges.pop(10ms)->serial, 1U);
  nudges.add(at(5ms, 3));
  EXPECT_EQ(nudges.pop(10ms)->serial, 2U);
  EXPECT_EQ(nudges.pop(10ms)->serial, 3U);
}

}  // namespace
}  // namespace cambist::actors::live
