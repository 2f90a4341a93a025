// What Daraja calls back with: results of prompts, reversals, payments and status queries. Nothing
// is signed; the URL is what makes a callback ours.
#pragma once

#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/http/message.hpp"
#include "protocols/provider/notice.hpp"
#include "protocols/providers/mpesa_daraja/settings.hpp"

namespace cambist::mpesa_daraja {

/// Errors: unauthenticated, without saying what was wrong.
/// Source: facts/mpesa.md A9.
[[nodiscard]] Result<void> verify_callback(const AccountSettings& account,
                                           const http::Request& request);

/// Shape: `path` is what followed the secret; empty for a callback that was sent to no payment's
///        own URL, which is known by its CheckoutRequestID alone.
/// Errors: invalid_request with `field` "path", "body" or the JSON field.
/// Source: facts/mpesa.md A3 and A7.
[[nodiscard]] Result<provider::Notice> read_callback(std::string_view path, std::string_view body);

}  // namespace cambist::mpesa_daraja
