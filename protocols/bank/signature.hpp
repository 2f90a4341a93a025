// Whether a callback was signed by the bank, and just now: the header `X-Bank-Signature`.
#pragma once

#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/core/secret.hpp"
#include "protocols/core/time.hpp"
#include "protocols/http/message.hpp"

namespace cambist::bank {

/// Looks at the raw body, never at what it says. 300 seconds either way.
/// Errors: unauthenticated with one and the same detail, whatever is wrong.
/// Source: facts/bank-transfer.md section 4.
[[nodiscard]] Result<void> verify_signature(const http::Request& request, const Secret& secret,
                                            TimePoint now);
/// The header's value: "t=<unix>,v1=<hex>".
[[nodiscard]] std::string sign(std::string_view body, TimePoint now, const Secret& secret);

}  // namespace cambist::bank
