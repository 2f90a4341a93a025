#include "protocols/payment/moves.hpp"

#include <algorithm>

#include "protocols/core/planted.hpp"

namespace cambist::payment {
namespace {

using provider::DisputeStatus;

bool takes_refunds(const Payment& payment) noexcept {
  return std::holds_alternative<Captured>(payment.state) ||
         std::holds_alternative<Refunding>(payment.state);
}

/// A dispute only ever moves up. A bank's question may become a real dispute, never the reverse.
int rank(bool inquiry, DisputeStatus status) noexcept {
  const int base = inquiry ? 0 : 3;
  switch (status) {
    case DisputeStatus::open:
      return base;
    case DisputeStatus::under_review:
      return base + 1;
    case DisputeStatus::won:
    case DisputeStatus::lost:
      return base + 2;
  }
  return base;
}

}  // namespace

Money uncommitted(const Payment& payment) {
  Money left = captured(payment);
  left.minor -= refunded(payment).minor + disputed(payment).minor;
  if (const auto* refunding = std::get_if<Refunding>(&payment.state)) {
    left.minor -= refunding->operation.amount.minor;
  }
  left.minor = std::max<std::int64_t>(left.minor, 0);
  return left;
}

Money applied_by(const Payment& before, const Money& approved) {
  const Money received = unapplied(before);
  if (approved.currency != received.currency) return zero(received.currency);
  return {std::clamp<std::int64_t>(approved.minor, 0, std::max<std::int64_t>(received.minor, 0)),
          received.currency};
}

Money added_by(const Payment& before, const TransferReceived& fact) {
  const Money none = zero(before.details.amount.currency);
  // What came back of a refund is for people: where it went is not known here.
  if (fact.amount.currency != none.currency || fact.kind == provider::TransferKind::returned)
    return none;
  if (before.transfers) {
    for (const Transfer& known : before.transfers->seen) {
      if (known.id == fact.transfer && known.kind == fact.kind) return none;
    }
  }
  const bool taken = fact.kind == provider::TransferKind::reversal;
  const auto sum =
      taken ? subtract(unapplied(before), fact.amount) : add(unapplied(before), fact.amount);
  if (!sum) return none;
  return {taken ? -fact.amount.minor : fact.amount.minor, none.currency};
}

Money received_by(const Payment& before, const CapturedAtProvider& fact) {
  const Money none = zero(before.details.amount.currency);
  const auto* state = std::get_if<Authorized>(&before.state);
  if (state == nullptr || fact.total.currency != none.currency ||
      fact.total.minor <= state->captured.minor || fact.total.minor > before.details.amount.minor) {
    return none;
  }
  return {fact.total.minor - state->captured.minor, none.currency};
}

Money refunded_by(const Payment& before, const RefundedAtProvider& fact) {
  const Money none = zero(before.details.amount.currency);
  if (!takes_refunds(before) || fact.amount.currency != none.currency || fact.amount.minor <= 0 ||
      fact.amount.minor > uncommitted(before).minor ||
      find_refund_note(before, fact.refund, fact.operation) != nullptr) {
    return none;
  }
  return fact.amount;
}

Money returned_by(const Payment& before, const RefundReversed& fact) {
  const Money none = zero(before.details.amount.currency);
  if (!takes_refunds(before)) return none;
  Money counted = none;
  if (const RefundNote* note = find_refund_note(before, fact.refund, fact.operation)) {
    if (!note->reversed) counted = note->amount;
  } else if (const Operation* ours = find_refund(before, fact.refund, fact.operation);
             ours != nullptr && ours->status == OperationStatus::succeeded) {
    counted = ours->moved.value_or(ours->amount);
  }
  return {std::min(counted.minor, refunded(before).minor), none.currency};
}

DisputeMoves moved_by(const Payment& before, const DisputeChanged& fact) {
  const Money none = zero(before.details.amount.currency);
  DisputeMoves moves{false, none, none, none, none};
  const Dispute* known = find_dispute(before, fact.dispute);
  if (known != nullptr) {
    moves.posted = known->posted;
    if (rank(fact.inquiry, fact.status) <= rank(known->inquiry, known->status)) return moves;
  }
  moves.forward = true;
  if (fact.inquiry) return moves;
  if ((known == nullptr || known->inquiry) && fact.amount.currency == none.currency) {
    // The provider takes the money at once. A dispute above what is left is recorded as it is, but
    // the books never show more taken than there was (README.md, decision 16).
    moves.taken.minor = std::clamp<std::int64_t>(fact.amount.minor, 0, uncommitted(before).minor);
    moves.posted = moves.taken;
  }
  if (fact.status == DisputeStatus::lost) moves.lost = moves.posted;
  if (fact.status == DisputeStatus::won) {
    moves.returned = moves.posted;
    moves.posted = none;
  }
  return moves;
}

const RefundNote* find_refund_note(const Payment& payment, std::string_view refund,
                                   const OperationId& operation) noexcept {
  const auto& notes = payment.refund_notes;
  const auto found = std::find_if(notes.begin(), notes.end(), [&](const RefundNote& note) {
    return note.refund == refund || (!operation.empty() && note.operation == operation);
  });
  if (found != notes.end() && planted("webhook_not_deduplicated")) return nullptr;
  return found == notes.end() ? nullptr : &*found;
}

const Operation* find_refund(const Payment& payment, std::string_view refund,
                             const OperationId& operation) noexcept {
  const auto& history = payment.history;
  const auto found = std::find_if(history.begin(), history.end(), [&](const Operation& settled) {
    return settled.kind == provider::OperationKind::refund &&
           ((!operation.empty() && settled.id == operation) ||
            (!refund.empty() && settled.provider_object == refund));
  });
  return found == history.end() ? nullptr : &*found;
}

}  // namespace cambist::payment
