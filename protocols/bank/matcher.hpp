// What a line of the bank's account means for the payments that wait for one: a table, without a
// clock and without memory.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocols/bank/credit.hpp"
#include "protocols/bank/reference.hpp"

namespace cambist::bank {

enum class Meaning : std::uint8_t {
  duplicate,          // told before: no effect
  ignored,            // not booked, money out, or another account
  completes,          // all that is due has been received
  underpaid,          // part of it; more may come
  overpaid,           // all that is due, and something beyond
  duplicate_payment,  // the payment was complete before
  late,               // the payment had ended without
  unmatched,          // nobody's, as far as can be said
  ambiguous,          // several payments have this reference
  reversal,           // money that had come in was taken back
  returned,           // money that we had sent came back
  currency_differs,
};
/// "duplicate", "ignored", "completes", ...
[[nodiscard]] std::string_view to_string(Meaning meaning) noexcept;

enum class Standing : std::uint8_t { open, complete, ended };

/// What is known of a payment that may be meant.
struct Due {
  Standing standing = Standing::open;
  Money due;       // in all
  Money received;  // before this
};

/// Shape: `received` is what the payment has then in all; `excess` what is beyond what is due.
struct Match {
  Meaning meaning = Meaning::unmatched;
  Money received{};
  Money excess{};
};

/// Rules 2 (as far as direction and booking go) to 6 and 8, for one payment.
/// Source: facts/bank-transfer.md section 7; README.md, decision 3.
[[nodiscard]] Match weigh(const Due& payment, EntryKind kind, const Money& amount);

/// The reference an entry names: in its own field, or else in the narrative.
[[nodiscard]] std::optional<std::string> reference_of(const Credit& entry,
                                                      const ReferenceShape& shape);

/// What is collected where.
struct Collecting {
  ReferenceShape shape;
  std::string account;  // empty: entries of every account are ours
};

/// All rules, in their order. `seen`: the bank's id was told before; `candidates`: the payments
/// that have the entry's reference.
[[nodiscard]] Match match(const Credit& entry, const Collecting& ours, bool seen,
                          std::span<const Due> candidates);

/// Whether an entry is worth telling anybody: booked, of our account, and not just money that went
/// out.
[[nodiscard]] bool concerns_us(const Credit& entry, const Collecting& ours);

}  // namespace cambist::bank
