// Where a provider is reached: the part of a URL that a setting may choose.
#pragma once

#include <string>
#include <string_view>

#include "protocols/core/error.hpp"

namespace cambist::provider {

/// Shape: `origin` is "http[s]://host[:port]"; `prefix` is empty or starts with '/' and does not
/// end with one.
struct BaseUrl {
  std::string origin;
  std::string prefix{};
  friend bool operator==(const BaseUrl&, const BaseUrl&) = default;
};

/// Reads "https://host[:port][/prefix]". Plain http is taken for loopback hosts only: credentials
/// travel in headers. Errors: invalid_request; the detail says what is wrong and never repeats the
/// text, which may hold a password.
[[nodiscard]] Result<BaseUrl> parse_base_url(std::string_view text);

/// The host of a base URL, without its port.
[[nodiscard]] std::string_view host_of(const BaseUrl& base) noexcept;

/// "localhost", 127.0.0.0/8 or "[::1]".
[[nodiscard]] bool is_loopback(std::string_view host) noexcept;

}  // namespace cambist::provider
