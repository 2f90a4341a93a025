#include "protocols/providers/stripe/amounts.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace cambist::stripe {
namespace {

using namespace std::string_view_literals;

constexpr std::array zero_decimals{"BIF"sv, "CLP"sv, "DJF"sv, "GNF"sv, "JPY"sv,
                                   "KMF"sv, "KRW"sv, "MGA"sv, "PYG"sv, "RWF"sv,
                                   "VND"sv, "VUV"sv, "XAF"sv, "XOF"sv, "XPF"sv};
constexpr std::array three_decimals{"BHD"sv, "JOD"sv, "KWD"sv, "OMR"sv, "TND"sv};
// Two decimals on the wire, whole units in life: the wire value must be a multiple of 100.
constexpr std::array whole_units{"ISK"sv, "UGX"sv};
// Above eight digits for cards, by an amount that is not documented: Stripe decides.
constexpr std::array large_for_cards{"LBP"sv, "COP"sv, "HUF"sv, "JPY"sv};

template <std::size_t Size>
bool among(const std::array<std::string_view, Size>& codes, std::string_view code) noexcept {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

constexpr std::int64_t power_of_ten(int exponent) noexcept {
  std::int64_t value = 1;
  for (int i = 0; i < exponent; ++i) value *= 10;
  return value;
}

// The largest amount of one charge: eight digits but for the exceptions.
std::int64_t wire_max(std::string_view code) noexcept {
  if (code == "IDR" || among(large_for_cards, code)) return 999'999'999'999;
  if (code == "INR") return 999'999'999;
  return 99'999'999;
}

// The unit that a wire value must be a multiple of.
std::int64_t wire_multiple(std::string_view code) noexcept {
  if (among(whole_units, code)) return 100;
  if (among(three_decimals, code)) return 10;
  return 1;
}

Error unsupported(std::string detail) {
  return Error{ErrorCode::unsupported_by_provider, std::move(detail), "amount.value"};
}

}  // namespace

int wire_exponent(Currency currency) noexcept {
  if (among(zero_decimals, currency.code())) return 0;
  return among(three_decimals, currency.code()) ? 3 : 2;
}

std::string wire_code(Currency currency) {
  std::string code{currency.code()};
  std::transform(code.begin(), code.end(), code.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return code;
}

Result<std::int64_t> to_wire(const Money& money) {
  const std::string code{money.currency.code()};
  if (money.minor <= 0) {
    return Error{ErrorCode::invalid_request, "the amount must be above zero", "amount.value"};
  }
  const int more = wire_exponent(money.currency) - money.currency.exponent();
  std::int64_t wire = 0;
  if (more >= 0) {
    if (__builtin_mul_overflow(money.minor, power_of_ten(more), &wire)) {
      return unsupported("Stripe takes no amount that large in " + code);
    }
  } else {
    if (money.minor % power_of_ten(-more) != 0) {
      return unsupported("Stripe counts " + code + " with " +
                         std::to_string(wire_exponent(money.currency)) + " decimals");
    }
    wire = money.minor / power_of_ten(-more);
  }
  if (wire % wire_multiple(code) != 0) {
    return unsupported(code + " amounts at Stripe must end in a zero as their last decimal");
  }
  if (wire > wire_max(code)) {
    // The largest amount that also ends as this currency's amounts must.
    const auto largest =
        from_wire(wire_max(code) - wire_max(code) % wire_multiple(code), money.currency);
    return unsupported("Stripe takes at most " +
                       (largest ? to_decimal(*largest) : std::to_string(wire_max(code))) + " " +
                       code + " in one payment");
  }
  return wire;
}

Result<Money> from_wire(std::int64_t wire, Currency currency) {
  const int more = wire_exponent(currency) - currency.exponent();
  Money money{0, currency};
  if (more >= 0) {
    // What is below our smallest unit cannot be said.
    if (wire % power_of_ten(more) != 0) {
      return Error{ErrorCode::invalid_request, "no such amount in this currency", "amount.value"};
    }
    money.minor = wire / power_of_ten(more);
  } else if (__builtin_mul_overflow(wire, power_of_ten(-more), &money.minor)) {
    return Error{ErrorCode::invalid_request, "amount out of range", "amount.value"};
  }
  return money;
}

}  // namespace cambist::stripe
