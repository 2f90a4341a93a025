#include "protocols/http/head_guard.hpp"

#include <array>
#include <optional>
#include <utility>

#include "protocols/http/syntax.hpp"

namespace cambist::http {

namespace {

using Refused = std::optional<HeadRefusal>;

HeadRefusal refuse(std::string detail, int status = 400,
                   ErrorCode code = ErrorCode::invalid_request) {
  return {status, Error{code, std::move(detail)}};
}

// The methods that some route may know; which route knows which is not asked here.
constexpr std::array<std::string_view, 7> methods{"GET",   "HEAD",   "POST",   "PUT",
                                                  "PATCH", "DELETE", "OPTIONS"};

bool takes_no_body(std::string_view method) noexcept {
  return method == "GET" || method == "HEAD" || method == "DELETE" || method == "OPTIONS";
}

// A path is refused when, decoded once, it holds a control byte or a ".." between separators.
Refused check_path(std::string_view path) {
  std::string segment;
  for (std::size_t i = 0; i <= path.size(); ++i) {
    char c = i < path.size() ? path[i] : '/';
    if (c == '%') {
      c = static_cast<char>(hex_value(path[i + 1]) * 16 + hex_value(path[i + 2]));
      i += 2;
    }
    if (is_control(c)) return refuse("the path holds a control byte");
    if (c == '/' || c == '\\') {
      if (segment == "..") return refuse("the path leaves its root");
      segment.clear();
    } else if (segment.size() < 3) {
      segment.push_back(c);
    }
  }
  return std::nullopt;
}

Refused check_target(std::string_view target) {
  if (target.empty() || target.front() != '/') return refuse("the target is not in origin-form");
  for (std::size_t i = 0; i < target.size(); ++i) {
    const char c = target[i];
    if (c == ' ' || is_control(c) || static_cast<unsigned char>(c) >= 0x80)
      return refuse("the target holds a byte that must be encoded");
    if (c == '#') return refuse("the target holds a fragment");
    if (c != '%') continue;
    if (i + 2 >= target.size() || hex_value(target[i + 1]) < 0 || hex_value(target[i + 2]) < 0) {
      return refuse("the target holds a broken percent-encoding");
    }
    if (target[i + 1] == '0' && target[i + 2] == '0')
      return refuse("the target holds an encoded NUL");
  }
  return check_path(target.substr(0, target.find('?')));
}

Refused read_request_line(std::string_view line, const HeadLimits& limits, Head& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return refuse("the request line is not: method, target, version");
  }
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (std::find(methods.begin(), methods.end(), method) == methods.end()) {
    return refuse("the method is not known");
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return refuse("the version is neither HTTP/1.1 nor HTTP/1.0");
  }
  if (target.size() > limits.target_bytes) {
    return refuse("the target is too long", 414, ErrorCode::uri_too_long);
  }
  if (auto refused = check_target(target)) return refused;
  head.method = method;
  head.target = target;
  head.minor_version = version.back() - '0';
  return std::nullopt;
}

Refused read_field(std::string_view line, Head& head) {
  if (line.front() == ' ' || line.front() == '\t') return refuse("a field is folded over lines");
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return refuse("a field has no colon");
  const auto name = line.substr(0, colon);
  if (!is_token(name)) return refuse("a field name holds a byte that is not allowed");
  const auto value = trim(line.substr(colon + 1));
  for (const char c : value) {
    if (is_control(c) && c != '\t') return refuse("a field value holds a control byte");
  }
  head.headers.push_back({std::string{name}, std::string{value}});
  return std::nullopt;
}

// host[:port] or [v6][:port]; no userinfo, no list, no spaces.
bool is_host(std::string_view value) noexcept {
  return !value.empty() && value.size() <= 260 &&
         std::all_of(value.begin(), value.end(), [](char c) {
           return is_digit(c) || is_alpha(c) || c == '-' || c == '.' || c == '_' || c == ':' ||
                  c == '[' || c == ']';
         });
}

bool is_token_list(std::string_view list) noexcept {
  while (true) {
    const auto comma = list.find(',');
    const auto item = trim(list.substr(0, comma));
    if (!item.empty() && !is_token(item)) return false;
    if (comma == std::string_view::npos) return true;
    list.remove_prefix(comma + 1);
  }
}

// Digits only; at most 18, so that it cannot overflow.
std::optional<std::uint64_t> read_length(std::string_view value) noexcept {
  if (value.empty() || value.size() > 18) return std::nullopt;
  std::uint64_t length = 0;
  for (const char c : value) {
    if (!is_digit(c)) return std::nullopt;
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return length;
}

// The fields that decide where this request ends and what the next byte means.
struct FramingFields {
  int hosts = 0, lengths = 0, codings = 0;
  std::string_view length{}, coding{}, expect{};
};

Refused collect(const Head& head, FramingFields& fields, bool& closes, bool& keeps) {
  for (const auto& [name, value] : head.headers) {
    if (equals_ignoring_case(name, "host")) {
      ++fields.hosts;
      if (!is_host(value)) return refuse("Host is not a host with an optional port");
    } else if (equals_ignoring_case(name, "content-length")) {
      ++fields.lengths;
      fields.length = value;
    } else if (equals_ignoring_case(name, "transfer-encoding")) {
      ++fields.codings;
      fields.coding = value;
    } else if (equals_ignoring_case(name, "expect")) {
      fields.expect = value;
    } else if (equals_ignoring_case(name, "connection")) {
      if (!is_token_list(value)) return refuse("Connection is not a list of tokens");
      closes = closes || list_has(value, "close");
      keeps = keeps || list_has(value, "keep-alive");
    }
  }
  return std::nullopt;
}

Refused decide_framing(const FramingFields& fields, Head& head) {
  if (fields.codings > 0) {
    if (fields.lengths > 0) return refuse("Transfer-Encoding stands together with Content-Length");
    if (head.minor_version == 0) return refuse("Transfer-Encoding is not known to HTTP/1.0");
    if (fields.codings > 1) return refuse("Transfer-Encoding stands more than once");
    if (!equals_ignoring_case(fields.coding, "chunked")) {
      return refuse("only the transfer coding chunked is served", 501, ErrorCode::not_implemented);
    }
    head.framing = Framing::chunked;
  } else if (fields.lengths > 0) {
    if (fields.lengths > 1) return refuse("Content-Length stands more than once");
    const auto length = read_length(fields.length);
    if (!length) return refuse("Content-Length is not one decimal number");
    head.content_length = *length;
    if (*length > 0) head.framing = Framing::length;
  }
  if (head.framing != Framing::none && takes_no_body(head.method)) {
    return refuse("a request with this method has no body");
  }
  return std::nullopt;
}

Refused conclude(Head& head) {
  FramingFields fields;
  bool closes = false;
  bool keeps = false;
  if (auto refused = collect(head, fields, closes, keeps)) return refused;
  if (fields.hosts != 1) return refuse("exactly one Host is needed");
  if (auto refused = decide_framing(fields, head)) return refused;
  if (!fields.expect.empty()) {
    if (!equals_ignoring_case(fields.expect, "100-continue")) {
      return refuse("this expectation cannot be met", 417);
    }
    head.expects_continue = head.minor_version == 1 && head.framing != Framing::none;
  }
  head.keep_alive = !closes && (head.minor_version == 1 || keeps);
  return std::nullopt;
}

}  // namespace

HeadScan scan_head(std::string_view bytes, std::size_t scanned) noexcept {
  bool after_cr = scanned > 0 && bytes[scanned - 1] == '\r';
  for (std::size_t i = scanned; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (!after_cr && static_cast<unsigned char>(c) > '\r') continue;  // nearly every byte
    if (after_cr != (c == '\n') || c == '\0') return {i, 0, true};
    if (c == '\n' && i >= 3 && bytes[i - 2] == '\n') return {i + 1, i + 1, false};
    after_cr = c == '\r';
  }
  return {bytes.size(), 0, false};
}

HeadRefusal head_too_long(std::string_view bytes) {
  if (bytes.find("\r\n") == std::string_view::npos) {
    return refuse("the target is too long", 414, ErrorCode::uri_too_long);
  }
  return refuse("the head is too long", 431, ErrorCode::header_too_large);
}

std::variant<Head, HeadRefusal> guard_head(std::string_view bytes, const HeadLimits& limits) {
  const auto scan = scan_head(bytes, 0);
  if (scan.bad) return refuse("the head holds a bare CR, a bare LF or NUL");
  if (bytes.size() > limits.head_bytes) return head_too_long(bytes);
  if (scan.end != bytes.size() || bytes.empty())
    return refuse("the head does not end with an empty line");

  Head head;
  auto rest = bytes.substr(0, bytes.size() - 2);  // each line still ends with CRLF
  bool first = true;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\r'));
    rest.remove_prefix(line.size() + 2);
    if (line.empty()) return refuse("the request line is empty");
    if (!first && head.headers.size() == limits.head_fields) {
      return refuse("there are too many fields", 431, ErrorCode::header_too_large);
    }
    auto refused = first ? read_request_line(line, limits, head) : read_field(line, head);
    if (refused) return *std::move(refused);
    first = false;
  }
  if (auto refused = conclude(head)) return *std::move(refused);
  return head;
}

}  // namespace cambist::http
