// What a verified event of PayPal tells.
#pragma once

#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/provider/notice.hpp"

namespace cambist::paypal {

/// `live`: events do not say it, so the account does.
/// Errors: invalid_request with the field, when the body is no event at all, or one of a known type
/// that does not tell its payment.
/// Source: facts/paypal.md section 9; README.md, "Webhooks".
[[nodiscard]] Result<provider::Notice> read_event(std::string_view body, bool live);

}  // namespace cambist::paypal
