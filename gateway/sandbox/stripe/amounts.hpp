// Stripe's rules for amounts and currencies: its minor units are not ISO 4217's, and it has limits
// per currency.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/sandbox/stripe/failure.hpp"
#include "protocols/core/money.hpp"

namespace cambist::gateway::sandbox::stripe {

/// A currency Stripe takes, by its code in either case.
[[nodiscard]] std::optional<Currency> supported_currency(std::string_view code);
/// Decimals of the wire amount.
/// Source: facts/stripe.md section 8.
[[nodiscard]] int wire_exponent(Currency currency) noexcept;
/// The same amount in ISO 4217 minor units; exact for every amount that passed `check_unit`.
[[nodiscard]] Money to_money(std::int64_t wire, Currency currency) noexcept;
/// The wire amount of `money`; nothing when it is no whole number of wire units.
[[nodiscard]] std::optional<std::int64_t> to_wire(const Money& money) noexcept;
/// Errors: the amount is no whole number of the smallest unit that Stripe moves (three-decimal
/// currencies,
///         ISK, UGX).
[[nodiscard]] std::optional<Failure> check_unit(std::int64_t wire, Currency currency,
                                                std::string_view param);
/// `check_unit`, then the limits of a payment: amount_too_small, amount_too_large.
[[nodiscard]] std::optional<Failure> check_amount(std::int64_t wire, Currency currency);

}  // namespace cambist::gateway::sandbox::stripe
