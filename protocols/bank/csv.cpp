#include "protocols/bank/csv.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "protocols/bank/texts.hpp"

namespace cambist::bank {
namespace {

constexpr std::size_t columns_max = 64;
constexpr std::size_t field_max = 4000;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// Digits with the mark between groups of three only: "1,23" is no amount, rather than 123.
bool well_grouped(std::string_view whole, char mark) {
  if (mark == '\0' || whole.find(mark) == std::string_view::npos) return true;
  const std::size_t first = whole.find(mark);
  if (first == 0 || first > 3) return false;
  for (std::size_t at = first; at < whole.size(); at += 4) {
    if (whole[at] != mark || whole.size() - at < 4) return false;
    if (!std::all_of(whole.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                     whole.begin() + static_cast<std::ptrdiff_t>(at) + 4, is_digit))
      return false;
  }
  return true;
}

struct Signed {
  Money amount;
  bool negative = false;
};

std::optional<Signed> read_amount(std::string text, const CsvMap& map, Currency currency) {
  Signed out;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    out.negative = text.front() == '-';
    text.erase(0, 1);
  } else if (!text.empty() && text.back() == '-') {
    out.negative = true;
    text.pop_back();
  }
  const std::size_t point = text.find(map.decimal);
  std::string whole = text.substr(0, point);
  if (!well_grouped(whole, map.thousands)) return std::nullopt;
  if (map.thousands != '\0')
    whole.erase(std::remove(whole.begin(), whole.end(), map.thousands), whole.end());
  if (point != std::string::npos) whole += "." + text.substr(point + 1);
  if (whole.empty() || !is_digit(whole.front())) return std::nullopt;
  const auto money = parse_amount(whole, currency);
  if (!money) return std::nullopt;
  out.amount = *money;
  return out;
}

/// "15/01/2026" by "DD/MM/YYYY", as "2026-01-15"; empty when it does not fit.
std::string read_date(std::string_view text, std::string_view format) {
  std::string year, month, day;
  while (!format.empty()) {
    const auto part = [&](std::string_view name, std::string& into) {
      if (!format.starts_with(name) || text.size() < name.size()) return false;
      into = text.substr(0, name.size());
      format.remove_prefix(name.size());
      text.remove_prefix(name.size());
      return true;
    };
    if (part("YYYY", year) || part("MM", month) || part("DD", day)) continue;
    if (part("YY", year)) {
      year.insert(0, "20");
      continue;
    }
    if (text.empty() || text.front() != format.front()) return {};
    format.remove_prefix(1);
    text.remove_prefix(1);
  }
  // A time may follow the day; it is not needed.
  if (!text.empty() && text.front() != ' ' && text.front() != 'T') return {};
  return year + "-" + month + "-" + day;
}

class Table {
 public:
  Table(const std::vector<std::string>& header, const CsvMap& map) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      const auto name = lower(squeezed(header[i]));
      if (!places_.emplace(name, i).second) twice_ = name;
    }
    for (const std::string* name : {&map.date, &map.amount, &map.currency, &map.id, &map.account,
                                    &map.reference, &map.narrative, &map.payer, &map.type}) {
      if (!name->empty() && lower(*name) == twice_) ambiguous_ = true;
    }
  }
  [[nodiscard]] bool ambiguous() const { return ambiguous_; }
  [[nodiscard]] bool has(const std::string& column) const {
    return !column.empty() && places_.contains(lower(column));
  }
  [[nodiscard]] std::string field(const std::vector<std::string>& record,
                                  const std::string& column) const {
    if (column.empty()) return {};
    const auto found = places_.find(lower(column));
    return found == places_.end() || found->second >= record.size()
               ? std::string{}
               : squeezed(record[found->second]);
  }

 private:
  std::map<std::string, std::size_t> places_;
  std::string twice_;
  bool ambiguous_ = false;
};

Error wrong_line(std::size_t line, const std::string& what) {
  return unreadable("record " + std::to_string(line) + ": " + what);
}

Result<Credit> read_record(const std::vector<std::string>& record, const Table& table,
                           const CsvMap& map, std::size_t line, std::chrono::minutes offset) {
  Credit entry;
  const auto named = table.field(record, map.currency);
  const auto currency = Currency::parse(named.empty() ? map.default_currency : named);
  if (!currency) return wrong_line(line, "its currency is not known");
  const auto amount_in = [&](const std::string& column) {
    const auto text = table.field(record, column);
    return text.empty() ? std::optional{Signed{zero(*currency)}}
                        : read_amount(text, map, *currency);
  };
  bool out = false;
  if (!map.amount.empty()) {
    const auto amount = amount_in(map.amount);
    if (!amount) return wrong_line(line, "its amount cannot be read");
    entry.amount = amount->amount;
    out = amount->negative;
  } else {
    const auto credit = amount_in(map.credit);
    const auto debit = amount_in(map.debit);
    if (!credit || !debit || credit->negative) return wrong_line(line, "its amount cannot be read");
    if (credit->amount.minor != 0 && debit->amount.minor != 0)
      return wrong_line(line, "it is credit and debit at once");
    out = debit->amount.minor != 0;
    entry.amount = out ? debit->amount : credit->amount;
  }
  const auto date = day_begins(read_date(table.field(record, map.date), map.date_format), offset);
  if (!date) return wrong_line(line, "its date cannot be read");
  entry.booked_at = *date;
  const bool back =
      !map.reversal_word.empty() &&
      lower(table.field(record, map.type)).find(lower(map.reversal_word)) != std::string::npos;
  entry.kind = out ? (back ? EntryKind::reversal : EntryKind::debit)
                   : (back ? EntryKind::returned : EntryKind::credit);
  const auto account = table.field(record, map.account);
  entry.account = account.empty() ? map.default_account : account;
  entry.reference = table.field(record, map.reference);
  entry.narrative = table.field(record, map.narrative);
  entry.payer = table.field(record, map.payer);
  const auto id = table.field(record, map.id);
  if (is_transaction_id(id)) entry.id = id;
  return entry;
}

bool one_char(std::string_view value, char& into) {
  if (value == "none") {
    into = '\0';
  } else if (value == "tab") {
    into = '\t';
  } else if (value.size() == 1) {
    into = value.front();
  } else {
    return false;
  }
  return true;
}

bool set(CsvMap& map, std::string_view name, std::string_view value) {
  const std::map<std::string_view, std::string*> texts{{"date", &map.date},
                                                       {"date_format", &map.date_format},
                                                       {"amount", &map.amount},
                                                       {"credit", &map.credit},
                                                       {"debit", &map.debit},
                                                       {"currency", &map.currency},
                                                       {"id", &map.id},
                                                       {"account", &map.account},
                                                       {"reference", &map.reference},
                                                       {"narrative", &map.narrative},
                                                       {"payer", &map.payer},
                                                       {"type", &map.type},
                                                       {"reversal_word", &map.reversal_word}};
  if (name == "separator") return one_char(value, map.separator) && map.separator != '\0';
  if (name == "decimal") return one_char(value, map.decimal) && map.decimal != '\0';
  if (name == "thousands") return one_char(value, map.thousands);
  const auto found = texts.find(name);
  if (found == texts.end()) return false;
  *found->second = value;
  return true;
}

bool makes_sense(const CsvMap& map) {
  const auto& format = map.date_format;
  const bool dated = format.find("YY") != std::string::npos &&
                     format.find("MM") != std::string::npos &&
                     format.find("DD") != std::string::npos && !map.date.empty();
  const std::string marks{map.separator, map.decimal, map.thousands};
  const bool fit = std::none_of(marks.begin(), marks.end(), [](char c) {
    return is_digit(c) || c == '"' || c == '\r' || c == '\n' || c == '-' || c == '+';
  });
  return dated && fit && map.decimal != map.thousands &&
         (!map.amount.empty() || !map.credit.empty());
}

}  // namespace

Result<CsvMap> parse_csv_map(std::string_view text) {
  CsvMap map;
  while (!text.empty()) {
    const std::size_t bar = text.find('|');
    const std::string_view pair = text.substr(0, bar);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos ||
        !set(map, pair.substr(0, equals), pair.substr(equals + 1))) {
      return unreadable("\"" + std::string{pair.substr(0, 60)} + "\" is no part of a column map",
                        "csv_map");
    }
    if (bar == std::string_view::npos) break;
    text.remove_prefix(bar + 1);
  }
  if (!makes_sense(map)) return unreadable("dates, amounts or marks could not be read", "csv_map");
  return map;
}

Result<std::vector<std::vector<std::string>>> split_csv(std::string_view text, char separator) {
  std::vector<std::vector<std::string>> records;
  std::vector<std::string> record;
  std::string field;
  bool quoted = false, was_quoted = false;
  const auto end_field = [&] {
    record.push_back(std::move(field));
    field.clear();
    was_quoted = false;
  };
  const auto end_record = [&] {
    const bool blank = record.empty() && field.empty() && !was_quoted;
    end_field();
    if (!blank) records.push_back(std::move(record));
    record.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      if (!field.empty() || was_quoted)
        return wrong_line(records.size() + 1, "a quote stands inside a field");
      quoted = was_quoted = true;
    } else if (c == separator) {
      end_field();
    } else if (c == '\n') {
      end_record();
    } else if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
      continue;
    } else if (was_quoted) {
      return wrong_line(records.size() + 1, "something stands behind a quoted field");
    } else {
      field += c;
    }
    if (field.size() > field_max) return wrong_line(records.size() + 1, "a field is too long");
    if (record.size() > columns_max)
      return wrong_line(records.size() + 1, "it has too many columns");
    if (records.size() > statement_entries_max + 1) return unreadable("it has too many entries");
  }
  if (quoted) return wrong_line(records.size() + 1, "a quoted field does not end");
  if (!record.empty() || !field.empty() || was_quoted) end_record();
  return records;
}

Result<std::vector<Credit>> read_csv(std::string_view text, const CsvMap& map,
                                     std::chrono::minutes utc_offset) {
  if (text.size() > statement_bytes_max) return unreadable("it is too large");
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos)
    return unreadable("it is not in UTF-8");
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const auto records = split_csv(text, map.separator);
  if (!records) return records.error();
  if (records->empty()) return unreadable("it has no line with the names of its columns");
  const Table table{records->front(), map};
  if (table.ambiguous()) return unreadable("a column that is needed comes twice");
  const bool amounts = map.amount.empty() ? table.has(map.credit) : table.has(map.amount);
  if (!table.has(map.date) || !amounts) return unreadable("it has no columns of date and amount");

  std::vector<Credit> entries;
  for (std::size_t i = 1; i < records->size(); ++i) {
    auto entry = read_record((*records)[i], table, map, i + 1, utc_offset);
    if (!entry) return entry.error();
    entries.push_back(std::move(*entry));
  }
  tell_apart(entries);
  return entries;
}

}  // namespace cambist::bank
