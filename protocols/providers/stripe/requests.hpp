// A call as bytes: pure, and the same bytes for the same call.
#pragma once

#include "protocols/core/error.hpp"
#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/providers/stripe/settings.hpp"

namespace cambist::stripe {

/// Errors: what to_wire refuses; invalid_request for an idempotency key that is too long; internal
/// when a call
///         about an intent names none.
[[nodiscard]] Result<http::Request> build_request(const AccountSettings& account,
                                                  const provider::Call& call);

}  // namespace cambist::stripe
