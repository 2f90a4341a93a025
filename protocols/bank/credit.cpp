#include "protocols/bank/credit.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "protocols/core/digest.hpp"

namespace cambist::bank {
namespace {

std::string digest_of(const Credit& entry, std::size_t nth) {
  std::string all;
  for (const std::string& part :
       {entry.account, std::string{to_string(entry.kind)}, to_decimal(entry.amount),
        std::string{entry.amount.currency.code()}, to_rfc3339(entry.booked_at), entry.reference,
        entry.narrative, entry.payer, entry.payer_account, std::to_string(nth)}) {
    all += std::to_string(part.size()) + ':' + part;  // so that no two lists read alike
  }
  return "h-" + to_hex(sha256(all)).substr(0, 32);
}

}  // namespace

std::string_view to_string(EntryKind kind) noexcept {
  switch (kind) {
    case EntryKind::credit:
      return "credit";
    case EntryKind::reversal:
      return "reversal";
    case EntryKind::returned:
      return "returned";
    case EntryKind::debit:
      return "debit";
  }
  return "debit";
}

std::string event_of(std::string_view transaction, EntryKind kind) {
  return std::string{transaction} + ":" + std::string{to_string(kind)};
}

bool is_transaction_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

std::string squeezed(std::string_view text) {
  std::string out;
  bool space = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      space = !out.empty();
      continue;
    }
    if (space) out += ' ';
    space = false;
    out += c;
  }
  return out;
}

void tell_apart(std::vector<Credit>& entries) {
  std::map<std::string, std::size_t> twins;
  std::map<std::pair<std::string, EntryKind>, std::vector<Credit>> sharing;
  for (Credit& entry : entries) {
    if (entry.id.empty()) {
      entry.id = digest_of(entry, twins[digest_of(entry, 0)]++);
      continue;
    }
    auto& others = sharing[{entry.id, entry.kind}];
    const auto same = std::find(others.begin(), others.end(), entry);
    const auto number = static_cast<std::size_t>(same - others.begin()) + 1;
    if (same == others.end()) others.push_back(entry);
    if (number == 1) continue;
    const std::string apart = entry.id + "/" + std::to_string(number);
    entry.id = is_transaction_id(apart) ? apart : digest_of(entry, number);
  }
}

Result<TimePoint> day_begins(std::string_view date, std::chrono::minutes utc_offset) {
  auto time = parse_rfc3339(std::string{date} + "T00:00:00Z");
  if (!time || date.size() != 10)
    return Error{ErrorCode::invalid_request,
                 "\"" + std::string{date.substr(0, 40)} + "\" is no date"};
  return *time - utc_offset;
}

}  // namespace cambist::bank
