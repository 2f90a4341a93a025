#include "config/checks.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "protocols/core/money.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::config {
namespace {

bool is_port(std::string_view text) noexcept {
  std::uint32_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  return !text.empty() && text.size() <= 5 && error == std::errc{} && stop == end && port <= 65'535;
}

bool is_host(std::string_view host) noexcept {
  const auto is_alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (host.size() > 3 && host.starts_with('[') && host.ends_with(']')) {
    return host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") ==
           std::string_view::npos;
  }
  return !host.empty() && host.size() <= 253 && is_alphanumeric(host.front()) &&
         std::all_of(host.begin(), host.end(),
                     [&](char c) { return is_alphanumeric(c) || c == '.' || c == '-'; });
}

bool is_path(std::string_view text) noexcept {
  return text.size() <= 4'096 && text.find('\0') == std::string_view::npos &&
         text.find('\n') == std::string_view::npos;
}

}  // namespace

std::optional<std::string> wrong_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const bool usable = colon != std::string_view::npos && is_host(text.substr(0, colon)) &&
                      is_port(text.substr(colon + 1));
  if (usable) return std::nullopt;
  return "write HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:8080 or [::1]:8080";
}

std::optional<std::string> wrong_log_level(std::string_view text) {
  for (const std::string_view level : {"trace", "debug", "info", "warn", "error"}) {
    if (text == level) return std::nullopt;
  }
  return "write one of trace, debug, info, warn, error";
}

std::optional<std::string> wrong_folder(std::string_view text) {
  if (!text.empty() && is_path(text)) return std::nullopt;
  return "name a folder, such as ./cambist-data";
}

std::optional<std::string> wrong_file(std::string_view text) {
  if (is_path(text)) return std::nullopt;
  return "name a file, or leave it empty";
}

std::optional<std::string> wrong_database(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text.starts_with("postgres://") || text.starts_with("postgresql://")) return std::nullopt;
  return "use a URL such as postgresql://user@host/database, or leave it empty to use the embedded "
         "store";
}

std::optional<std::string> wrong_api_key(std::string_view text) {
  const bool usable =
      !text.empty() && text.size() <= 255 &&
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (usable) return std::nullopt;
  return "use 1 to 255 printable characters without spaces";
}

std::optional<std::string> wrong_currency(std::string_view text) {
  if (Currency::parse(text)) return std::nullopt;
  return "use codes of ISO 4217, such as USD";
}

std::optional<std::string> wrong_country(std::string_view text) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (text.size() == 2 && std::all_of(text.begin(), text.end(), is_capital)) return std::nullopt;
  return "use codes of ISO 3166 in two capitals, such as KE";
}

std::optional<std::string> wrong_method_type(std::string_view text) {
  const bool usable = !text.empty() && text.size() <= 32 &&
                      std::all_of(text.begin(), text.end(),
                                  [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  if (usable) return std::nullopt;
  return "use types of payment methods, such as card or mobile_money";
}

std::optional<std::string> wrong_feature(std::string_view text) {
  if (provider::feature(text)) return std::nullopt;
  return "use " + provider::feature_names();
}

std::optional<std::string> wrong_tenant(std::string_view text) {
  const bool usable =
      !text.empty() && text.size() <= 64 &&
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (usable) return std::nullopt;
  return "use the names of tenants, such as default";
}

}  // namespace cambist::config
