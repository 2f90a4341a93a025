#include "config/value.hpp"

namespace cambist::config {

std::string Problem::line() const {
  std::string text = where;
  if (!setting.empty()) text += (text.empty() ? "" : ": ") + setting;
  text += ": " + what;
  return right.empty() ? text : text + "; " + right;
}

std::string quoted(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string literal = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      literal += '\\';
      literal += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      literal += "\\u00";
      literal += digits[byte >> 4U];
      literal += digits[byte & 0x0fU];
    } else {
      literal += c;
    }
  }
  return literal + '"';
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t length_max = 40;
  std::string shown;
  for (const char c : text.substr(0, length_max)) shown += c >= ' ' && c < 0x7f ? c : '?';
  return '"' + shown + (text.size() > length_max ? "…\"" : "\"");
}

}  // namespace cambist::config
