// Money: integer minor units and a currency. No floating point anywhere.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"

namespace cambist {

/// An ISO 4217 currency.
/// Source: ISO 4217 table A.1 (list one); the exponent is the number of decimals.
class Currency {
 public:
  Currency() = default;  // "XXX", no currency: what a default-constructed Money has
  /// Errors: invalid_request when `code` is not three upper-case letters of a known currency.
  [[nodiscard]] static Result<Currency> parse(std::string_view code);

  [[nodiscard]] std::string_view code() const noexcept { return {code_.data(), 3}; }
  [[nodiscard]] int exponent() const noexcept { return exponent_; }

  friend bool operator==(const Currency&, const Currency&) = default;
  friend auto operator<=>(const Currency&, const Currency&) = default;

 private:
  std::array<char, 3> code_{'X', 'X', 'X'};
  std::int8_t exponent_ = 0;
};

/// An amount in minor units (cents for USD, whole yen for JPY).
struct Money {
  std::int64_t minor = 0;
  Currency currency{};

  friend bool operator==(const Money&, const Money&) = default;
};

/// Errors: invalid_request on different currencies or overflow.
[[nodiscard]] Result<Money> add(const Money& a, const Money& b);
/// Errors: invalid_request on different currencies or overflow. The result may be negative.
[[nodiscard]] Result<Money> subtract(const Money& a, const Money& b);
[[nodiscard]] inline Money zero(Currency currency) {
  return Money{0, currency};
}

/// The decimal text of an amount with exactly the currency's decimals: "100.00", "-0.05", "500".
[[nodiscard]] std::string to_decimal(const Money& money);
/// Reads "100", "100.5" or "100.50" for a currency.
/// Errors: invalid_request on anything but an optional sign, digits and one point; on more decimals
/// than
///         the currency has; on a value that does not fit.
[[nodiscard]] Result<Money> parse_money(std::string_view decimal, Currency currency);

}  // namespace cambist
