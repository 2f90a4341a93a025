// Whether a webhook was signed by Stripe, and just now: the `Stripe-Signature` header.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/error.hpp"
#include "protocols/core/secret.hpp"
#include "protocols/core/time.hpp"
#include "protocols/http/message.hpp"

namespace cambist::stripe {

/// Shape: `timestamp` is the text of `t`, as it was signed; `v1` holds every signature of that
/// scheme, views into the header.
struct SignatureHeader {
  std::string_view timestamp;
  TimePoint signed_at;
  std::vector<std::string_view> v1;
};

/// Errors: unauthenticated when there is no usable `t`, more than one, or no `v1`. Other schemes
/// are passed over.
[[nodiscard]] Result<SignatureHeader> parse_signature(std::string_view header);

/// Looks at the raw body, never at what it says.
/// Errors: unauthenticated with one and the same detail, whatever is wrong.
/// Source: facts/stripe.md section 10; facts/security.md section 3.
[[nodiscard]] Result<void> verify_signature(const http::Request& request,
                                            std::span<const Secret> secrets, TimePoint now);

/// The header value Stripe would send: what tests and the sandbox sign with.
[[nodiscard]] std::string sign(std::string_view body, TimePoint now,
                               std::span<const Secret> secrets);

}  // namespace cambist::stripe
