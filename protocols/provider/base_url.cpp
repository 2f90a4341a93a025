#include "protocols/provider/base_url.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace cambist::provider {
namespace {

Error wrong(std::string what) {
  return Error{ErrorCode::invalid_request, std::move(what)};
}

bool is_alphanumeric(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_port(std::string_view text) noexcept {
  std::uint32_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && text.size() <= 5 &&
         port >= 1 && port <= 65'535;
}

bool is_name(std::string_view host) noexcept {
  return !host.empty() && host.size() <= 253 && is_alphanumeric(host.front()) &&
         is_alphanumeric(host.back()) && host.find("..") == std::string_view::npos &&
         std::all_of(host.begin(), host.end(),
                     [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; });
}

bool is_ipv6(std::string_view host) noexcept {
  return host.size() >= 4 && host.starts_with('[') && host.ends_with(']') &&
         host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") ==
             std::string_view::npos;
}

bool is_path(std::string_view path) noexcept {
  return path.find("..") == std::string_view::npos && path.find("//") == std::string_view::npos &&
         std::all_of(path.begin(), path.end(), [](char c) {
           return is_alphanumeric(c) || c == '/' || c == '-' || c == '.' || c == '_' || c == '~';
         });
}

}  // namespace

bool is_loopback(std::string_view host) noexcept {
  if (host == "localhost" || host == "[::1]") return true;
  // Dotted quads only: "127.example.com" is a name that anybody can own.
  return host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string_view host_of(const BaseUrl& base) noexcept {
  std::string_view host = base.origin;
  host.remove_prefix(std::min(host.size(), host.find("://") + 3));
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  return has_port ? host.substr(0, colon) : host;
}

Result<BaseUrl> parse_base_url(std::string_view text) {
  const bool plain = text.starts_with("http://");
  if (!plain && !text.starts_with("https://")) {
    return wrong("not an URL of the form https://HOST[:PORT]");
  }
  const std::size_t scheme = plain ? 7 : 8;
  std::string_view rest = text.substr(scheme);
  if (rest.find_first_of("@?#") != std::string_view::npos) {
    return wrong("the URL must not hold a user, a query or a fragment");
  }
  const std::size_t slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  std::string_view prefix = slash == std::string_view::npos ? "" : rest.substr(slash);
  if (!is_path(prefix)) return wrong("the URL's path has characters that it must not have");
  if (prefix.ends_with('/')) prefix.remove_suffix(1);

  std::string_view host = authority;
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    host = authority.substr(0, colon);
    if (!is_port(authority.substr(colon + 1))) {
      return wrong("the URL's port is not a number from 1 to 65535");
    }
  }
  if (!is_name(host) && !is_ipv6(host)) return wrong("the URL has no usable host");
  if (plain && !is_loopback(host)) {
    return wrong("plain http is taken for loopback hosts only; use https://");
  }
  return BaseUrl{std::string{text.substr(0, scheme)} + std::string{authority}, std::string{prefix}};
}

}  // namespace cambist::provider
