// The characters of RFC 9110 and 3986 that several readers and writers of HTTP ask about.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace cambist::http {

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_alpha(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
/// Below 0x20, or DEL. Bytes from 0x80 are not control bytes here.
[[nodiscard]] constexpr bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
/// By table: every byte of every field's name is asked about.
[[nodiscard]] constexpr bool is_token_char(char c) noexcept {
  constexpr auto table = [] {
    std::array<bool, 256> known{};
    for (const char other : std::string_view{"!#$%&'*+-.^_`|~"})
      known[static_cast<unsigned char>(other)] = true;
    for (int i = 0; i < 256; ++i) {
      const auto byte = static_cast<char>(i);
      if (is_digit(byte) || is_alpha(byte)) known[static_cast<std::size_t>(i)] = true;
    }
    return known;
  }();
  return table[static_cast<unsigned char>(c)];
}
[[nodiscard]] constexpr bool is_token(std::string_view text) noexcept {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_token_char(c); });
}
/// The value of a hexadecimal digit, or -1.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
[[nodiscard]] constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
/// Equal but for the case of ASCII letters.
[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return to_lower(x) == to_lower(y);
         });
}
/// Without spaces and tabs at both ends.
[[nodiscard]] constexpr std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Whether a comma-separated list such as that of `Connection` names `item`, ignoring case.
[[nodiscard]] constexpr bool list_has(std::string_view list, std::string_view item) noexcept {
  while (true) {
    const auto comma = list.find(',');
    if (equals_ignoring_case(trim(list.substr(0, comma)), item)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace cambist::http
