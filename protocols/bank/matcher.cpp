#include "protocols/bank/matcher.hpp"

#include <algorithm>

namespace cambist::bank {

std::string_view to_string(Meaning meaning) noexcept {
  switch (meaning) {
    case Meaning::duplicate:
      return "duplicate";
    case Meaning::ignored:
      return "ignored";
    case Meaning::completes:
      return "completes";
    case Meaning::underpaid:
      return "underpaid";
    case Meaning::overpaid:
      return "overpaid";
    case Meaning::duplicate_payment:
      return "duplicate_payment";
    case Meaning::late:
      return "late";
    case Meaning::unmatched:
      return "unmatched";
    case Meaning::ambiguous:
      return "ambiguous";
    case Meaning::reversal:
      return "reversal";
    case Meaning::returned:
      return "returned";
    case Meaning::currency_differs:
      return "currency_differs";
  }
  return "unmatched";
}

Match weigh(const Due& payment, EntryKind kind, const Money& amount) {
  const Money none = zero(payment.due.currency);
  if (kind == EntryKind::debit) return {Meaning::ignored, payment.received, none};
  if (amount.currency != payment.due.currency)
    return {Meaning::currency_differs, payment.received, none};
  if (kind == EntryKind::returned) return {Meaning::returned, payment.received, none};
  if (kind == EntryKind::reversal) {
    const auto left = subtract(payment.received, amount);
    return {Meaning::reversal, left ? *left : payment.received, none};
  }
  const auto sum = add(payment.received, amount);
  if (!sum) return {Meaning::currency_differs, payment.received, none};  // more than any money
  if (payment.standing == Standing::complete) return {Meaning::duplicate_payment, *sum, amount};
  if (payment.standing == Standing::ended) return {Meaning::late, *sum, amount};
  if (sum->minor < payment.due.minor) return {Meaning::underpaid, *sum, none};
  if (sum->minor == payment.due.minor) return {Meaning::completes, *sum, none};
  return {Meaning::overpaid, *sum, Money{sum->minor - payment.due.minor, sum->currency}};
}

std::optional<std::string> reference_of(const Credit& entry, const ReferenceShape& shape) {
  if (auto found = find_reference(entry.reference, shape)) return found;
  return find_reference(entry.narrative, shape);
}

bool concerns_us(const Credit& entry, const Collecting& ours) {
  if (!entry.booked || entry.kind == EntryKind::debit || entry.amount.minor == 0) return false;
  return ours.account.empty() || entry.account.empty() || entry.account == ours.account;
}

Match match(const Credit& entry, const Collecting& ours, bool seen,
            std::span<const Due> candidates) {
  if (seen) return {Meaning::duplicate};
  if (!concerns_us(entry, ours)) return {Meaning::ignored};
  if (!reference_of(entry, ours.shape) || candidates.empty()) return {Meaning::unmatched};
  if (candidates.size() > 1) {
    // One that still waits is meant rather than such as are over; of several, nobody can say.
    const auto open = [](const Due& payment) { return payment.standing == Standing::open; };
    if (std::count_if(candidates.begin(), candidates.end(), open) != 1) return {Meaning::ambiguous};
    return weigh(*std::find_if(candidates.begin(), candidates.end(), open), entry.kind,
                 entry.amount);
  }
  return weigh(candidates.front(), entry.kind, entry.amount);
}

}  // namespace cambist::bank
