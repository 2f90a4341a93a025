#include "protocols/http/url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "protocols/http/syntax.hpp"

namespace cambist::http {

namespace {

Error bad_origin(const char* detail) {
  return {ErrorCode::invalid_request, detail};
}

bool is_unreserved(char c) noexcept {
  return is_digit(c) || is_alpha(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void encode_into(std::string& out, std::string_view text, bool form) {
  constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c) && !(form && c == '~')) {
      out.push_back(c);
    } else if (form && c == ' ') {
      out.push_back('+');
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(digits[byte >> 4]);
      out.push_back(digits[byte & 15]);
    }
  }
}

Result<std::string> decode(std::string_view text, bool form) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && form) {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0) {
        return Error{ErrorCode::invalid_request, "a percent-encoding is broken"};
      }
      out.push_back(static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
      i += 2;
    }
  }
  return out;
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

std::string Origin::authority() const {
  auto out = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? 443 : 80)) out += ":" + std::to_string(port);
  return out;
}

Result<Origin> parse_origin(std::string_view text) {
  Origin origin;
  if (text.starts_with("https://")) {
    origin.tls = true;
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
  } else {
    return bad_origin("the origin does not begin with http:// or https://");
  }
  origin.port = origin.tls ? 443 : 80;
  std::string_view host;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos)
      return bad_origin("the origin's address is not closed by ]");
    host = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    if (!std::all_of(host.begin(), host.end(),
                     [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; })) {
      return bad_origin("the origin's address is not one of IPv6");
    }
  } else {
    host = text.substr(0, text.find(':'));
    text.remove_prefix(host.size());
    if (!std::all_of(host.begin(), host.end(), [](char c) {
          return is_digit(c) || is_alpha(c) || c == '-' || c == '.' || c == '_';
        })) {
      return bad_origin("the origin's host holds a byte that is not allowed");
    }
  }
  if (host.empty() || host.size() > 253)
    return bad_origin("the origin's host is missing or too long");
  if (!text.empty()) {
    const auto port = text.front() == ':' ? parse_port(text.substr(1)) : std::nullopt;
    if (!port) return bad_origin("the origin's port is not a number from 1 to 65535");
    origin.port = *port;
  }
  origin.host.resize(host.size());
  std::transform(host.begin(), host.end(), origin.host.begin(), to_lower);
  return origin;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  encode_into(out, text, false);
  return out;
}

Result<std::string> percent_decode(std::string_view text) {
  return decode(text, false);
}

std::string form_encode(const Pairs& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out.push_back('&');
    encode_into(out, name, true);
    out.push_back('=');
    encode_into(out, value, true);
  }
  return out;
}

Result<Pairs> form_decode(std::string_view text) {
  Pairs pairs;
  while (!text.empty()) {
    const auto pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = decode(pair.substr(0, equals), true);
    if (!name) return name.error();
    auto value = decode(
        equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
    if (!value) return value.error();
    pairs.emplace_back(*std::move(name), *std::move(value));
  }
  return pairs;
}

}  // namespace cambist::http
