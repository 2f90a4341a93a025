// The result that M-Pesa posts to the listener: no signature, no amount. It names a payment, and
// that is all that is believed of it.
#pragma once

#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/http/message.hpp"
#include "protocols/provider/notice.hpp"
#include "protocols/providers/mpesa_openapi_tz/settings.hpp"

namespace cambist::mpesa_openapi_tz {

/// Errors: not_found without a webhook_secret; unauthenticated, whatever is wrong.
[[nodiscard]] Result<void> verify_callback(const AccountSettings& account,
                                           const http::Request& request);

/// Shape: `livemode` as of the account. One whose conversation is not of our making is Irrelevant.
/// Errors: invalid_request with the field, for what is no result.
[[nodiscard]] Result<provider::Notice> read_callback(std::string_view body, bool livemode);

/// What the listener must answer, for any body.
[[nodiscard]] std::string acknowledge(std::string_view body);

}  // namespace cambist::mpesa_openapi_tz
