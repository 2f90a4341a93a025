// The parts of `decide`, one per kind of command. Only the machine's own files include this.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/payment/machine.hpp"

namespace cambist::payment {

/// What every part of `decide` is given.
struct Moment {
  const Policy& policy;
  TimePoint now;
  double roll;
};

// Commands of clients.
[[nodiscard]] Result<Decision> decide_create(const Payment& payment, const Create& command,
                                             const Moment& moment);
[[nodiscard]] Result<Decision> decide_confirm(const Payment& payment, const Moment& moment);
[[nodiscard]] Result<Decision> decide_capture(const Payment& payment, const Capture& command,
                                              const Moment& moment);
[[nodiscard]] Result<Decision> decide_cancel(const Payment& payment, const Cancel& command,
                                             const Moment& moment);
[[nodiscard]] Result<Decision> decide_refund(const Payment& payment, const Refund& command,
                                             const Moment& moment);

/// A capture at `at` makes sense: in the future, and before the authorization ends.
/// Errors: invalid_request with `field` "capture_at".
[[nodiscard]] Result<void> check_capture_at(TimePoint at,
                                            const std::optional<TimePoint>& expires_at,
                                            const Moment& moment);
[[nodiscard]] Result<Decision> decide_schedule(const Payment& payment,
                                               const ScheduleCapture& command,
                                               const Moment& moment);
/// Refused because another operation is not settled, or because of the state itself.
[[nodiscard]] Error out_of_turn(const Payment& payment, const std::string& what);

// What operators found out.
[[nodiscard]] Result<Decision> decide_resolution(const Payment& payment,
                                                 const ResolveOperation& command,
                                                 const Moment& moment);

[[nodiscard]] Result<Decision> decide_resolution(const Payment& payment,
                                                 const ResolveAttention& command,
                                                 const Moment& moment);

// Money that comes by itself (decide_transfer.cpp).
[[nodiscard]] Result<Decision> decide_transfer(const Payment& payment,
                                               const provider::TransferSeen& seen,
                                               const std::string& notice, const Moment& moment);
/// The task for what a payment that ends without being paid has received all the same.
/// A task of its own about `subject`, an id at the provider.
[[nodiscard]] AttentionNeeded attention(const Payment& payment, AttentionKind kind,
                                        const Money& amount, std::string detail,
                                        const std::string& subject, TimePoint now);
[[nodiscard]] std::optional<AttentionNeeded> left_over(const Payment& payment, TimePoint now);

// Reports.
[[nodiscard]] Result<Decision> decide_notice(const Payment& payment, const Notified& notified,
                                             const Moment& moment);
/// The same for one of a provider that the payment has left.
[[nodiscard]] Decision decide_late_notice(const Payment& payment, const Notified& notified,
                                          const Moment& moment);
[[nodiscard]] Decision decide_answer(const Payment& payment, const ProviderAnswered& report,
                                     const Moment& moment);
[[nodiscard]] Decision decide_timer(const Payment& payment, const Moment& moment);

/// `facts` as events at `now`, and the call that the payment owes once they are folded in.
[[nodiscard]] Decision record(const Payment& before, std::vector<Fact> facts, TimePoint now);

/// The same for facts that leave the running operation as it is: what is owed of it stays owed.
[[nodiscard]] Decision record_beside(const Payment& before, std::vector<Fact> facts, TimePoint now);

// What happens by itself.

/// Whether a scheduled capture that is refused so is tried again: an outage, and time enough.
[[nodiscard]] bool captures_again(const Payment& before, const OperationRefused& fact,
                                  TimePoint now);
/// When; `refused` is the payment after the refusal.
[[nodiscard]] CaptureScheduled next_capture(const Payment& refused, const Moment& moment);
/// The id of an operation that nobody asked for, made of what is known: the payment's with one bit
/// turned and its last bytes XORed with the number of facts so far, plus one. That number grows
/// with every fact, so no two are the same; decided twice, it is the same.
[[nodiscard]] OperationId derived_operation(const Payment& payment);
[[nodiscard]] OperationStarted scheduled_capture(const Payment& payment, TimePoint now);
[[nodiscard]] OperationStarted giving_up(const Payment& payment, TimePoint now);
/// When the operators are called about the running operation; nullopt when they were, or need not.
[[nodiscard]] std::optional<TimePoint> escalation_due(const Payment& payment, const Policy& policy);
[[nodiscard]] std::optional<OperationEscalated> escalation(const Payment& payment,
                                                           const Moment& moment);

/// What the payment's settled operations made at the provider, for adapters whose calls name it.
/// Shape: a refund is taken from the last capture that has enough left after the refunds before it,
///        each taken from the last that had enough then; no capture is named when none has.
void name_earlier_objects(const Payment& payment, const Operation& operation, provider::Call& call);
// Another provider.

/// What follows a refusal of the first operation that another provider may mend: it goes on there,
/// or first makes void what it left here. Nullopt when it ends here.
[[nodiscard]] std::optional<Fact> elsewhere(const Payment& payment,
                                            const provider::Refused& refused,
                                            const provider::Exchange& exchange,
                                            const Moment& moment);
/// What an approved fence is followed by.
[[nodiscard]] Fact fence_stands(const Payment& payment, const Fencing& fencing,
                                const provider::Exchange& exchange, TimePoint now);
/// Late money that is due to be asked about or returned, once nothing else runs.
[[nodiscard]] Decision compensate(const Payment& payment, const Moment& moment);
[[nodiscard]] bool is_outage(const provider::Refused& refused) noexcept;

/// The question what became of the running operation.
[[nodiscard]] CallProvider inquiry(const Payment& payment, const Operation& operation,
                                   TimePoint not_before);

/// When a timer must see to `operation`; it waits for an answer until then.
[[nodiscard]] TimePoint operation_due(const Operation& operation, const Policy& policy);
/// When the provider is asked what the payer did, if nobody confirms before.
[[nodiscard]] TimePoint action_due(const AwaitingAction& state, const Policy& policy);
/// When the payer's time is up.
[[nodiscard]] TimePoint action_deadline(const AwaitingAction& state, const Policy& policy);

/// An operation of `kind` as it starts.
[[nodiscard]] Operation begin(const PaymentId& payment, const OperationId& id,
                              provider::OperationKind kind, const Money& amount,
                              const Money& remaining, TimePoint now);

}  // namespace cambist::payment
