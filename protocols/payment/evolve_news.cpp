// How the payment changes by what no call of ours brought about: time, operators, and what the
// provider tells by itself.
#include <utility>

#include "protocols/payment/apply.hpp"
#include "protocols/payment/moves.hpp"

namespace cambist::payment {
namespace {

/// Nothing more can be captured: what was captured stays, the rest is let go.
void end_authorization(Payment& payment, State without_capture) {
  const auto* state = std::get_if<Authorized>(&payment.state);
  if (state == nullptr) return;
  const Money captured = state->captured;
  if (captured.minor > 0) {
    payment.state = Captured{captured, zero(captured.currency)};
  } else {
    payment.state = std::move(without_capture);
  }
}

void add_refunded(Payment& payment, std::int64_t minor) {
  if (auto* captured = std::get_if<Captured>(&payment.state)) captured->refunded.minor += minor;
  if (auto* refunding = std::get_if<Refunding>(&payment.state)) refunding->refunded.minor += minor;
}

}  // namespace

void apply(Payment& payment, const AuthorizationExpired&, TimePoint) {
  end_authorization(payment, Expired{});
}

void apply(Payment& payment, const CaptureScheduled& fact, TimePoint) {
  payment.capture_at = fact.at;
}

void apply(Payment& payment, const OperationEscalated& fact, TimePoint at) {
  Operation* operation = running_as(payment, fact.operation);
  if (operation == nullptr) return;
  operation->escalated = true;
  operation->escalation = Escalation{at, fact.reason};
}

void apply(Payment& payment, const OperatorDecided& fact, TimePoint) {
  // The task is done with this; what was found out follows.
  if (Operation* operation = running_as(payment, fact.operation)) operation->escalated = false;
}

void apply(Payment& payment, const OutcomeReported& fact, TimePoint at) {
  back_to_starting(payment, at);  // the payer has acted
  Operation* operation = running_as(payment, fact.operation);
  if (operation == nullptr) return;
  if (operation->provider == payment.provider && payment.provider_payment_id.empty()) {
    payment.provider_payment_id = fact.provider_payment_id;
    if (begins_payment(*operation)) operation->provider_payment_id = fact.provider_payment_id;
  }
  if (fact.amount) operation->reported = fact.amount;
  if (!fact.provider_object.empty()) operation->provider_object = fact.provider_object;
}

void apply(Payment& payment, const TransferReceived& fact, TimePoint) {
  const Money added = added_by(payment, fact);
  if (!payment.transfers) payment.transfers = Transfers{};
  payment.transfers->unapplied_minor += added.minor;
  payment.transfers->seen.push_back({fact.transfer, fact.kind, fact.amount});
}

void apply(Payment& payment, const AttentionNeeded& fact, TimePoint at) {
  if (!payment.transfers) payment.transfers = Transfers{};
  payment.transfers->attentions.push_back(
      {fact.task, fact.kind, fact.amount, fact.detail, at, true});
}

void apply(Payment& payment, const AttentionResolved& fact, TimePoint) {
  if (!payment.transfers) return;
  for (Attention& attention : payment.transfers->attentions) {
    if (attention.task == fact.task) attention.open = false;
  }
}

/// Only the timeline tells of it: no call is counted or moved.
void apply(Payment&, const BreakerNoticed&, TimePoint) {}

void apply(Payment& payment, const AuthorizationEndedAtProvider& fact, TimePoint) {
  end_authorization(payment, fact.expired ? State{Expired{}} : State{Voided{}});
}

void apply(Payment& payment, const CapturedAtProvider& fact, TimePoint) {
  if (received_by(payment, fact).minor == 0) return;
  payment.state = Captured{fact.total, zero(fact.total.currency)};
}

void apply(Payment& payment, const RefundedAtProvider& fact, TimePoint) {
  const Money refunded = refunded_by(payment, fact);
  if (refunded.minor == 0) return;
  add_refunded(payment, refunded.minor);
  payment.refund_notes.push_back({fact.refund, fact.operation, refunded, false});
}

void apply(Payment& payment, const RefundReversed& fact, TimePoint) {
  add_refunded(payment, -returned_by(payment, fact).minor);
  if (const RefundNote* known = find_refund_note(payment, fact.refund, fact.operation)) {
    payment.refund_notes[static_cast<std::size_t>(known - payment.refund_notes.data())].reversed =
        true;
  } else {
    payment.refund_notes.push_back({fact.refund, fact.operation, fact.amount, true});
  }
}

void apply(Payment& payment, const DisputeChanged& fact, TimePoint at) {
  const DisputeMoves moves = moved_by(payment, fact);
  if (!moves.forward) return;
  const Dispute* known = find_dispute(payment, fact.dispute);
  if (known == nullptr) {
    Dispute opened;
    opened.id = fact.dispute;
    opened.opened_at = at;
    payment.disputes.push_back(std::move(opened));
    known = &payment.disputes.back();
  }
  Dispute& dispute = payment.disputes[static_cast<std::size_t>(known - payment.disputes.data())];
  dispute.amount = fact.amount;
  dispute.status = fact.status;
  dispute.inquiry = fact.inquiry;
  dispute.posted = moves.posted;
  if (!fact.reason.empty()) dispute.reason = fact.reason;
  if (fact.evidence_due_by) dispute.evidence_due_by = fact.evidence_due_by;
  // A bank's question that is closed can still come back as a dispute.
  dispute.closed_at.reset();
  if (fact.status == provider::DisputeStatus::won || fact.status == provider::DisputeStatus::lost) {
    dispute.closed_at = at;
  }
}

}  // namespace cambist::payment
