// Finds what must never come in: card numbers in any text, and fields that are named after a card's
// secrets. A hit is refused before anything is logged or stored, so nothing here keeps or returns
// the text it saw.
#pragma once

#include <optional>
#include <string_view>

namespace cambist::api {

/// Whether `text` holds a card number: 13 to 19 digits, or groups of 4-4-4-4(-1..3), 4-6-5 or 4-6-4
/// joined by single spaces or hyphens, of a known issuer range and length, with a valid Luhn digit.
/// Digits that touch another letter or digit, follow '+' or are decimals of a number do not count,
/// and neither do those of a valid IBAN. Source: facts/security.md section 6.
[[nodiscard]] bool holds_card_number(std::string_view text);

/// The part of `text` that is the first card number, for what masks it; nullopt when there is none.
[[nodiscard]] std::optional<std::string_view> find_card_number(std::string_view text);

/// Whether a field of this name may not carry digits: "cvv", "cvc", "pan", "card_number", "track1",
/// "pin" and their usual spellings.
[[nodiscard]] bool names_card_secret(std::string_view field) noexcept;

[[nodiscard]] bool luhn_valid(std::string_view digits) noexcept;

}  // namespace cambist::api
