#include "protocols/http/endpoint_url.hpp"

#include <algorithm>

#include "protocols/http/public_address.hpp"
#include "protocols/http/syntax.hpp"

namespace cambist::http {
namespace {

constexpr std::size_t url_bytes_max = 2'048;

Error wrong(std::string detail) {
  return Error{ErrorCode::invalid_request, std::move(detail), "url"};
}

bool is_label(std::string_view label) noexcept {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return is_digit(c) || is_alpha(c) || c == '-'; });
}

// A name that the public DNS can have: at least two labels, the last not a number. Resolvers read
// "0x7f.1" and "2130706433" as addresses, and "intranet" as somebody in our own network.
bool is_public_name(std::string_view host) noexcept {
  std::size_t labels = 0;
  while (true) {
    const std::size_t point = host.find('.');
    const std::string_view label = host.substr(0, point);
    if (!is_label(label)) return false;
    ++labels;
    if (point == std::string_view::npos) {
      return labels >= 2 && !is_digit(label.front());
    }
    host.remove_prefix(point + 1);
  }
}

// Names that RFC 6761, 6762, 7686, 8375 and ICANN keep out of the public DNS.
bool is_reserved_name(std::string_view host) noexcept {
  constexpr std::string_view suffixes[] = {".localhost", ".local",     ".internal", ".invalid",
                                           ".test",      ".home.arpa", ".onion",    ".localdomain"};
  return std::any_of(std::begin(suffixes), std::end(suffixes),
                     [host](std::string_view suffix) { return host.ends_with(suffix); });
}

// Visible ASCII without what browsers and libraries read in different ways.
bool is_target(std::string_view target) noexcept {
  return std::all_of(target.begin(), target.end(), [](char c) {
    return c > ' ' && c < 0x7f && std::string_view{"\\\"<>^`{|}"}.find(c) == std::string_view::npos;
  });
}

Result<void> check_host(const Origin& origin, bool loopback) {
  if (loopback) return {};
  if (!origin.tls) return wrong("must begin with https://");
  if (parse_address(origin.host) || origin.host.find(':') != std::string::npos) {
    return wrong("must name its host, not an address");
  }
  if (!is_public_name(origin.host) || is_reserved_name(origin.host)) {
    return wrong("has no host that the public DNS can have");
  }
  if (origin.port != 443 && origin.port != 8443) return wrong("must use port 443 or 8443");
  return {};
}

}  // namespace

std::string EndpointUrl::text() const {
  return (origin.tls ? "https://" : "http://") + origin.authority() + target;
}

Result<EndpointUrl> parse_endpoint_url(std::string_view text, EndpointMode mode) {
  if (text.size() > url_bytes_max) return wrong("is longer than 2048 bytes");
  if (!is_target(text)) return wrong("holds a character that a URL must not have");
  if (text.find('#') != std::string_view::npos) return wrong("must not have a fragment");
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return wrong("must begin with https://");
  const std::size_t end = std::min(text.find_first_of("/?", scheme + 3), text.size());
  if (text.substr(0, end).find('@') != std::string_view::npos) {
    return wrong("must not hold a user or a password");
  }
  const auto origin = parse_origin(text.substr(0, end));
  if (!origin) return wrong("is not of the form https://HOST[:PORT]/PATH");

  const auto address = parse_address(origin->host);
  const bool loopback = mode == EndpointMode::development &&
                        (origin->host == "localhost" || (address && is_loopback(*address)));
  if (auto checked = check_host(*origin, loopback); !checked) return checked.error();
  std::string target{text.substr(end)};
  if (!target.starts_with('/')) target.insert(0, "/");
  return EndpointUrl{*origin, std::move(target), loopback};
}

}  // namespace cambist::http
