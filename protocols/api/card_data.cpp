#include "protocols/api/card_data.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace cambist::api {
namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_word(char c) {
  return is_digit(c) || is_letter(c);
}
constexpr bool is_joint(char c) {
  return c == ' ' || c == '-';
}

// Issuer ranges by their first six digits, inclusive, with the lengths that are issued.
// Source: ISO/IEC 7812 registrations as the schemes publish them. Visa with 13 digits is no longer
// issued.
struct Range {
  std::uint32_t first;
  std::uint32_t last;
  std::size_t length_min;
  std::size_t length_max;
};
constexpr auto ranges = std::to_array<Range>({
    {220000, 220499, 16, 19},  // Mir
    {222100, 272099, 16, 16},  // Mastercard
    {300000, 305999, 14, 19},  // Diners Club
    {309500, 309599, 14, 19},  // Diners Club
    {340000, 349999, 15, 15},  // American Express
    {352800, 358999, 16, 19},  // JCB
    {360000, 369999, 14, 19},  // Diners Club
    {370000, 379999, 15, 15},  // American Express
    {380000, 399999, 14, 19},  // Diners Club
    {400000, 499999, 16, 16},  // Visa
    {400000, 499999, 18, 19},  // Visa
    {501800, 501899, 13, 19},  // Maestro
    {502000, 502099, 13, 19},  // Maestro
    {503800, 503899, 13, 19},  // Maestro
    {506099, 506198, 16, 19},  // Verve
    {508500, 508999, 16, 16},  // RuPay
    {510000, 559999, 16, 16},  // Mastercard
    {589300, 589399, 13, 19},  // Maestro
    {601100, 601199, 16, 19},  // Discover
    {606985, 608500, 16, 16},  // RuPay
    {620000, 629999, 16, 19},  // UnionPay
    {630400, 630499, 13, 19},  // Maestro
    {644000, 659999, 16, 19},  // Discover
    {675900, 676399, 13, 19},  // Maestro
    {810000, 817199, 16, 19},  // UnionPay
    {860000, 860099, 16, 16},  // Uzcard
    {979200, 979289, 16, 16},  // Troy
});

bool of_an_issuer(std::string_view digits) {
  std::uint32_t head = 0;
  for (const char c : digits.substr(0, 6)) head = head * 10 + static_cast<std::uint32_t>(c - '0');
  const auto fits = [&](const Range& range) {
    return head >= range.first && head <= range.last && digits.size() >= range.length_min &&
           digits.size() <= range.length_max;
  };
  return std::any_of(ranges.begin(), ranges.end(), fits);
}

bool is_card_number(std::string_view digits) {
  return digits.size() >= 13 && digits.size() <= 19 && of_an_issuer(digits) && luhn_valid(digits);
}

// The end of a valid IBAN that starts at `at`, or `at`. Groups may be joined by single spaces.
// Source: ISO 13616: two letters, two check digits, up to 30 more; the rearranged number modulo 97
// is 1.
std::size_t after_iban(std::string_view text, std::size_t at) {
  std::string compact;
  std::size_t end = at;
  std::size_t best = at;
  const auto sound = [](std::string_view iban) {
    unsigned rest = 0;
    const auto take = [&](char c) {
      if (is_digit(c))
        rest = (rest * 10 + static_cast<unsigned>(c - '0')) % 97;
      else
        rest = (rest * 100 + static_cast<unsigned>(c - 'A' + 10)) % 97;
    };
    for (const char c : iban.substr(4)) take(c);
    for (const char c : iban.substr(0, 4)) take(c);
    return rest == 1;
  };
  while (end < text.size() && compact.size() < 34) {
    const char c = text[end];
    if (c == ' ' && compact.size() % 4 == 0 && !compact.empty()) {
      ++end;
      continue;
    }
    if (!is_digit(c) && !(c >= 'A' && c <= 'Z')) break;
    const bool letter = !is_digit(c);
    if ((compact.size() < 2) != letter && compact.size() < 4) return at;
    compact += c;
    ++end;
    const bool at_border = end == text.size() || !is_word(text[end]);
    if (compact.size() >= 15 && at_border && sound(compact)) best = end;
  }
  return best;
}

struct Group {
  std::size_t first;
  std::size_t size;
};

// Whether digits may start at `at`: not a letter, a digit, '+', or the point of a decimal number
// before them.
bool starts_freely(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  if (is_word(before) || before == '+') return false;
  return !(before == '.' && at >= 2 && is_digit(text[at - 2]));
}

using Found = std::optional<std::string_view>;

// The groups `from` to `from + count` when their digits together are a card number.
Found joined(std::string_view text, const std::vector<Group>& groups, std::size_t from,
             std::size_t count) {
  std::string digits;
  for (std::size_t i = from; i < from + count; ++i)
    digits += text.substr(groups[i].first, groups[i].size);
  if (!is_card_number(digits)) return std::nullopt;
  const Group& last = groups[from + count - 1];
  return text.substr(groups[from].first, last.first + last.size - groups[from].first);
}

Found grouped_card_number(std::string_view text, const std::vector<Group>& groups,
                          std::size_t from) {
  const std::size_t left = groups.size() - from;
  const auto size = [&](std::size_t i) { return groups[from + i].size; };
  if (left >= 3 && size(0) == 4 && size(1) == 6 && (size(2) == 4 || size(2) == 5)) {
    if (const auto found = joined(text, groups, from, 3)) return found;
  }
  if (left < 4 || size(0) != 4 || size(1) != 4 || size(2) != 4 || size(3) != 4) return std::nullopt;
  if (const auto found = joined(text, groups, from, 4)) return found;
  return left >= 5 && size(4) <= 3 ? joined(text, groups, from, 5) : std::nullopt;
}

// A run: groups of digits joined by single spaces or hyphens.
Found in_run(std::string_view text, const std::vector<Group>& groups) {
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (const auto found = joined(text, groups, i, 1)) return found;
    if (const auto found = grouped_card_number(text, groups, i)) return found;
  }
  return std::nullopt;
}

}  // namespace

bool luhn_valid(std::string_view digits) noexcept {
  unsigned sum = 0;
  bool twice = false;
  for (auto at = digits.rbegin(); at != digits.rend(); ++at, twice = !twice) {
    unsigned value = static_cast<unsigned>(*at - '0') * (twice ? 2U : 1U);
    if (value > 9) value -= 9;
    sum += value;
  }
  return !digits.empty() && sum % 10 == 0;
}

bool holds_card_number(std::string_view text) {
  return find_card_number(text).has_value();
}

std::optional<std::string_view> find_card_number(std::string_view text) {
  if (text.size() < 13) return std::nullopt;
  std::vector<Group> run;
  std::size_t at = 0;
  while (at < text.size()) {
    if (!is_digit(text[at])) {
      if (text[at] >= 'A' && text[at] <= 'Z' && (at == 0 || !is_word(text[at - 1]))) {
        if (const std::size_t end = after_iban(text, at); end != at) {
          at = end;
          continue;
        }
      }
      ++at;
      continue;
    }
    // Collect the whole run; a group that touches a letter splits it.
    run.clear();
    while (at < text.size() && is_digit(text[at])) {
      const std::size_t first = at;
      while (at < text.size() && is_digit(text[at])) ++at;
      const bool free = starts_freely(text, first) && (at == text.size() || !is_letter(text[at]));
      if (free) {
        run.push_back({first, at - first});
      } else {
        if (const auto found = in_run(text, run)) return found;
        run.clear();
      }
      if (at + 1 < text.size() && is_joint(text[at]) && is_digit(text[at + 1])) ++at;
    }
    if (const auto found = in_run(text, run)) return found;
  }
  return std::nullopt;
}

bool names_card_secret(std::string_view field) noexcept {
  constexpr std::array<std::string_view, 20> names{"cvv",
                                                   "cvv2",
                                                   "cvc",
                                                   "cvc2",
                                                   "cardcvv",
                                                   "cardcvc",
                                                   "securitycode",
                                                   "cardnumber",
                                                   "cardno",
                                                   "ccnumber",
                                                   "ccnum",
                                                   "pan",
                                                   "primaryaccountnumber",
                                                   "track1",
                                                   "track2",
                                                   "trackdata",
                                                   "magstripe",
                                                   "pin",
                                                   "pinblock",
                                                   "cardpin"};
  std::array<char, 24> plain{};
  std::size_t size = 0;
  for (const char c : field) {
    if (c == '_' || c == '-' || c == ' ' || c == '.') continue;
    if (size == plain.size()) return false;
    plain[size++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::string_view name{plain.data(), size};
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace cambist::api
