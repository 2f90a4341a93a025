#include "protocols/core/json_text.hpp"

#include <array>
#include <charconv>

namespace cambist {
namespace {

constexpr std::string_view hex = "0123456789abcdef";

bool needs_escape(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      const auto byte = static_cast<unsigned char>(c);
      out += "\\u00";
      out += hex[byte >> 4U];
      out += hex[byte & 0x0fU];
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;  // what comes from here on is not written yet
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    out += text.substr(plain, i - plain);
    append_escaped(out, text[i]);
    plain = i + 1;
  }
  out += text.substr(plain);
  out += '"';
}

JsonObject& JsonObject::integer(std::string_view name, std::int64_t value) {
  std::array<char, 24> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return raw(name, {digits.data(), static_cast<std::size_t>(end - digits.data())});
}

JsonObject& JsonObject::members_of(std::string_view object) {
  if (object.size() <= 2) return *this;  // "{}", or nothing at all
  if (out_.back() != '{') out_ += ',';
  out_ += object.substr(1, object.size() - 2);
  return *this;
}

}  // namespace cambist
