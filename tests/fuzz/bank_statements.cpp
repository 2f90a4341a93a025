// Bank statements. Whatever is taken of a file is money of a known currency that is not below zero,
// has an id of its own, and says the same as the callback it becomes.
#include <set>

#include "protocols/bank/callback.hpp"
#include "protocols/bank/camt.hpp"
#include "protocols/bank/csv.hpp"
#include "protocols/bank/matcher.hpp"
#include "protocols/bank/texts.hpp"
#include "tests/fuzz/support/target.hpp"

namespace cambist::bank {
namespace {

using fuzz::must;

void check(const std::vector<Credit>& entries) {
  std::set<std::pair<std::string, EntryKind>> seen;
  must(entries.size() <= statement_entries_max, "a statement has its limit");
  for (const Credit& entry : entries) {
    must(entry.amount.minor >= 0, "no amount is below zero");
    must(is_transaction_id(entry.id), "each entry can be known again");
    must(is_utf8(entry.narrative) && is_utf8(entry.payer), "texts are UTF-8");
    const auto back = read_callback(write_callback(entry));
    must(back.has_value(), "a line becomes a callback");
    must(back->id == entry.id && back->kind == entry.kind && back->amount == entry.amount &&
             back->booked == entry.booked,
         "which says the same");
    if (const auto reference = reference_of(entry, {}))
      must(is_reference(*reference, {}), "a reference has its check digits");
  }
}

}  // namespace
}  // namespace cambist::bank

CAMBIST_FUZZ_TARGET(bank_statements) {
  using namespace cambist::bank;
  constexpr std::chrono::minutes offset{180};
  if (const auto entries = read_camt(bytes, offset)) check(*entries);
  if (const auto entries = read_csv(bytes, {}, offset)) check(*entries);
  cambist::fuzz::Parts parts{bytes};
  if (const auto map = parse_csv_map(parts.line())) {
    if (const auto entries = read_csv(parts.rest(), *map, offset)) check(*entries);
  }
}
