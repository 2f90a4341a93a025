#include "protocols/bank/reference.hpp"

#include <algorithm>
#include <vector>

#include "protocols/core/digest.hpp"

namespace cambist::bank {
namespace {

constexpr std::string_view separators = " -/\t\r\n";
// No bank carries more: ISO 20022 has 140 characters per line of remittance, MT940 6 times 65.
constexpr std::size_t narrative_max = 4096;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

int modulo_97(std::string_view digits) noexcept {
  int rest = 0;
  for (const char c : digits) rest = (rest * 10 + (c - '0')) % 97;
  return rest;
}

/// The text without separators, and which of its digits follow or precede another directly.
struct Compact {
  std::string text;
  std::vector<bool> glued;  // to the character before it
};

Compact without_separators(std::string_view narrative) {
  Compact compact;
  bool glued = false;
  for (const char c : narrative.substr(0, narrative_max)) {
    if (separators.find(c) != std::string_view::npos) {
      glued = false;
      continue;
    }
    compact.text += c;
    compact.glued.push_back(glued);
    glued = true;
  }
  return compact;
}

/// Whether the piece begins and ends where the writer began and ended something.
bool stands_alone(const Compact& all, std::size_t at, std::size_t size) {
  const bool begins = at == 0 || !all.glued[at] || !is_digit(all.text[at - 1]);
  const std::size_t end = at + size;
  const bool ends = end == all.text.size() || !all.glued[end] || !is_digit(all.text[end]);
  return begins && ends;
}

}  // namespace

bool is_prefix(std::string_view text) noexcept {
  return text.size() == 2 && is_digit(text[0]) && is_digit(text[1]) && text != "99";
}

std::string check_digits(std::string_view digits) {
  const int check = 98 - modulo_97(digits) * 100 % 97;
  return {static_cast<char>('0' + check / 10), static_cast<char>('0' + check % 10)};
}

bool has_check_digits(std::string_view text) noexcept {
  return text.size() > 2 && std::all_of(text.begin(), text.end(), is_digit) && modulo_97(text) == 1;
}

std::string make_reference(const PaymentId& payment, const ReferenceShape& shape) {
  const Sha256 digest = sha256(payment.to_string());
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | digest[i];
  // Of 64 bits the remainder is uniform enough: off by less than one in 10^4 at fourteen digits.
  std::string digits(shape.digits, '0');
  for (auto place = digits.rbegin(); place != digits.rend(); ++place, number /= 10)
    *place = static_cast<char>('0' + number % 10);
  const std::string all = shape.prefix + digits;
  return all + check_digits(all);
}

bool is_reference(std::string_view text, const ReferenceShape& shape) noexcept {
  return text.size() == shape.prefix.size() + shape.digits + 2 && text.starts_with(shape.prefix) &&
         has_check_digits(text);
}

std::optional<std::string> find_reference(std::string_view narrative, const ReferenceShape& shape) {
  const Compact all = without_separators(narrative);
  const std::size_t size = shape.prefix.size() + shape.digits + 2;
  std::vector<std::string_view> alone;
  std::vector<std::string_view> within;
  const auto note = [](std::vector<std::string_view>& found, std::string_view piece) {
    if (std::find(found.begin(), found.end(), piece) == found.end()) found.push_back(piece);
  };
  for (std::size_t at = 0; at + size <= all.text.size(); ++at) {
    const std::string_view piece = std::string_view{all.text}.substr(at, size);
    if (!is_reference(piece, shape)) continue;
    note(stands_alone(all, at, size) ? alone : within, piece);
  }
  // What stands alone is what the payer wrote; a piece of a longer number is only taken without it.
  const auto& found = alone.empty() ? within : alone;
  if (found.size() != 1) return std::nullopt;
  return std::string{found.front()};
}

std::string in_groups(std::string_view reference) {
  std::string text;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    if (i > 0 && i % 4 == 0) text += ' ';
    text += reference[i];
  }
  return text;
}

}  // namespace cambist::bank
