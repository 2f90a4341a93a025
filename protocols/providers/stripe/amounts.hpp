// Stripe's own minor units, which are not ISO 4217's for every currency.
#pragma once

#include <cstdint>
#include <string>

#include "protocols/core/error.hpp"
#include "protocols/core/money.hpp"

namespace cambist::stripe {

/// The integer that stands for `money` on Stripe's wire.
/// Errors: invalid_request when not positive; unsupported_by_provider when Stripe has no such
/// amount in the
///         currency or takes none that large. `field` is "amount.value".
/// Source: facts/stripe.md, "Amounts and currencies".
[[nodiscard]] Result<std::int64_t> to_wire(const Money& money);

/// The reverse; any sign.
/// Errors: invalid_request when the currency has no such amount or it does not fit.
[[nodiscard]] Result<Money> from_wire(std::int64_t wire, Currency currency);

/// The decimals Stripe counts in: 2 for UGX and ISK, 0 for MGA.
[[nodiscard]] int wire_exponent(Currency currency) noexcept;

/// "usd"
[[nodiscard]] std::string wire_code(Currency currency);

}  // namespace cambist::stripe
