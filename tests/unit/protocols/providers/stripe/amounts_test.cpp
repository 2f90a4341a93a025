#include "protocols/providers/stripe/amounts.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace cambist::stripe {
namespace {

Money money(const char* value, const char* currency) {
  return parse_money(value, Currency::parse(currency).value()).value();
}

struct Case {
  const char* value;
  const char* currency;
  std::int64_t wire;
};

class WireAmount : public testing::TestWithParam<Case> {};

TEST_P(WireAmount, GoesBothWays) {
  const auto amount = money(GetParam().value, GetParam().currency);
  const auto wire = to_wire(amount);
  ASSERT_TRUE(wire) << wire.error().detail;
  EXPECT_EQ(*wire, GetParam().wire);
  EXPECT_EQ(from_wire(*wire, amount.currency).value(), amount);
}

INSTANTIATE_TEST_SUITE_P(
    Table, WireAmount,
    testing::Values(Case{"100.00", "USD", 10'000}, Case{"25000.00", "TZS", 2'500'000},
                    Case{"500", "JPY", 500}, Case{"5", "UGX", 500}, Case{"7", "ISK", 700},
                    Case{"12.00", "MGA", 12}, Case{"5.120", "KWD", 5'120}, Case{"1", "XOF", 1},
                    Case{"0.01", "EUR", 1}, Case{"999999.99", "USD", 99'999'999},
                    Case{"999999", "UGX", 99'999'900},
                    Case{"9999999999.99", "IDR", 999'999'999'999},
                    Case{"9999999.99", "INR", 999'999'999}, Case{"100000000", "JPY", 100'000'000},
                    Case{"99999.990", "KWD", 99'999'990}, Case{"1000.00", "HUF", 100'000}));

class UnpayableAmount : public testing::TestWithParam<Case> {};

TEST_P(UnpayableAmount, IsRefusedBeforeAnyCall) {
  const auto wire = to_wire(money(GetParam().value, GetParam().currency));
  ASSERT_FALSE(wire) << *wire;
  EXPECT_EQ(wire.error().field, "amount.value");
  EXPECT_EQ(wire.error().code,
            GetParam().wire == 0 ? ErrorCode::invalid_request : ErrorCode::unsupported_by_provider);
}

INSTANTIATE_TEST_SUITE_P(
    Table, UnpayableAmount,
    testing::Values(Case{"0.00", "USD", 0}, Case{"-1.00", "USD", 0}, Case{"1000000.00", "USD", -1},
                    Case{"1000000.00", "TZS", -1}, Case{"12.34", "MGA", -1},
                    Case{"5.124", "KWD", -1}, Case{"1000000", "UGX", -1},
                    Case{"100000000", "KRW", -1}, Case{"10000000.00", "INR", -1},
                    Case{"92233720368547758", "UGX", -1}, Case{"9223372036854775807", "ISK", -1},
                    Case{"0.001", "IQD", -1}));

TEST(WireAmountLimit, IsSaidInTheCurrencyItself) {
  EXPECT_EQ(to_wire(money("1000000.00", "TZS")).error().detail,
            "Stripe takes at most 999999.99 TZS in one payment");
  EXPECT_EQ(to_wire(money("1000000", "UGX")).error().detail,
            "Stripe takes at most 999999 UGX in one payment");
  EXPECT_EQ(to_wire(money("100000.000", "KWD")).error().detail,
            "Stripe takes at most 99999.990 KWD in one payment");
  EXPECT_EQ(to_wire(money("5.124", "KWD")).error().detail,
            "KWD amounts at Stripe must end in a zero as their last decimal");
}

TEST(WireAmountBack, RefusesWhatTheCurrencyCannotSay) {
  EXPECT_FALSE(from_wire(550, Currency::parse("UGX").value()));
  EXPECT_FALSE(from_wire(std::numeric_limits<std::int64_t>::max(), Currency::parse("MGA").value()));
  EXPECT_EQ(from_wire(-500, Currency::parse("UGX").value())->minor, -5);
}

RC_GTEST_PROP(WireAmountProperty, WhatIsTakenComesBackUnchanged, (std::int64_t minor)) {
  for (const char* code : {"USD", "JPY", "UGX", "ISK", "MGA", "KWD", "TZS", "IDR", "CLF", "IQD"}) {
    const Money amount{minor, Currency::parse(code).value()};
    const auto wire = to_wire(amount);
    if (wire) RC_ASSERT(from_wire(*wire, amount.currency).value() == amount);
  }
}

}  // namespace
}  // namespace cambist::stripe
