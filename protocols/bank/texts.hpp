// What statements of every format have in common: their size, their bytes, their amounts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/core/money.hpp"

namespace cambist::bank {

/// A day of a busy account fits many times; what is larger is no statement for one import.
constexpr std::size_t statement_bytes_max = 8u << 20;
constexpr std::size_t statement_entries_max = 20'000;

[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;
/// At most `max` bytes, without cutting a character in two.
[[nodiscard]] std::string shortened(std::string text, std::size_t max);

/// Reads "450000.00", also with zeros that the currency does not have ("500.00" JPY).
/// Errors: invalid_request for anything else, and for an amount below zero.
[[nodiscard]] Result<Money> parse_amount(std::string_view decimal, Currency currency);

[[nodiscard]] inline Error unreadable(std::string detail, std::string field = "statement") {
  return {ErrorCode::invalid_request, std::move(detail), std::move(field)};
}

}  // namespace cambist::bank
