#include "gateway/api/trace.hpp"

#include <algorithm>

#include "protocols/api/card_data.hpp"
#include "protocols/core/ids.hpp"

namespace cambist::gateway {
namespace {

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool all_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

std::string hex_of(std::uint64_t bits) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 0; i < 16; ++i) text[i] = digits[(bits >> (60 - 4 * i)) & 15U];
  return text;
}

// A random id; the all-zero one is not allowed.
std::string fresh(const Random& random) {
  return hex_of(random() | 1U);
}

}  // namespace

std::string request_id_of(const http::Headers& headers, TimePoint now, const Random& random) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == '-';
  };
  const std::string* given = http::find(headers, "X-Request-Id");
  if (given != nullptr && !given->empty() && given->size() <= 128 &&
      std::all_of(given->begin(), given->end(), allowed) && !api::holds_card_number(*given)) {
    return *given;
  }
  return RequestId::make(now, random).to_string();
}

Trace trace_of(const http::Headers& headers, const Random& random) {
  Trace trace;
  trace.span_id = fresh(random);
  const std::string* header = http::find(headers, "traceparent");
  const std::string_view given = header == nullptr ? std::string_view{} : std::string_view{*header};
  // version "00": 2 + 1 + 32 + 1 + 16 + 1 + 2 characters.
  if (given.size() == 55 && given.starts_with("00-") && given[35] == '-' && given[52] == '-' &&
      is_hex(given.substr(3, 32)) && !all_zero(given.substr(3, 32)) &&
      is_hex(given.substr(36, 16)) && !all_zero(given.substr(36, 16)) &&
      is_hex(given.substr(53, 2))) {
    trace.trace_id = given.substr(3, 32);
    trace.flags = given.substr(53, 2);
  } else {
    trace.trace_id = fresh(random) + fresh(random);
  }
  return trace;
}

}  // namespace cambist::gateway
