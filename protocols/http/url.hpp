// The origin of a request that goes out, and percent- and form-encoding.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/core/error.hpp"

namespace cambist::http {

/// Shape: `host` is lower case, without the brackets of an IPv6 literal.
struct Origin {
  bool tls = false;
  std::string host;
  std::uint16_t port = 0;

  /// "host" or "host:port" as `Host` wants it: the port only when it is not the scheme's own.
  [[nodiscard]] std::string authority() const;
  friend bool operator==(const Origin&, const Origin&) = default;
};

/// Reads "http[s]://host[:port]" with nothing behind it.
/// Errors: invalid_request.
[[nodiscard]] Result<Origin> parse_origin(std::string_view text);

/// Everything but RFC 3986's unreserved characters as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);
/// Errors: invalid_request on a broken escape.
[[nodiscard]] Result<std::string> percent_decode(std::string_view text);

using Pairs = std::vector<std::pair<std::string, std::string>>;
/// application/x-www-form-urlencoded, in the order given; a space becomes '+'.
[[nodiscard]] std::string form_encode(const Pairs& pairs);
/// Also reads the query of a target. Empty names are kept; a name without '=' has an empty value.
/// Errors: invalid_request on a broken escape.
[[nodiscard]] Result<Pairs> form_decode(std::string_view text);

}  // namespace cambist::http
