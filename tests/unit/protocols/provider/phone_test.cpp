// A phone number is personal and names a wallet: one spelling leaves, and no error repeats it.
#include "protocols/provider/phone.hpp"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace cambist::provider {
namespace {

TEST(Phone, EverySpellingOfOneKenyanNumberIsTheSameWallet) {
  for (const std::string_view text : {"0712345678", "712345678", "254712345678", "+254712345678",
                                      "+254 712 345 678", "0712-345-678"}) {
    const auto number = normalise_phone(text, Market::kenya);
    ASSERT_TRUE(number.has_value()) << text;
    EXPECT_EQ(*number, "254712345678") << text;
  }
  EXPECT_EQ(normalise_phone("0110000001", Market::kenya).value(), "254110000001");
}

TEST(Phone, NationalDigitsThatLookLikeTheCountryCodeStayNational) {
  EXPECT_EQ(normalise_phone("255712345", Market::tanzania).value(), "255255712345");
}

TEST(Phone, TanzaniaRefusesNoPrefix) {
  for (const std::string_view text : {"0741234567", "+255741234567", "255741234567", "741234567"}) {
    EXPECT_EQ(normalise_phone(text, Market::tanzania).value(), "255741234567") << text;
  }
  EXPECT_EQ(normalise_phone("0612345678", Market::tanzania).value(), "255612345678");
}

TEST(Phone, WhatIsNoNumberOfTheMarketIsRefusedAtItsField) {
  constexpr std::array<std::string_view, 19> wrong{
      "",
      "+",
      "0",
      "07",
      "071234567",
      "07123456789",
      "0812345678",       // no mobile network
      "+0712345678",      // a plus and no country
      "+712345678",       //
      "00712345678",      //
      "2540712345678",    // code and trunk digit
      "255712345678",     // another country
      "+1 202 555 0100",  //
      "0712  345678",     // two separators
      "-0712345678",      //
      "0712345678 ",      //
      "0712345678x",      //
      "٠٧١٢٣٤٥٦٧٨",       // digits of another script
      "++254712345678",
  };
  for (const std::string_view text : wrong) {
    const auto number = normalise_phone(text, Market::kenya);
    ASSERT_FALSE(number.has_value()) << text;
    EXPECT_EQ(number.error().code, ErrorCode::invalid_request);
    EXPECT_EQ(number.error().field, "payment_method.phone");
  }
  EXPECT_FALSE(normalise_phone(std::string(10'000, '7'), Market::kenya).has_value());
  EXPECT_FALSE(normalise_phone("254712345678", Market::tanzania).has_value());
}

TEST(Phone, AnErrorNeverRepeatsTheNumber) {
  const auto number = normalise_phone("0812345678", Market::kenya);
  ASSERT_FALSE(number.has_value());
  EXPECT_EQ(number.error().detail.find("812345678"), std::string::npos);
}

}  // namespace
}  // namespace cambist::provider
