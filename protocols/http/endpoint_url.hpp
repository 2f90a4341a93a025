// The URL of a merchant's endpoint: what may be named at all. What its name resolves to is asked of
// `is_public`, for every address and at each delivery.
#pragma once

#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/http/url.hpp"

namespace cambist::http {

/// Shape: `origin.host` is lower case and ASCII; `target` starts with '/' and keeps its query.
///        `loopback`: only in development mode; the addresses behind it are then loopback ones.
struct EndpointUrl {
  Origin origin;
  std::string target;
  bool loopback = false;

  /// The URL again, in its one spelling.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const EndpointUrl&, const EndpointUrl&) = default;
};

enum class EndpointMode { production, development };

/// Reads "https://host[:443|:8443]/path[?query]". In development mode also http and https to
/// localhost, 127.0.0.0/8 and [::1], on any port.
/// Errors: invalid_request with field "url"; the text is not repeated, since it may hold a
/// password. Source: facts/security.md section 4.
[[nodiscard]] Result<EndpointUrl> parse_endpoint_url(std::string_view text, EndpointMode mode);

}  // namespace cambist::http
