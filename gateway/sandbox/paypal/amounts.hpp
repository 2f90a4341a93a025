// PayPal's rules for amounts and currencies: decimals of its own, and a short list of what it
// takes.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "protocols/core/money.hpp"

namespace cambist::gateway::sandbox::paypal {

/// The amount in ISO minor units, or the issue that PayPal names.
/// Shape: `code` and `value` as they came.
[[nodiscard]] std::variant<Money, std::string_view> read_money(std::string_view code,
                                                               std::string_view value);
/// The value as PayPal writes it: two decimals, or none for HUF, JPY and TWD.
[[nodiscard]] std::string to_value(const Money& money);
/// The fee the sandbox takes of a payment, never more than the payment.
[[nodiscard]] Money fee_of(const Money& gross) noexcept;

}  // namespace cambist::gateway::sandbox::paypal
