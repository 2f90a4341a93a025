// What the payment owes: the call of its running operation, the moment it must be woken, what a
// timer does then.
#include <algorithm>
#include <utility>

#include "protocols/core/overloaded.hpp"
#include "protocols/payment/decide.hpp"

namespace cambist::payment {

provider::Call call_for(const Payment& payment, const Operation& operation) {
  provider::Call call;
  call.kind = operation.kind;
  call.inquiry = operation.inquire;
  call.step = operation.step;
  call.attempt = operation.attempts;
  call.operation = operation.id;
  call.payment = payment.id;
  call.idempotency_key = operation.idempotency_key;
  call.amount = operation.amount;
  call.remaining = operation.remaining;
  call.final_capture = operation.final_capture;
  call.provider_payment_id = payment.provider_payment_id;
  call.provider_object = operation.provider_object;
  call.method = payment.details.method;
  call.description = payment.details.description;
  call.reference = payment.details.reference;
  call.return_url = payment.details.return_url;
  call.reason = operation.reason;
  call.confirmed = operation.confirmed;
  call.repeat = operation.failures > 0;  // a step forward is none, whatever its attempt's number
  return call;
}

CallProvider inquiry(const Payment& payment, const Operation& operation, TimePoint not_before) {
  CallProvider effect{call_for(payment, operation), not_before};
  effect.call.inquiry = true;
  return effect;
}

TimePoint operation_due(const Operation& operation, const Policy& policy) {
  const bool scheduled =
      operation.next_attempt_at && *operation.next_attempt_at > operation.updated_at;
  // An inquiry can be asked twice, so the timer may ask it on time. A call that does something is
  // run by whoever was given the effect; the timer only steps in when its answer is overdue.
  if (scheduled && operation.inquire) return *operation.next_attempt_at;
  return (scheduled ? *operation.next_attempt_at : operation.updated_at) + policy.call_grace;
}

TimePoint action_due(const AwaitingAction& state, const Policy& policy) {
  if (state.operation.next_attempt_at) return *state.operation.next_attempt_at;
  if (state.action.expires_at && *state.action.expires_at > state.since)
    return *state.action.expires_at;
  return state.since + policy.action_wait;
}

std::optional<TimePoint> wake_at(const Payment& payment, const Policy& policy) {
  return std::visit(
      Overloaded{
          [&](const AwaitingAction& s) { return std::optional{action_due(s, policy)}; },
          [](const Authorized& s) { return s.expires_at; },
          [&](const auto& s) -> std::optional<TimePoint> {
            if constexpr (requires { s.operation; }) {
              return operation_due(s.operation, policy);
            } else {
              return std::nullopt;
            }
          },
      },
      payment.state);
}

std::vector<Effect> owed(const Payment& payment, const Policy& policy, TimePoint now) {
  const Operation* operation = running(payment);
  if (operation == nullptr) return {};
  if (const auto* state = std::get_if<AwaitingAction>(&payment.state)) {
    if (now < action_due(*state, policy)) return {};
    return {inquiry(payment, *operation, now)};
  }
  return {inquiry(payment, *operation, std::max(now, operation->next_attempt_at.value_or(now)))};
}

Decision decide_timer(const Payment& payment, const Moment& moment) {
  const auto due = wake_at(payment, moment.policy);
  if (!due || moment.now < *due) return {};
  const Operation* operation = running(payment);
  if (operation == nullptr) return record(payment, {AuthorizationExpired{}}, moment.now);
  if (operation->inquire || std::holds_alternative<AwaitingAction>(payment.state)) {
    return Decision{{}, {inquiry(payment, *operation, moment.now)}};
  }
  // Nobody answered: the call may have had its effect. From here on it is asked about; a late
  // answer is stale.
  provider::Failure failure{
      provider::FailureCode::timeout, "The provider's answer did not come in time.", {}};
  provider::Exchange exchange;
  exchange.failure = "no_answer";
  exchange.at = moment.now;
  return record(payment,
                {AttemptFailed{operation->id, operation->attempts, true, true, moment.now,
                               std::move(failure), std::move(exchange)}},
                moment.now);
}

}  // namespace cambist::payment
