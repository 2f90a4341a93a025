// Bank statements as comma-separated values. Every bank has its own columns: a map says which is
// which.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/bank/credit.hpp"

namespace cambist::bank {

/// Shape: names of columns as the first line has them, without regard to case; an empty one is not
///        there. Either `amount` with its sign, or `credit` and `debit` as two columns. `date` is
///        spelled as `date_format` says, of the parts YYYY, YY, MM, DD and anything between them.
///        `reversal_word`: an entry whose `type` contains it takes an earlier one back.
struct CsvMap {
  char separator = ',';
  char decimal = '.';
  char thousands = ',';  // '\0': none
  std::string date_format{"YYYY-MM-DD"};
  std::string date{"date"};
  std::string amount{};
  std::string credit{"credit"};
  std::string debit{"debit"};
  std::string currency{};  // without it, every amount is of `default_currency`
  std::string default_currency{"TZS"};
  std::string id{"id"};
  std::string account{};
  std::string default_account{};
  std::string reference{"reference"};
  std::string narrative{"narrative"};
  std::string payer{"payer"};
  std::string type{"type"};
  std::string reversal_word{"REVERSAL"};
  friend bool operator==(const CsvMap&, const CsvMap&) = default;
};

/// Reads "date=Posted;amount=Amount;separator=;": settings of a map beside its defaults.
/// Shape:  `name=value` pairs, separated by '|'. Naming `amount` drops the two columns.
/// Errors: invalid_request with the name that is not known, or whose value makes no sense.
[[nodiscard]] Result<CsvMap> parse_csv_map(std::string_view text);

/// The records of RFC 4180: fields may be quoted, and then hold anything, "" for a quote.
/// Errors: invalid_request for a quote that does not end, or stands inside a bare field.
[[nodiscard]] Result<std::vector<std::vector<std::string>>> split_csv(std::string_view text,
                                                                      char separator);

/// Errors: invalid_request with the line and what is wrong with it; nothing is taken of a file with
///         a line that cannot be read, since a skipped line could be somebody's money.
[[nodiscard]] Result<std::vector<Credit>> read_csv(std::string_view text, const CsvMap& map,
                                                   std::chrono::minutes utc_offset);

}  // namespace cambist::bank
