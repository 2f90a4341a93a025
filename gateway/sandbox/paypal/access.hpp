// Who may call: client credentials become a token, and a token goes with every call.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "gateway/sandbox/paypal/model.hpp"
#include "protocols/http/message.hpp"

namespace cambist::gateway::sandbox::paypal {

// Source: facts/paypal.md section 1.
constexpr std::chrono::seconds token_lifetime{32'400};
/// A client id or secret that PayPal does not know.
constexpr std::string_view unknown_client = "invalid_client";

/// The answer of POST /v1/oauth2/token.
[[nodiscard]] http::Response issue_token(Bench& bench, const http::Request& request, TimePoint now);
/// The answer to a call without a good token; nothing when the token is good.
[[nodiscard]] std::optional<http::Response> check_token(Bench& bench, const http::Headers& headers,
                                                        TimePoint now);
/// GET /sandbox/tokens: {"issued", "live"}; DELETE makes all of them invalid.
[[nodiscard]] http::Response show_tokens(Bench& bench, std::string_view method, TimePoint now);

}  // namespace cambist::gateway::sandbox::paypal
