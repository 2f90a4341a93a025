#include "protocols/core/money.hpp"

#include <limits>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cambist {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();

Currency currency(std::string_view code) {
  return Currency::parse(code).value();
}

TEST(Currency, KnowsHowManyDecimalsEachHas) {
  const std::pair<std::string_view, int> table[] = {
      {"JPY", 0}, {"KRW", 0}, {"VND", 0}, {"ISK", 0}, {"UGX", 0}, {"CLP", 0}, {"USD", 2},
      {"EUR", 2}, {"TZS", 2}, {"KES", 2}, {"AED", 2}, {"ZWL", 2}, {"BHD", 3}, {"KWD", 3},
      {"TND", 3}, {"OMR", 3}, {"JOD", 3}, {"IQD", 3}, {"LYD", 3}, {"CLF", 4}, {"UYW", 4}};
  for (const auto& [code, decimals] : table) {
    const auto found = Currency::parse(code);
    ASSERT_TRUE(found) << code;
    EXPECT_EQ(found->exponent(), decimals) << code;
    EXPECT_EQ(found->code(), code);
  }
}

TEST(Currency, FindsEveryEntryOfItsOwnTableByBinarySearch) {
  // The search only works while the table is sorted; all 26^3 codes are tried and the known ones
  // counted.
  std::set<std::string> known;
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) {
      for (char c = 'A'; c <= 'Z'; ++c) {
        const std::string code{a, b, c};
        if (Currency::parse(code)) known.insert(code);
      }
    }
  }
  EXPECT_EQ(known.size(), 169U);
}

TEST(Currency, RefusesWhatIsNotACurrency) {
  for (const auto* text : {"", "US", "USDX", "usd", "Usd", "XXX", "XAU", "ZZZ", "AAA", "US ",
                           " USD", "12A", "EU\xe2"}) {
    const auto found = Currency::parse(text);
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error().code, ErrorCode::invalid_request);
  }
}

TEST(Money, ReadsAndPrintsWithTheCurrencysDecimals) {
  const std::tuple<std::string_view, std::string_view, std::int64_t, std::string_view> table[] = {
      {"USD", "100", 10000, "100.00"},
      {"USD", "100.5", 10050, "100.50"},
      {"USD", "100.50", 10050, "100.50"},
      {"USD", "0.05", 5, "0.05"},
      {"USD", "-0.05", -5, "-0.05"},
      {"USD", "0", 0, "0.00"},
      {"USD", "-0", 0, "0.00"},
      {"JPY", "500", 500, "500"},
      {"JPY", "-7", -7, "-7"},
      {"KWD", "1.234", 1234, "1.234"},
      {"KWD", "0.001", 1, "0.001"},
      {"CLF", "1.0001", 10001, "1.0001"},
      {"CLF", "-0.0001", -1, "-0.0001"},
      {"USD", "1234567.89", 123456789, "1234567.89"},
      {"USD", "92233720368547758.07", largest, "92233720368547758.07"},
      {"JPY", "9223372036854775807", largest, "9223372036854775807"}};
  for (const auto& [code, text, minor, printed] : table) {
    const auto money = parse_money(text, currency(code));
    ASSERT_TRUE(money) << code << " " << text;
    EXPECT_EQ(money->minor, minor) << text;
    EXPECT_EQ(to_decimal(*money), printed);
  }
}

TEST(Money, RefusesWhatIsNotADecimalAmount) {
  for (const auto* text :
       {"",   "-",    "+1",  "1.", ".5",   "1..0", "1.0.0", "1,00", "1e2",      " 1",
        "1 ", "0x10", "NaN", "01", "00.5", "--1",  "-.5",   "1-",   "\xd9\xa1", "1.-5"}) {
    EXPECT_FALSE(parse_money(text, currency("USD"))) << "'" << text << "'";
  }
}

TEST(Money, RefusesMoreDecimalsThanTheCurrencyHas) {
  for (const auto& [code, text] : {std::pair{"USD", "1.005"},
                                   {"USD", "1.000"},
                                   {"JPY", "1.0"},
                                   {"KWD", "1.0000"},
                                   {"CLF", "1.00000"}}) {
    const auto money = parse_money(text, currency(code));
    ASSERT_FALSE(money) << code << " " << text;
    EXPECT_NE(money.error().detail.find("decimals"), std::string::npos);
  }
}

TEST(Money, RefusesWhatDoesNotFitInsteadOfWrapping) {
  for (const auto* text : {"92233720368547758.08", "-92233720368547758.09", "100000000000000000000",
                           "99999999999999999999.99"}) {
    const auto money = parse_money(text, currency("USD"));
    ASSERT_FALSE(money) << text;
    EXPECT_EQ(money.error().detail, "amount out of range");
  }
}

TEST(Money, PrintsTheSmallestValueOfItsType) {
  EXPECT_EQ(to_decimal(Money{smallest, currency("USD")}), "-92233720368547758.08");
  EXPECT_EQ(to_decimal(Money{smallest, currency("JPY")}), "-9223372036854775808");
}

TEST(Money, AddsAndSubtractsOnlyWithinOneCurrencyAndItsRange) {
  const Currency usd = currency("USD");
  const Money one{1, usd};
  EXPECT_EQ(add(Money{2, usd}, one).value(), (Money{3, usd}));
  EXPECT_EQ(subtract(one, Money{3, usd}).value(), (Money{-2, usd}));
  EXPECT_FALSE(add(one, Money{1, currency("EUR")}));
  EXPECT_FALSE(subtract(one, Money{1, currency("EUR")}));
  EXPECT_FALSE(add(Money{largest, usd}, one));
  EXPECT_FALSE(add(Money{smallest, usd}, Money{-1, usd}));
  EXPECT_FALSE(subtract(Money{smallest, usd}, one));
  EXPECT_FALSE(subtract(zero(usd), Money{smallest, usd}));
  EXPECT_EQ(add(Money{largest, usd}, Money{smallest, usd}).value(), (Money{-1, usd}));
}

RC_GTEST_PROP(Money, WhatIsPrintedReadsBackAsTheSameAmount, ()) {
  const auto code = *rc::gen::element<std::string>("JPY", "USD", "KWD", "CLF");
  // The smallest value has no positive twin, so that its text is out of the reader's range.
  const auto minor = *rc::gen::inRange<std::int64_t>(smallest + 1, largest);
  const Money money{minor, currency(code)};
  RC_ASSERT(parse_money(to_decimal(money), money.currency).value() == money);
}

// The exact sum in 128 bits is the witness: a result is that sum, and no result is one that does
// not fit.
__extension__ typedef __int128 Exact;  // no ISO type is as wide

RC_GTEST_PROP(Money, SumsAreExactOrRefused, ()) {
  const auto any = rc::gen::weightedOneOf<std::int64_t>(
      {{3, rc::gen::arbitrary<std::int64_t>()},
       {1, rc::gen::element(smallest, smallest + 1, std::int64_t{0}, largest - 1, largest)}});
  const Money a{*any, currency("USD")};
  const Money b{*any, currency("USD")};
  const auto check = [](const Result<Money>& result, Exact exact) {
    const bool fits = exact >= smallest && exact <= largest;
    RC_ASSERT(result.has_value() == fits);
    if (fits) RC_ASSERT(result->minor == static_cast<std::int64_t>(exact));
  };
  check(add(a, b), static_cast<Exact>(a.minor) + b.minor);
  check(subtract(a, b), static_cast<Exact>(a.minor) - b.minor);
  RC_ASSERT(!add(a, Money{b.minor, currency("JPY")}));
}

RC_GTEST_PROP(Money, NoTextMakesTheReaderFallOver, (const std::string& text)) {
  const auto money = parse_money(text, currency("USD"));
  if (money) RC_ASSERT(parse_money(to_decimal(*money), money->currency).value() == *money);
}

}  // namespace
}  // namespace cambist
