#include "protocols/api/card_data.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace cambist::api {
namespace {

using Engine = std::mt19937_64;

std::string digits(Engine& engine, std::size_t count) {
  std::uniform_int_distribution<int> digit{0, 9};
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('0' + digit(engine));
  return text;
}

std::string with_check_digit(std::string head) {
  for (char c = '0'; c <= '9'; ++c) {
    if (luhn_valid(head + c)) return head + c;
  }
  return head;
}

struct Scheme {
  std::vector<std::string> heads;
  std::vector<std::size_t> lengths;
};

std::string card_number(Engine& engine) {
  static const std::vector<Scheme> schemes{
      {{"4"}, {16, 19}},
      {{"51", "52", "53", "54", "55", "2221", "2500", "2720"}, {16}},
      {{"34", "37"}, {15}},
      {{"6011", "644", "649", "65"}, {16, 17, 18, 19}},
      {{"3528", "3589"}, {16, 19}},
      {{"36", "38", "300", "305"}, {14, 16}},
      {{"62"}, {16, 17, 18, 19}},
      {{"6759", "5018", "6304"}, {13, 16, 19}},
      {{"2200", "2204"}, {16}},
  };
  const auto pick = [&](const auto& list) -> const auto& {
    return list[engine() % list.size()];
  };
  const Scheme& scheme = pick(schemes);
  std::string head = pick(scheme.heads);
  const std::size_t length = pick(scheme.lengths);
  return with_check_digit(head + digits(engine, length - 1 - head.size()));
}

std::string grouped(const std::string& number, char joint) {
  const bool amex = number.size() == 15;
  const bool diners = number.size() == 14;
  std::string text;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const bool cut = amex || diners ? i == 4 || i == 10 : i > 0 && i % 4 == 0;
    if (cut) text += joint;
    text += number[i];
  }
  return text;
}

TEST(CardData, FindsEveryGeneratedCardNumberInAnyDress) {
  Engine engine{20261121};
  int missed = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::string number = card_number(engine);
    std::string text = number;
    const bool can_group = number.size() >= 14 && number.size() != 17 && number.size() != 18;
    switch (engine() % 7) {
      case 0:
        text = number;
        break;
      case 1:
        text = can_group ? grouped(number, ' ') : number;
        break;
      case 2:
        text = can_group ? grouped(number, '-') : number;
        break;
      case 3:
        text = "card:" + number + ",";
        break;
      case 4:
        text = "order 12 " + number + " 12/27";
        break;
      case 5:
        text = "{\"n\":\"" + number + "\"}";
        break;
      default:
        text = can_group ? "7 " + grouped(number, ' ') + " 123" : "x=" + number + "&y";
        break;
    }
    if (!holds_card_number(text)) {
      if (++missed < 5) ADD_FAILURE() << text;
    }
  }
  EXPECT_EQ(missed, 0);
}

std::string iban(Engine& engine, bool spaced) {
  static const std::vector<std::pair<std::string, std::size_t>> countries{
      {"DE", 18}, {"ES", 20}, {"FR", 23}, {"PL", 24}, {"BE", 12},
      {"CZ", 20}, {"HU", 24}, {"AT", 16}, {"SE", 20}};
  const auto& [country, length] = countries[engine() % countries.size()];
  const std::string account = digits(engine, length);
  unsigned rest = 0;
  for (const char c : account) rest = (rest * 10 + static_cast<unsigned>(c - '0')) % 97;
  for (const char c : country) rest = (rest * 100 + static_cast<unsigned>(c - 'A' + 10)) % 97;
  rest = rest * 100 % 97;
  const unsigned check = 98 - rest;
  const std::string text = country + (check < 10 ? "0" : "") + std::to_string(check) + account;
  if (!spaced) return text;
  std::string groups;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && i % 4 == 0) groups += ' ';
    groups += text[i];
  }
  return groups;
}

std::string harmless(Engine& engine) {
  static constexpr std::string_view crockford = "0123456789abcdefghjkmnpqrstvwxyz";
  static constexpr std::string_view hex = "0123456789abcdef";
  const auto from = [&](std::string_view alphabet, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += alphabet[engine() % alphabet.size()];
    return text;
  };
  const auto second = 1'600'000'000ULL + engine() % 400'000'000ULL;
  switch (engine() % 12) {
    case 0:
      return "pay_01" + from(crockford, 24);
    case 1:
      return from(hex, 8) + "-" + from(hex, 4) + "-7" + from(hex, 3) + "-a" + from(hex, 3) + "-" +
             from(hex, 12);
    case 2:
      return std::to_string(second * 1'000 + engine() % 1'000);  // milliseconds
    case 3:
      return std::to_string(second * 1'000'000 + engine() % 1'000'000);  // microseconds
    case 4:
      return std::to_string(second * 1'000'000'000 + engine() % 1'000'000'000);
    case 5:
      return "+" + std::to_string(1 + engine() % 9) + digits(engine, 8 + engine() % 6);
    case 6:
      return std::to_string(1 + engine() % 9) + digits(engine, 8 + engine() % 4);
    case 7:
      return iban(engine, engine() % 2 == 0);
    case 8:
      return "order-" + digits(engine, 4 + engine() % 9);
    case 9:
      return digits(engine, 1 + engine() % 9) + "." + digits(engine, 2);
    case 10:
      return "0." + digits(engine, 16);
    default:
      return from(hex, 32);
  }
}

TEST(CardData, RaisesNoAlarmForIdsPhonesTimestampsAndIbans) {
  Engine engine{7};
  int alarms = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const std::string text = harmless(engine);
    if (holds_card_number(text)) {
      if (++alarms <= 10) std::cout << "false alarm: " << text << '\n';
    }
  }
  EXPECT_LT(alarms, 10);
}

TEST(CardData, LetsWhatIsNoCardNumberThrough) {
  for (const std::string_view text : {
           "4242424242424241",         // Luhn
           "1242424242424242",         // no issuer
           "a4242424242424242",        // touches a letter
           "4242424242424242x",        //
           "424242424242424",          // too short for the issuer
           "42424242424242424242",     // twenty digits
           "+4242424242424242",        // a phone number has a plus
           "0.4242424242424242",       // decimals
           "4242  4242  4242  4242",   // two spaces
           "42 42 42 42 42 42 42 42",  // other groups
           "4242/4242/4242/4242",      //
           "0000000000000000",         //
           "",
       }) {
    EXPECT_FALSE(holds_card_number(text)) << text;
  }
}

TEST(CardData, FindsPublishedTestNumbers) {
  for (const std::string_view text :
       {"4242424242424242", "4000 0566 5566 5556", "5555-5555-5555-4444", "2223003122003222",
        "3782 822463 10005", "371449635398431", "6011111111111117", "3056 930902 5904",
        "36227206271667", "6555900000604105", "3566002020360505", "6200000000000005",
        "(4242424242424242)", "order_4242424242424242", "No.4242424242424242"}) {
    EXPECT_TRUE(holds_card_number(text)) << text;
  }
}

TEST(CardData, KnowsTheNamesOfCardSecretsInTheirSpellings) {
  for (const std::string_view name :
       {"cvv", "CVC", "cvc2", "pan", "card_number", "cardNumber", "Card-Number", "track1",
        "track_2", "pin", "security_code", "PIN_BLOCK"}) {
    EXPECT_TRUE(names_card_secret(name)) << name;
  }
  for (const std::string_view name :
       {"", "pin_code_hint", "spin", "company", "span", "number", "cart", "card",
        "a_very_long_name_that_is_none_of_them", "pan1"}) {
    EXPECT_FALSE(names_card_secret(name)) << name;
  }
}

}  // namespace
}  // namespace cambist::api
