// The parts of `evolve` that live in a file of their own. Only the machine's own files include
// this.
#pragma once

#include "protocols/payment/machine.hpp"

namespace cambist::payment {

void apply(Payment& payment, const AuthorizationExpired& fact, TimePoint at);
void apply(Payment& payment, const CaptureScheduled& fact, TimePoint at);
void apply(Payment& payment, const OperationEscalated& fact, TimePoint at);
void apply(Payment& payment, const OperatorDecided& fact, TimePoint at);
void apply(Payment& payment, const BreakerNoticed& fact, TimePoint at);
void apply(Payment& payment, const AuthorizationEndedAtProvider& fact, TimePoint at);
void apply(Payment& payment, const CapturedAtProvider& fact, TimePoint at);
void apply(Payment& payment, const RefundedAtProvider& fact, TimePoint at);
void apply(Payment& payment, const RefundReversed& fact, TimePoint at);
void apply(Payment& payment, const DisputeChanged& fact, TimePoint at);
void apply(Payment& payment, const OutcomeReported& fact, TimePoint at);
void apply(Payment& payment, const Routed& fact, TimePoint at);
void apply(Payment& payment, const AttemptFenced& fact, TimePoint at);
void apply(Payment& payment, const FenceFailed& fact, TimePoint at);
void apply(Payment& payment, const FailedOver& fact, TimePoint at);
void apply(Payment& payment, const LateSuccess& fact, TimePoint at);
void apply(Payment& payment, const CompensationStarted& fact, TimePoint at);
void apply(Payment& payment, const TransferReceived& fact, TimePoint at);
void apply(Payment& payment, const AttentionNeeded& fact, TimePoint at);
void apply(Payment& payment, const AttentionResolved& fact, TimePoint at);

/// `operation` is over, and goes to the payment's history.
void settle(Payment& payment, Operation& operation, OperationStatus status, TimePoint at);
/// What an operation on late money has come to.
void returned(Payment& payment, const Operation& operation, const provider::Approved& approved);
void not_returned(Payment& payment, const Operation& operation);
/// The payer's turn is over, if it was that: the first operation runs on.
void back_to_starting(Payment& payment, TimePoint at);
/// The running operation, when it is the one a fact speaks of.
[[nodiscard]] Operation* running_as(Payment& payment, const OperationId& id);

}  // namespace cambist::payment
