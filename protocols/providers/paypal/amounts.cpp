#include "protocols/providers/paypal/amounts.hpp"

#include <algorithm>
#include <array>

namespace cambist::paypal {
namespace {

using namespace std::string_view_literals;

// BRL, CNY, INR and MYR for accounts in their country only: PayPal refuses the others itself.
constexpr std::array supported{"AUD"sv, "BRL"sv, "CAD"sv, "CHF"sv, "CNY"sv, "CZK"sv, "DKK"sv,
                               "EUR"sv, "GBP"sv, "HKD"sv, "HUF"sv, "ILS"sv, "INR"sv, "JPY"sv,
                               "MXN"sv, "MYR"sv, "NOK"sv, "NZD"sv, "PHP"sv, "PLN"sv, "SEK"sv,
                               "SGD"sv, "THB"sv, "TWD"sv, "USD"sv};
// ISO 4217 gives HUF and TWD two decimals.
constexpr std::array whole_units{"HUF"sv, "JPY"sv, "TWD"sv};

// Source: facts/paypal.md section 1, "money": at most 32 characters.
constexpr std::size_t value_length_max = 32;

template <std::size_t Size>
bool among(const std::array<std::string_view, Size>& codes, std::string_view code) noexcept {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

Result<std::string> to_wire(const Money& money) {
  const std::string code{money.currency.code()};
  if (!among(supported, code)) {
    return Error{ErrorCode::unsupported_by_provider, "PayPal takes no payments in " + code,
                 "amount.currency"};
  }
  if (money.minor <= 0) {
    return Error{ErrorCode::invalid_request, "the amount must be above zero", "amount.value"};
  }
  std::string text = to_decimal(money);
  if (!among(whole_units, code)) return text;
  const auto point = text.find('.');
  if (point == std::string::npos) return text;
  if (text.find_first_not_of('0', point + 1) != std::string::npos) {
    return Error{ErrorCode::unsupported_by_provider, "PayPal takes " + code + " without decimals",
                 "amount.value"};
  }
  text.resize(point);
  return text;
}

std::optional<Money> from_wire(std::string_view value, std::string_view currency) {
  const auto known = Currency::parse(currency);
  if (!known || value.empty() || value.size() > value_length_max) return std::nullopt;
  const auto money = parse_money(value, *known);
  return money ? std::optional{*money} : std::nullopt;
}

}  // namespace cambist::paypal
