#include "protocols/bank/reference.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace cambist::bank {
namespace {

const ReferenceShape shape{};

std::string any_reference() {
  const auto number = *rc::gen::inRange<std::uint64_t>(0, 100'000'000);
  std::string digits = std::to_string(number);
  digits.insert(0, 8 - digits.size(), '0');
  return "88" + digits + check_digits("88" + digits);
}

// Source: facts/bank-transfer.md section 2.
TEST(BankReference, MatchesTheVectors) {
  EXPECT_EQ(check_digits("8800000042"), "25");
  EXPECT_TRUE(is_reference("880000004225", shape));
  EXPECT_TRUE(is_reference("880000004322", shape));
  EXPECT_FALSE(is_reference("880000004252", shape));
  EXPECT_EQ(in_groups("880000004225"), "8800 0000 4225");
}

TEST(BankReference, IsOfItsShapeAndNothingElse) {
  for (const char* text : {"", "8", "88000000422", "8800000042250", "88000000422x",
                           "8800 0000 4225", "770000004279", "-80000004225"}) {
    EXPECT_FALSE(is_reference(text, shape)) << text;
  }
  EXPECT_TRUE(is_prefix("88"));
  for (const char* text : {"99", "8", "888", "8x", "", " 8"}) EXPECT_FALSE(is_prefix(text)) << text;
}

RC_GTEST_PROP(BankReferenceProperty, EverySingleWrongDigitIsSeen, ()) {
  const std::string good = any_reference();
  RC_ASSERT(has_check_digits(good));
  const auto at = *rc::gen::inRange<std::size_t>(0, good.size());
  std::string wrong = good;
  wrong[at] = static_cast<char>('0' + *rc::gen::inRange(0, 10));
  RC_ASSERT(has_check_digits(wrong) == (wrong == good));
}

RC_GTEST_PROP(BankReferenceProperty, EverySwapOfNeighboursIsSeen, ()) {
  const std::string good = any_reference();
  const auto at = *rc::gen::inRange<std::size_t>(0, good.size() - 1);
  std::string wrong = good;
  std::swap(wrong[at], wrong[at + 1]);
  RC_ASSERT(has_check_digits(wrong) == (wrong == good));
}

TEST(BankReference, OfAPaymentIsTheSameWheneverItIsMade) {
  const auto payment = PaymentId::parse("pay_01jd2v9h3ke1r8m7q0c5xw4tby").value();
  EXPECT_EQ(make_reference(payment, shape), "888079099984");
  const ReferenceShape longer{"10", 14};
  EXPECT_EQ(make_reference(payment, longer).size(), 18U);
  EXPECT_TRUE(is_reference(make_reference(payment, longer), longer));
}

TEST(BankReference, OfAThousandPaymentsAreAThousand) {
  std::set<std::string> seen;
  PaymentId payment;
  for (int i = 0; i < 1000; ++i) {
    payment.bytes[15] = static_cast<std::uint8_t>(i);
    payment.bytes[14] = static_cast<std::uint8_t>(i >> 8);
    seen.insert(make_reference(payment, shape));
    EXPECT_TRUE(is_reference(make_reference(payment, shape), shape));
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(BankReferenceInANarrative, IsFoundAsPeopleWriteIt) {
  for (const char* text :
       {"880000004225", "RENT 8800 0000 4225", "8800-0000-4225", "8800/0000/4225 ASHA JUMA",
        "NESTRENTALS880000004225", "RENT 8800 0000\r\n4225", "REF:880000004225.", "  880000004225 ",
        "880000004225 RENT 880000004225", "INV 2026 880000004225 07"}) {
    EXPECT_EQ(find_reference(text, shape), "880000004225") << text;
  }
}

TEST(BankReferenceInANarrative, WithoutOneOrWithTwoIsNobodys) {
  for (const char* text : {"", "RENT", "880000004252", "8800 0000 422", "880000004225 880000004322",
                           "99 8800 0000 4252", "8800.0000.4225"}) {
    EXPECT_EQ(find_reference(text, shape), std::nullopt) << text;
  }
}

// A telephone number beside it makes one long row of digits; what stands alone is meant.
TEST(BankReferenceInANarrative, IsPreferredWhereItStandsAlone) {
  EXPECT_EQ(find_reference("255754000001 8800 0000 4225", shape), "880000004225");
  EXPECT_EQ(find_reference("12880000004225", shape), "880000004225");
}

RC_GTEST_PROP(BankReferenceInANarrative, NothingBreaksIt, (const std::string& text)) {
  const auto found = find_reference(text, shape);
  if (found) RC_ASSERT(is_reference(*found, shape));
}

}  // namespace
}  // namespace cambist::bank
