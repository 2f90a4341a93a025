#include "gateway/inbound/admission.hpp"

#include <gtest/gtest.h>

namespace cambist::gateway::inbound {
namespace {

using Verdict = Admission::Verdict;

TEST(Admission, EachAddressHasItsOwnLimit) {
  Admission admission{10, 2};
  EXPECT_EQ(admission.enter("a"), Verdict::serve);
  EXPECT_EQ(admission.enter("a"), Verdict::serve);
  EXPECT_EQ(admission.enter("a"), Verdict::refuse);
  EXPECT_EQ(admission.enter("b"), Verdict::serve);
  admission.leave("a");
  admission.leave("a");
  EXPECT_EQ(admission.enter("a"), Verdict::serve);
}

TEST(Admission, WhoIsRefusedIsCountedAndThereIsALimitToThatToo) {
  Admission admission{1, 1000};
  EXPECT_EQ(admission.enter("a"), Verdict::serve);
  for (std::size_t i = 0; i < Admission::refused_max; ++i)
    ASSERT_EQ(admission.enter("b"), Verdict::refuse);
  EXPECT_EQ(admission.enter("c"), Verdict::drop);
  EXPECT_EQ(admission.open(), 1 + Admission::refused_max);
}

TEST(Admission, TellsWhenTheLastHasLeft) {
  Admission admission{1, 1};
  const auto now = std::chrono::steady_clock::now();
  EXPECT_TRUE(admission.wait_until_empty(now));
  ASSERT_EQ(admission.enter("a"), Verdict::serve);
  EXPECT_FALSE(admission.wait_until_empty(now));
  admission.leave("a");
  EXPECT_TRUE(admission.wait_until_empty(now));
}

}  // namespace
}  // namespace cambist::gateway::inbound
