// What the payment owes: the call of its running operation, the moment it must be woken, what a
// timer does then.
#include <algorithm>
#include <utility>

#include "protocols/core/overloaded.hpp"
#include "protocols/core/planted.hpp"
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
  if (operation.attempts > 1 && planted("new_key_on_retry"))
    call.idempotency_key += ":" + std::to_string(operation.attempts);
  if (operation.status == OperationStatus::unknown && planted("failover_on_unknown"))
    call.idempotency_key += ":elsewhere";
  call.amount = operation.amount;
  call.remaining = operation.remaining;
  call.final_capture = operation.final_capture;
  const bool here = operation.provider.empty() || operation.provider == payment.provider;
  call.provider_payment_id = here ? payment.provider_payment_id : operation.provider_payment_id;
  call.provider_object = operation.provider_object;
  for (const Operation& settled : payment.history) {
    const bool took = settled.kind == provider::OperationKind::charge ||
                      settled.kind == provider::OperationKind::capture;
    if (!took || settled.status != OperationStatus::succeeded ||
        settled.provider != operation.provider)
      continue;
    call.captured_at = settled.updated_at;
  }
  // At a provider that the payment has left, all there is is what is to go back.
  call.captured = here ? captured(payment) : operation.remaining;
  call.method = payment.details.method;
  call.description = payment.details.description;
  call.reference = payment.details.reference;
  call.return_url = payment.details.return_url;
  call.reason = operation.reason;
  call.confirmed = operation.confirmed;
  call.started_at = operation.started_at;
  call.repeat = operation.failures > 0;  // a step forward is none, whatever its attempt's number
  name_earlier_objects(payment, operation, call);
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

TimePoint action_deadline(const AwaitingAction& state, const Policy& policy) {
  if (state.action.expires_at && *state.action.expires_at > state.since)
    return *state.action.expires_at;
  return state.since + policy.action_wait;
}

TimePoint action_due(const AwaitingAction& state, const Policy& policy) {
  return state.operation.next_attempt_at.value_or(action_deadline(state, policy));
}

namespace {

struct Due {
  TimePoint at;
  std::string_view reason;
};

Due due_of(const Operation& operation, const Policy& policy) {
  const bool scheduled =
      operation.next_attempt_at && *operation.next_attempt_at > operation.updated_at;
  const TimePoint at = operation_due(operation, policy);
  if (!scheduled) return {at, "call_deadline"};
  return {at, operation.inquire ? "inquiry" : "repeat"};
}

/// What an authorization waits for. A capture that is due as the authorization ends is tried.
std::optional<Due> due_of(const Payment& payment, const Authorized& state) {
  const bool capture = payment.capture_at && state.captured.minor == 0 &&
                       (!state.expires_at || *payment.capture_at <= *state.expires_at);
  if (capture) return Due{*payment.capture_at, "scheduled_capture"};
  if (state.expires_at) return Due{*state.expires_at, "authorization_expiry"};
  return std::nullopt;
}

std::optional<Due> next_due(const Payment& payment, const Policy& policy) {
  auto due = std::visit(Overloaded{
                            [&](const AwaitingAction& s) -> std::optional<Due> {
                              return Due{action_due(s, policy),
                                         s.operation.next_attempt_at ? "inquiry" : "action_expiry"};
                            },
                            [&](const Authorized& s) { return due_of(payment, s); },
                            [&](const auto& s) -> std::optional<Due> {
                              if constexpr (requires { s.operation; }) {
                                return due_of(s.operation, policy);
                              } else {
                                return std::nullopt;
                              }
                            },
                        },
                        payment.state);
  if (const auto at = escalation_due(payment, policy); at && due && *at < due->at)
    due = Due{*at, "escalation"};
  return due;
}

}  // namespace

std::optional<TimePoint> wake_at(const Payment& payment, const Policy& policy) {
  const auto due = next_due(payment, policy);
  return due ? std::optional{due->at} : std::nullopt;
}

std::string_view wake_reason(const Payment& payment, const Policy& policy) {
  const auto due = next_due(payment, policy);
  return due ? due->reason : std::string_view{};
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
  const auto due = next_due(payment, moment.policy);
  if (!due || moment.now < due->at) return {};
  const Operation* operation = running(payment);
  if (operation == nullptr) {
    if (due->reason == "scheduled_capture")
      return record(payment, {scheduled_capture(payment, moment.now)}, moment.now);
    return record(payment, {AuthorizationExpired{}}, moment.now);
  }
  if (auto called = escalation(payment, moment)) {
    return record_beside(payment, {std::move(*called)}, moment.now);
  }
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
