// The parts of `decide`, one per kind of command. Only the machine's own files include this.
#pragma once

#include <optional>
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

// Reports.
[[nodiscard]] Decision decide_answer(const Payment& payment, const ProviderAnswered& report,
                                     const Moment& moment);
[[nodiscard]] Decision decide_timer(const Payment& payment, const Moment& moment);

/// `facts` as events at `now`, and the call that the payment owes once they are folded in.
[[nodiscard]] Decision record(const Payment& before, std::vector<Fact> facts, TimePoint now);

/// The question what became of the running operation.
[[nodiscard]] CallProvider inquiry(const Payment& payment, const Operation& operation,
                                   TimePoint not_before);

/// When a timer must see to `operation`; it waits for an answer until then.
[[nodiscard]] TimePoint operation_due(const Operation& operation, const Policy& policy);
/// When the provider is asked what the payer did, if nobody confirms before.
[[nodiscard]] TimePoint action_due(const AwaitingAction& state, const Policy& policy);

/// An operation of `kind` as it starts.
[[nodiscard]] Operation begin(const PaymentId& payment, const OperationId& id,
                              provider::OperationKind kind, const Money& amount,
                              const Money& remaining, TimePoint now);

}  // namespace cambist::payment
