// PayPal's own currencies and decimals, which are not ISO 4217's for every currency.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/core/money.hpp"

namespace cambist::paypal {

/// The decimal text that stands for `money` on PayPal's wire: "12.00" USD, "1000" HUF.
/// Errors: invalid_request with `field` "amount.value" when not positive; unsupported_by_provider
/// with "amount.currency" when PayPal does not take the currency, with "amount.value" when it
/// counts it in whole units only. Source: facts/paypal.md section 6.
[[nodiscard]] Result<std::string> to_wire(const Money& money);

/// The reverse; nullopt for a currency that we do not know, or a text that is no amount of it.
[[nodiscard]] std::optional<Money> from_wire(std::string_view value, std::string_view currency);

}  // namespace cambist::paypal
