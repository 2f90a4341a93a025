#include "gateway/sandbox/stripe/amounts.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace cambist::gateway::sandbox::stripe {
namespace {

struct Limit {
  std::string_view currency;
  std::int64_t wire;
};

// Source: facts/stripe.md section 8. TZS has no minimum of its own: 1,000 TZS stands for the 0.50
// USD that its value must reach.
constexpr std::array minimums{
    Limit{"USD", 50},     Limit{"EUR", 50},    Limit{"AUD", 50},  Limit{"CAD", 50},
    Limit{"CHF", 50},     Limit{"BRL", 50},    Limit{"INR", 50},  Limit{"NZD", 50},
    Limit{"SGD", 50},     Limit{"GBP", 30},    Limit{"AED", 200}, Limit{"BGN", 100},
    Limit{"CZK", 1'500},  Limit{"DKK", 250},   Limit{"HKD", 400}, Limit{"HUF", 17'500},
    Limit{"JPY", 50},     Limit{"MXN", 1'000}, Limit{"MYR", 200}, Limit{"NOK", 300},
    Limit{"PLN", 200},    Limit{"RON", 200},   Limit{"SEK", 300}, Limit{"THB", 1'000},
    Limit{"TZS", 100'000}};

constexpr std::int64_t maximum_default = 99'999'999;
constexpr std::array maximums{Limit{"IDR", 999'999'999'999}, Limit{"INR", 999'999'999},
                              Limit{"LBP", 999'999'999'999}, Limit{"COP", 9'999'999'999},
                              Limit{"HUF", 9'999'999'999},   Limit{"JPY", 9'999'999'999}};

constexpr std::array<std::string_view, 15> no_decimals{"BIF", "CLP", "DJF", "GNF", "JPY",
                                                       "KMF", "KRW", "MGA", "PYG", "RWF",
                                                       "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::array<std::string_view, 5> three_decimals{"BHD", "JOD", "KWD", "OMR", "TND"};
constexpr std::array<std::string_view, 2> whole_on_two_decimals{"ISK", "UGX"};
// In ISO 4217, but Stripe charges none of them: funds codes, retired or sanctioned currencies.
constexpr std::array<std::string_view, 24> unsupported{
    "BOV", "CHE", "CHW", "CLF", "COU", "CUC", "CUP", "ERN", "IQD", "IRR", "KPW", "LYD",
    "MRU", "MXV", "SDG", "SSP", "SYP", "USN", "UYI", "UYW", "VED", "VES", "XXX", "ZWL"};

template <std::size_t N>
bool has(const std::array<std::string_view, N>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

template <std::size_t N>
std::int64_t limit(const std::array<Limit, N>& limits, std::string_view code,
                   std::int64_t otherwise) {
  const auto found = std::find_if(limits.begin(), limits.end(),
                                  [&](const Limit& l) { return l.currency == code; });
  return found == limits.end() ? otherwise : found->wire;
}

std::string in_words(std::int64_t wire, Currency currency) {
  return to_decimal(to_money(wire, currency)) + " " + std::string{currency.code()};
}

}  // namespace

std::optional<Currency> supported_currency(std::string_view code) {
  std::string upper{code};
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const auto currency = Currency::parse(upper);
  if (!currency || has(unsupported, upper)) return std::nullopt;
  return *currency;
}

int wire_exponent(Currency currency) noexcept {
  if (has(no_decimals, currency.code())) return 0;
  return has(three_decimals, currency.code()) ? 3 : 2;
}

Money to_money(std::int64_t wire, Currency currency) noexcept {
  int shift = currency.exponent() - wire_exponent(currency);
  for (; shift > 0; --shift) wire *= 10;
  for (; shift < 0; ++shift) wire /= 10;
  return Money{wire, currency};
}

std::optional<std::int64_t> to_wire(const Money& money) noexcept {
  auto wire = money.minor;
  int shift = wire_exponent(money.currency) - money.currency.exponent();
  for (; shift > 0; --shift) wire *= 10;
  for (; shift < 0; ++shift) wire /= 10;
  return to_money(wire, money.currency) == money ? std::optional{wire} : std::nullopt;
}

std::optional<Failure> check_unit(std::int64_t wire, Currency currency, std::string_view param) {
  const std::string code{currency.code()};
  if (has(three_decimals, code) && wire % 10 != 0) {
    return invalid("parameter_invalid_integer", param,
                   "Amounts in " + code + " must be a multiple of 10.");
  }
  if (has(whole_on_two_decimals, code) && wire % 100 != 0) {
    return invalid("parameter_invalid_integer", param,
                   "Amounts in " + code + " must be a multiple of 100.");
  }
  return std::nullopt;
}

std::optional<Failure> check_amount(std::int64_t wire, Currency currency) {
  if (wire < 1) {
    return invalid("parameter_invalid_integer", "amount",
                   "This value must be greater than or equal to 1.");
  }
  const auto least = limit(minimums, currency.code(), 1);
  if (wire < least) {
    return invalid("amount_too_small", "amount",
                   "Amount must be at least " + in_words(least, currency) + ".");
  }
  const auto most = limit(maximums, currency.code(), maximum_default);
  if (wire > most) {
    return invalid("amount_too_large", "amount",
                   "Amount must be no more than " + in_words(most, currency) + ".");
  }
  return check_unit(wire, currency, "amount");
}

}  // namespace cambist::gateway::sandbox::stripe
