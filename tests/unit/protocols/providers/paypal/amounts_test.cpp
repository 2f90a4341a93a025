#include "protocols/providers/paypal/amounts.hpp"

#include <gtest/gtest.h>

namespace cambist::paypal {
namespace {

Money money(const char* value, const char* currency) {
  return parse_money(value, Currency::parse(currency).value()).value();
}

struct Case {
  const char* value;
  const char* currency;
  const char* wire;
};

void PrintTo(const Case& given, std::ostream* out) {
  *out << given.value << " " << given.currency;
}

class PayPalAmount : public testing::TestWithParam<Case> {};

TEST_P(PayPalAmount, GoesBothWays) {
  const auto amount = money(GetParam().value, GetParam().currency);
  const auto wire = to_wire(amount);
  ASSERT_TRUE(wire) << wire.error().detail;
  EXPECT_EQ(*wire, GetParam().wire);
  EXPECT_EQ(from_wire(*wire, GetParam().currency), amount);
}

INSTANTIATE_TEST_SUITE_P(
    Table, PayPalAmount,
    testing::Values(Case{"12.00", "USD", "12.00"}, Case{"0.01", "EUR", "0.01"},
                    Case{"1000.00", "HUF", "1000"}, Case{"1000.00", "TWD", "1000"},
                    Case{"1000", "JPY", "1000"},
                    Case{"92233720368547758.07", "USD", "92233720368547758.07"}));

struct Refused {
  const char* value;
  const char* currency;
  ErrorCode code;
  const char* field;
};

void PrintTo(const Refused& given, std::ostream* out) {
  *out << given.value << " " << given.currency;
}

class PayPalTakesNo : public testing::TestWithParam<Refused> {};

TEST_P(PayPalTakesNo, SuchAmount) {
  const auto wire = to_wire(money(GetParam().value, GetParam().currency));
  ASSERT_FALSE(wire) << *wire;
  EXPECT_EQ(wire.error().code, GetParam().code);
  EXPECT_EQ(wire.error().field, GetParam().field);
}

constexpr auto unsupported = ErrorCode::unsupported_by_provider;
constexpr auto invalid = ErrorCode::invalid_request;

INSTANTIATE_TEST_SUITE_P(Table, PayPalTakesNo,
                         testing::Values(Refused{"12.50", "HUF", unsupported, "amount.value"},
                                         Refused{"12.01", "TWD", unsupported, "amount.value"},
                                         Refused{"0.00", "USD", invalid, "amount.value"},
                                         Refused{"-1.00", "USD", invalid, "amount.value"},
                                         Refused{"25000.00", "TZS", unsupported, "amount.currency"},
                                         Refused{"100.00", "KES", unsupported, "amount.currency"},
                                         Refused{"100", "UGX", unsupported, "amount.currency"},
                                         Refused{"100.00", "RUB", unsupported, "amount.currency"}));

TEST(PayPalAmount, TextThatIsNoAmountOfItsCurrencyIsNone) {
  for (const char* value : {"", "-", "1,00", "1e3", "0x10", " 1.00", "1.005", "1.00 ", "NaN",
                            "99999999999999999999", "000000000000000000000000000000001.00"}) {
    EXPECT_FALSE(from_wire(value, "USD")) << value;
  }
  for (const char* currency : {"", "usd", "USDX", "ZZZ"}) {
    EXPECT_FALSE(from_wire("1.00", currency)) << currency;
  }
  EXPECT_FALSE(from_wire("1.5", "JPY"));
}

}  // namespace
}  // namespace cambist::paypal
