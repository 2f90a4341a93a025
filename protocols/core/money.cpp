#include "protocols/core/money.hpp"

#include <algorithm>

namespace cambist {
namespace {

// ISO 4217 list one, sorted, without the X-codes that are no money (metals, testing). Codes
// withdrawn in the last years (ANG, CUC, SLL, ZWL) stay readable, since kept payments carry them.
// The digit after each code is the number of decimals.
constexpr std::string_view table =
    "AED2AFN2ALL2AMD2ANG2AOA2ARS2AUD2AWG2AZN2BAM2BBD2BDT2BGN2BHD3BIF0BMD2BND2BOB2BOV2BRL2BSD2BTN2BW"
    "P2BYN2BZD2"
    "CAD2CDF2CHE2CHF2CHW2CLF4CLP0CNY2COP2COU2CRC2CUC2CUP2CVE2CZK2DJF0DKK2DOP2DZD2EGP2ERN2ETB2EUR2FJ"
    "D2FKP2GBP2"
    "GEL2GHS2GIP2GMD2GNF0GTQ2GYD2HKD2HNL2HTG2HUF2IDR2ILS2INR2IQD3IRR2ISK0JMD2JOD3JPY0KES2KGS2KHR2KM"
    "F0KPW2KRW0"
    "KWD3KYD2KZT2LAK2LBP2LKR2LRD2LSL2LYD3MAD2MDL2MGA2MKD2MMK2MNT2MOP2MRU2MUR2MVR2MWK2MXN2MXV2MYR2MZ"
    "N2NAD2NGN2"
    "NIO2NOK2NPR2NZD2OMR3PAB2PEN2PGK2PHP2PKR2PLN2PYG0QAR2RON2RSD2RUB2RWF0SAR2SBD2SCR2SDG2SEK2SGD2SH"
    "P2SLE2SLL2"
    "SOS2SRD2SSP2STN2SVC2SYP2SZL2THB2TJS2TMT2TND3TOP2TRY2TTD2TWD2TZS2UAH2UGX0USD2USN2UYI0UYU2UYW4UZ"
    "S2VED2VES2"
    "VND0VUV0WST2XAF0XCD2XCG2XOF0XPF0YER2ZAR2ZMW2ZWG2ZWL2";
constexpr std::size_t entry_size = 4;
static_assert(table.size() % entry_size == 0);

}  // namespace

Result<Currency> Currency::parse(std::string_view code) {
  std::size_t low = 0;
  std::size_t high = table.size() / entry_size;
  while (code.size() == 3 && low < high) {
    const std::size_t middle = (low + high) / 2;
    const std::string_view entry = table.substr(middle * entry_size, entry_size);
    const int order = entry.substr(0, 3).compare(code);
    if (order == 0) {
      Currency found;
      std::copy_n(entry.begin(), 3, found.code_.begin());
      found.exponent_ = static_cast<std::int8_t>(entry[3] - '0');
      return found;
    }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return Error{ErrorCode::invalid_request, "not an ISO 4217 currency code such as USD"};
}

Result<Money> add(const Money& a, const Money& b) {
  Money sum{0, a.currency};
  if (a.currency != b.currency)
    return Error{ErrorCode::invalid_request, "amounts of different currencies"};
  if (__builtin_add_overflow(a.minor, b.minor, &sum.minor)) {
    return Error{ErrorCode::invalid_request, "amount out of range"};
  }
  return sum;
}

Result<Money> subtract(const Money& a, const Money& b) {
  Money difference{0, a.currency};
  if (a.currency != b.currency)
    return Error{ErrorCode::invalid_request, "amounts of different currencies"};
  if (__builtin_sub_overflow(a.minor, b.minor, &difference.minor)) {
    return Error{ErrorCode::invalid_request, "amount out of range"};
  }
  return difference;
}

std::string to_decimal(const Money& money) {
  const bool negative = money.minor < 0;
  // Negating in unsigned arithmetic is defined for the smallest value too.
  const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(money.minor)
                                  : static_cast<std::uint64_t>(money.minor);
  std::string text = std::to_string(magnitude);
  const auto decimals = static_cast<std::size_t>(money.currency.exponent());
  if (decimals > 0) {
    if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
    text.insert(text.size() - decimals, 1, '.');
  }
  return negative ? "-" + text : text;
}

Result<Money> parse_money(std::string_view decimal, Currency currency) {
  const Error malformed{ErrorCode::invalid_request, "not a decimal amount such as \"100.00\""};
  std::string_view rest = decimal;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  const std::size_t point = rest.find('.');
  const std::string_view whole = rest.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view{} : rest.substr(point + 1);
  if (whole.empty() || (point != std::string_view::npos && fraction.empty())) return malformed;
  if (whole.size() > 1 && whole.front() == '0') return malformed;
  const auto decimals = static_cast<std::size_t>(currency.exponent());
  std::int64_t minor = 0;
  const auto push = [&](char c) {
    return c >= '0' && c <= '9' && !__builtin_mul_overflow(minor, 10, &minor) &&
           !__builtin_add_overflow(minor, c - '0', &minor);
  };
  const auto all_digits = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!all_digits(whole) || !all_digits(fraction)) return malformed;
  if (fraction.size() > decimals) {
    return Error{ErrorCode::invalid_request, std::string{currency.code()} + " has " +
                                                 std::to_string(decimals) +
                                                 " decimals, the value has more"};
  }
  for (std::size_t i = 0; i < whole.size() + decimals; ++i) {
    const char c = i < whole.size()
                       ? whole[i]
                       : (i - whole.size() < fraction.size() ? fraction[i - whole.size()] : '0');
    if (!push(c)) return Error{ErrorCode::invalid_request, "amount out of range"};
  }
  return Money{negative ? -minor : minor, currency};
}

}  // namespace cambist
