// What Airtel tells by itself: that a collection ended, without an amount, and perhaps with a hash.
#pragma once

#include <string>
#include <string_view>

#include "protocols/http/message.hpp"
#include "protocols/provider/notice.hpp"
#include "protocols/providers/airtel_money/settings.hpp"

namespace cambist::airtel_money {

/// Whether the callback's hash is ours to expect and right.
/// Errors: unauthenticated, without saying why.
[[nodiscard]] Result<void> verify_hash(const CallbackHash& hash, const http::Request& request);

/// The bytes that `form` says are hashed; empty when the body has no such form.
[[nodiscard]] std::string hashed_bytes(CallbackForm form, std::string_view body);

/// Errors: invalid_request with the field, for what is no callback of a collection.
[[nodiscard]] Result<provider::Notice> read_callback(std::string_view body);

}  // namespace cambist::airtel_money
