#include "protocols/bank/texts.hpp"

#include <cstdint>
#include <utility>

namespace cambist::bank {
namespace {

/// How many bytes the character at the beginning of `bytes` has; 0 when it is none.
std::size_t character(std::string_view bytes) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  const std::uint8_t first = at(0);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const std::size_t size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (bytes.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((at(i) & 0xc0) != 0x80) return 0;
  }
  // Spelled longer than needed, half of a pair of UTF-16, or beyond Unicode.
  if (first == 0xe0 && at(1) < 0xa0) return 0;
  if (first == 0xed && at(1) > 0x9f) return 0;
  if (first == 0xf0 && at(1) < 0x90) return 0;
  if (first == 0xf4 && at(1) > 0x8f) return 0;
  return size;
}

}  // namespace

bool is_utf8(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const std::size_t size = character(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

std::string shortened(std::string text, std::size_t max) {
  if (text.size() <= max) return text;
  while (max > 0 && (static_cast<std::uint8_t>(text[max]) & 0xc0) == 0x80) --max;
  text.resize(max);
  return text;
}

Result<Money> parse_amount(std::string_view decimal, Currency currency) {
  const std::size_t point = decimal.find('.');
  if (point != std::string_view::npos) {
    std::size_t decimals = decimal.size() - point - 1;
    while (decimals > static_cast<std::size_t>(currency.exponent()) && decimal.ends_with('0')) {
      decimal.remove_suffix(1);
      --decimals;
    }
    if (decimals == 0) decimal = decimal.substr(0, point);
  }
  auto money = parse_money(decimal, currency);
  if (money && money->minor < 0) return unreadable("an amount is below zero");
  return money;
}

}  // namespace cambist::bank
