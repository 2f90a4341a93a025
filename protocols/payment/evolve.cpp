// How a recorded fact changes the payment. Total: a fact that does not fit the state (which no
// decision makes) changes nothing but the version.
#include <utility>

#include "protocols/core/overloaded.hpp"
#include "protocols/core/planted.hpp"
#include "protocols/payment/apply.hpp"
#include "protocols/payment/moves.hpp"

namespace cambist::payment {
namespace {

using provider::OperationKind;

Money plus(const Money& a, const Money& b) {
  const auto sum = add(a, b);
  return sum ? *sum : a;
}

/// What `operation` has brought to light of the payment, unless the payment has left its provider.
void remember(Payment& payment, Operation& operation, const std::string& provider_payment_id,
              const provider::MethodSummary& method = {}) {
  if (operation.provider != payment.provider) return;
  if (!provider_payment_id.empty()) {
    payment.provider_payment_id = provider_payment_id;
    if (begins_payment(operation)) operation.provider_payment_id = provider_payment_id;
  }
  if (!method.brand.empty() || !method.last4.empty()) payment.method = method;
}

/// A call of `operation` was answered without settling it: what follows is its next call.
void next_call(Operation& operation, TimePoint at) {
  ++operation.attempts;
  operation.updated_at = at;
}

State approved_capture(const Payment& payment, const Capturing& state,
                       const provider::Approved& approved) {
  const Money captured = plus(state.captured, approved.amount);
  if (state.operation.final_capture || captured.minor >= payment.details.amount.minor) {
    return Captured{captured, zero(captured.currency)};
  }
  return Authorized{captured, approved.authorization_expires_at ? approved.authorization_expires_at
                                                                : state.expires_at};
}

State at_rest(const Compensating& state) {
  return std::visit([](const auto& rest) -> State { return rest; }, state.rest);
}

/// What the payment is once its running operation had its effect.
State after_approval(const Payment& payment, const Operation& operation,
                     const provider::Approved& approved) {
  const Money none = zero(payment.details.amount.currency);
  const auto first = [&]() -> State {
    if (operation.kind == OperationKind::authorize)
      return Authorized{none, approved.authorization_expires_at};
    return Captured{approved.amount, none};
  };
  return std::visit(
      Overloaded{
          [&](const Starting&) { return first(); },
          [&](const AwaitingAction&) { return first(); },
          [&](const Capturing& s) { return approved_capture(payment, s, approved); },
          [&](const Voiding& s) -> State {
            // Given up because the payer let the time pass.
            if (s.awaiting && operation.by_itself) return Expired{};
            return Voided{};
          },
          [&](const Refunding& s) -> State {
            return Captured{s.captured, plus(s.refunded, approved.amount)};
          },
          [](const Fencing& s) -> State { return Failed{s.refused.value_or({}).failure}; },
          [](const Compensating& s) -> State { return at_rest(s); },
          [&](const auto& s) -> State { return s; },
      },
      payment.state);
}

/// What the payment is once its running operation surely had no effect.
State after_failure(const Payment& payment, const provider::Failure& failure, TimePoint at) {
  return std::visit(Overloaded{
                        [&](const Starting&) -> State { return Failed{failure}; },
                        [&](const AwaitingAction&) -> State { return Failed{failure}; },
                        [&](const Capturing& s) -> State {
                          return Authorized{s.captured, s.expires_at};
                        },
                        [&](const Voiding& s) -> State {
                          const Money none = zero(payment.details.amount.currency);
                          if (!s.awaiting) return Authorized{none, s.expires_at};
                          // Perhaps the payer was faster than the cancel: the provider is asked at
                          // once.
                          AwaitingAction awaiting = *s.awaiting;
                          awaiting.operation.next_attempt_at = at;
                          // The payer's time begins anew, so that giving up is not tried all the
                          // time.
                          awaiting.since = at;
                          return awaiting;
                        },
                        [&](const Refunding& s) -> State {
                          return Captured{s.captured, s.refunded};
                        },
                        [](const Compensating& s) -> State { return at_rest(s); },
                        [&](const auto& s) -> State { return s; },
                    },
                    payment.state);
}

void fail(Payment& payment, const OperationId& id, OperationStatus status,
          const provider::Failure& failure, TimePoint at) {
  Operation* operation = running_as(payment, id);
  if (operation == nullptr) return;
  operation->failure = failure;
  if (std::holds_alternative<Compensating>(payment.state)) not_returned(payment, *operation);
  settle(payment, *operation, status, at);
  payment.state = after_failure(payment, failure, at);
}

void apply(Payment& payment, const PaymentCreated& fact, TimePoint at) {
  payment.id = fact.id;
  payment.tenant = fact.tenant;
  payment.details = fact.details;
  payment.provider = fact.details.provider;
  payment.capture_at = fact.details.capture_at;
  payment.created_at = at;
}

void apply(Payment& payment, const OperationStarted& fact, TimePoint) {
  Operation operation = fact.operation;
  if (operation.provider.empty()) operation.provider = payment.provider;
  remember(payment, operation, operation.provider_payment_id);
  if (auto* s = std::get_if<Refunding>(&payment.state); s != nullptr && planted("refund_race"))
    s->operation = operation;
  if (auto* s = std::get_if<Capturing>(&payment.state);
      s != nullptr && planted("conflicting_command_while_unknown"))
    payment.state = Authorized{s->captured, s->expires_at};
  payment.state = std::visit(Overloaded{
                                 [&](const Nothing&) -> State { return Starting{operation}; },
                                 [&](const Authorized& s) -> State {
                                   if (operation.kind == OperationKind::capture)
                                     return Capturing{s.captured, s.expires_at, operation};
                                   return Voiding{s.expires_at, operation, std::nullopt};
                                 },
                                 [&](const AwaitingAction& s) -> State {
                                   return Voiding{std::nullopt, operation, s};
                                 },
                                 [&](const Captured& s) -> State {
                                   return Refunding{s.captured, s.refunded, operation};
                                 },
                                 [&](const auto& s) -> State { return s; },
                             },
                             payment.state);
}

void apply(Payment& payment, const StepCompleted& fact, TimePoint at) {
  Operation* operation = running_as(payment, fact.operation);
  if (operation == nullptr) return;
  // A step that only begins something again has brought nothing: its failures count on, so that a
  // provider that keeps failing is tried at the pace of the schedule.
  const bool anew =
      fact.provider_payment_id.empty() || fact.provider_payment_id == payment.provider_payment_id;
  remember(payment, *operation, fact.provider_payment_id);
  if (!fact.provider_object.empty()) operation->provider_object = fact.provider_object;
  operation->step = fact.step;
  // The step that is done is known, and the next was never sent: nothing about it is uncertain.
  operation->status = OperationStatus::pending;
  operation->inquire = false;
  operation->next_attempt_at.reset();
  operation->step_started_at = at;
  if (!anew) {
    operation->failures = 0;
    operation->unknown_since.reset();
  }
  next_call(*operation, at);
  back_to_starting(payment, at);
}

void apply(Payment& payment, const OperationApproved& fact, TimePoint at) {
  Operation* operation = running_as(payment, fact.operation);
  if (operation == nullptr) return;
  remember(payment, *operation, fact.approved.provider_payment_id, fact.approved.method);
  if (!fact.approved.provider_object.empty())
    operation->provider_object = fact.approved.provider_object;
  operation->failure.reset();
  operation->moved = fact.approved.amount;
  if (auto* voiding = std::get_if<Voiding>(&payment.state);
      voiding != nullptr && voiding->awaiting) {
    // The operation that waited for the payer is given up with it: surely without effect.
    settle(payment, voiding->awaiting->operation, OperationStatus::refused, at);
  }
  if (auto* fencing = std::get_if<Fencing>(&payment.state); fencing != nullptr && fencing->attempt)
    settle(payment, *fencing->attempt, OperationStatus::refused, at);
  if (std::holds_alternative<Compensating>(payment.state))
    returned(payment, *operation, fact.approved);
  if (operation->kind == OperationKind::charge && payment.transfers)
    payment.transfers->unapplied_minor -= applied_by(payment, fact.approved.amount).minor;
  settle(payment, *operation, OperationStatus::succeeded, at);
  payment.state = after_approval(payment, payment.history.back(), fact.approved);
}

void apply(Payment& payment, const OperationDeclined& fact, TimePoint at) {
  Operation* operation = running_as(payment, fact.operation);
  if (operation == nullptr) return;
  remember(payment, *operation, fact.declined.provider_payment_id, fact.declined.method);
  fail(payment, fact.operation, OperationStatus::declined, fact.declined.failure, at);
}

void apply(Payment& payment, const OperationRefused& fact, TimePoint at) {
  fail(payment, fact.operation, OperationStatus::refused, fact.refused.failure, at);
}

void apply(Payment& payment, const AttemptFailed& fact, TimePoint at) {
  Operation* operation = running_as(payment, fact.operation);
  if (operation == nullptr) return;
  if (fact.unknown) {
    operation->status = OperationStatus::unknown;
    if (!operation->unknown_since) operation->unknown_since = at;
  }
  operation->inquire = fact.inquire;
  operation->next_attempt_at = fact.next_at;
  operation->failure = fact.failure;
  ++operation->failures;
  if (fact.inquire && fact.next_at > at) ++operation->inquiries;
  next_call(*operation, at);
}

void apply(Payment& payment, const OperationPending& fact, TimePoint at) {
  Operation* operation = running_as(payment, fact.operation);
  if (operation == nullptr) return;
  remember(payment, *operation, fact.provider_payment_id);
  if (!fact.provider_object.empty()) operation->provider_object = fact.provider_object;
  back_to_starting(payment, at);
  operation = running_as(payment, fact.operation);
  operation->status = OperationStatus::pending;
  operation->unknown_since.reset();
  operation->inquire = true;
  operation->next_attempt_at = fact.next_at;
  ++operation->inquiries;
  next_call(*operation, at);
}

void apply(Payment& payment, const ActionWasRequired& fact, TimePoint at) {
  Operation* running = running_as(payment, fact.operation);
  if (running == nullptr) return;
  remember(payment, *running, fact.required.provider_payment_id, fact.required.method);
  Operation operation = std::move(*running);
  operation.status = OperationStatus::pending;
  operation.inquire = true;
  operation.next_attempt_at.reset();
  if (fact.required.ask_after) operation.next_attempt_at = at + *fact.required.ask_after;
  operation.inquiries = 0;
  operation.unknown_since.reset();
  next_call(operation, at);
  // Being told again does not give the payer more time.
  const auto* waiting = std::get_if<AwaitingAction>(&payment.state);
  const bool same = waiting != nullptr && waiting->action == fact.required.action;
  const TimePoint since = same ? waiting->since : at;
  payment.state =
      AwaitingAction{std::move(operation), fact.required.action, since, fact.required.withdrawable};
}

void apply(Payment& payment, const ActionConfirmed& fact, TimePoint at) {
  if (running_as(payment, fact.operation) == nullptr) return;
  back_to_starting(payment, at);
  Operation* operation = running_as(payment, fact.operation);
  operation->confirmed = true;
  operation->inquire = true;
  next_call(*operation, at);
}

/// A schedule lives only while the whole authorization is still to be captured.
bool keeps_schedule(const Payment& payment) noexcept {
  return std::holds_alternative<Nothing>(payment.state) ||
         std::holds_alternative<Starting>(payment.state) ||
         std::holds_alternative<AwaitingAction>(payment.state) ||
         std::holds_alternative<Authorized>(payment.state) ||
         std::holds_alternative<Fencing>(payment.state) ||
         std::holds_alternative<Compensating>(payment.state);
}

}  // namespace

void settle(Payment& payment, Operation& operation, OperationStatus status, TimePoint at) {
  operation.status = status;
  operation.next_attempt_at.reset();
  operation.inquire = false;
  operation.updated_at = at;
  payment.history.push_back(operation);
}

void back_to_starting(Payment& payment, TimePoint at) {
  if (auto* awaiting = std::get_if<AwaitingAction>(&payment.state)) {
    Operation operation = std::move(awaiting->operation);
    operation.next_attempt_at.reset();
    operation.resumed_at = at;
    payment.state = Starting{std::move(operation)};
  }
}

Operation* running_as(Payment& payment, const OperationId& id) {
  return std::visit(
      [&](auto& state) -> Operation* {
        if constexpr (requires { state.operation; }) {
          return state.operation.id == id ? &state.operation : nullptr;
        } else {
          return nullptr;
        }
      },
      payment.state);
}

Payment evolve(Payment payment, const Event& event) {
  std::visit([&](const auto& fact) { apply(payment, fact, event.at); }, event.fact);
  if (!keeps_schedule(payment)) payment.capture_at.reset();
  ++payment.version;
  payment.updated_at = event.at;
  return payment;
}

}  // namespace cambist::payment
