// The access token that all calls of an account share.
#pragma once

#include "protocols/core/error.hpp"
#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/providers/paypal/settings.hpp"

namespace cambist::paypal {

/// Source: facts/paypal.md section 1.
[[nodiscard]] http::Request token_request(const AccountSettings& account);

/// Errors: unauthenticated when the client id or its secret were refused; unavailable for any other
/// answer.
[[nodiscard]] Result<provider::Token> read_access_token(const http::Response& response);

}  // namespace cambist::paypal
