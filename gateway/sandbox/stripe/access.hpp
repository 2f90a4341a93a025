// Who may call: Stripe's API keys, as Bearer token or as the user name of Basic.
#pragma once

#include <optional>

#include "gateway/sandbox/stripe/failure.hpp"
#include "protocols/http/message.hpp"

namespace cambist::gateway::sandbox::stripe {

/// Any sk_test_ or rk_test_ key is the one account's key.
/// Errors: 401; the key itself is never repeated.
[[nodiscard]] std::optional<Failure> check_access(const http::Headers& headers);

}  // namespace cambist::gateway::sandbox::stripe
