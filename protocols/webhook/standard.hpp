// Standard Webhooks 1.0: how the events that we send are signed, so that whoever receives them can
// use any of the scheme's libraries.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/core/secret.hpp"
#include "protocols/core/time.hpp"
#include "protocols/http/message.hpp"

namespace cambist::webhook {

/// The value of `webhook-signature`: "v1,<base64>" for each secret, with spaces between.
/// Shape:  `secrets` are texts as `make_secret` gives them, two while one is rotated;
/// `unix_seconds`
///         is the time of this attempt, `id` the same for every attempt.
/// Errors: invalid_request for a secret that is none, for none at all, and for an id that is empty
///         or holds a point, which would let the signed text be split in two ways.
/// Source: Standard Webhooks 1.0; facts/webhooks.md section 2.
[[nodiscard]] Result<std::string> sign(std::string_view id, std::int64_t unix_seconds,
                                       std::string_view body, std::span<const std::string> secrets);

/// The three headers of a signed request.
/// Errors: those of `sign`.
[[nodiscard]] Result<http::Headers> signed_headers(std::string_view id, TimePoint now,
                                                   std::string_view body,
                                                   std::span<const std::string> secrets);

/// Whether one of the secrets signed this body within five minutes of `now`, either way.
/// Errors: unauthenticated with one and the same detail, whatever is wrong; invalid_request for a
///         secret that is none.
[[nodiscard]] Result<void> verify(const http::Headers& headers, std::string_view body,
                                  std::span<const std::string> secrets, TimePoint now);

/// The key behind "whsec_…": 24 to 64 bytes.
/// Errors: invalid_request; the text is not repeated.
[[nodiscard]] Result<Secret> read_secret(std::string_view text);

/// "whsec_" and the base64 of bytes that a source fit for secrets has drawn.
[[nodiscard]] std::string make_secret(const std::array<std::uint8_t, 32>& bytes);

}  // namespace cambist::webhook
