#include "gateway/sandbox/paypal/amounts.hpp"

#include <algorithm>
#include <array>

namespace cambist::gateway::sandbox::paypal {
namespace {

// Source: facts/paypal.md section 6.
constexpr std::array<std::string_view, 25> supported{
    "AUD", "BRL", "CAD", "CNY", "CZK", "DKK", "EUR", "HKD", "HUF", "ILS", "INR", "JPY", "MYR",
    "MXN", "TWD", "NZD", "NOK", "PHP", "PLN", "GBP", "SGD", "SEK", "CHF", "THB", "USD"};
constexpr std::array<std::string_view, 3> without_decimals{"HUF", "JPY", "TWD"};
// The sandbox's own limit; PayPal's differs by account and country.
constexpr std::int64_t minor_max = 999'999'999'999;
constexpr std::size_t value_length_max = 32;

template <std::size_t N>
bool has(const std::array<std::string_view, N>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool is_digits(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::variant<Money, std::string_view> read_money(std::string_view code, std::string_view value) {
  const auto currency = Currency::parse(code);
  if (!currency) return std::string_view{"INVALID_CURRENCY_CODE"};
  if (!has(supported, code)) return std::string_view{"CURRENCY_NOT_SUPPORTED"};
  const bool negative = value.starts_with('-');
  const auto size = value.size();
  if (negative) value.remove_prefix(1);
  const auto point = value.find('.');
  const auto whole = value.substr(0, point);
  const auto decimals =
      point == std::string_view::npos ? std::string_view{} : value.substr(point + 1);
  const bool shaped = is_digits(whole) && is_digits(decimals) &&
                      (point == std::string_view::npos ? !whole.empty() : !decimals.empty());
  if (!shaped || size > value_length_max) return std::string_view{"INVALID_PARAMETER_SYNTAX"};
  if (point != std::string_view::npos && has(without_decimals, code))
    return std::string_view{"DECIMALS_NOT_SUPPORTED"};
  if (decimals.size() > 2) return std::string_view{"DECIMAL_PRECISION"};
  const std::string padded = whole.empty() ? "0" + std::string{value} : std::string{value};
  const auto money = parse_money(padded, *currency);
  if (!money || money->minor > minor_max) return std::string_view{"MAX_VALUE_EXCEEDED"};
  if (negative || money->minor == 0) return std::string_view{"CANNOT_BE_ZERO_OR_NEGATIVE"};
  return *money;
}

std::string to_value(const Money& money) {
  auto text = to_decimal(money);
  // ISO 4217 gives HUF and TWD two decimals; what got in here has none of them.
  const auto point = text.find('.');
  if (point != std::string::npos && has(without_decimals, money.currency.code()))
    text.resize(point);
  return text;
}

Money fee_of(const Money& gross) noexcept {
  // 3.49 % and 49 of the smallest unit, in what the currency can be paid in.
  const bool whole = has(without_decimals, gross.currency.code()) && gross.currency.exponent() == 2;
  auto fee = gross.minor / 10'000 * 349 + gross.minor % 10'000 * 349 / 10'000 + 49;
  if (whole) fee -= fee % 100;
  return Money{std::min(fee, gross.minor), gross.currency};
}

}  // namespace cambist::gateway::sandbox::paypal
