// What a client's command means now: which operation it starts, or why it cannot.
#include <string>
#include <utility>

#include "protocols/core/overloaded.hpp"
#include "protocols/core/planted.hpp"
#include "protocols/payment/decide.hpp"
#include "protocols/payment/moves.hpp"

namespace cambist::payment {
namespace {

using provider::OperationKind;

std::string text_of(const Money& money) {
  return to_decimal(money) + " " + std::string{money.currency.code()};
}

Operation opening(const Create& command, TimePoint now) {
  const auto kind = command.details.capture == CaptureMethod::manual ? OperationKind::authorize
                                                                     : OperationKind::charge;
  const Money& amount = command.details.amount;
  return begin(command.id, command.operation, kind, amount, amount, now);
}

Error illegal(std::string detail) {
  return {ErrorCode::illegal_transition, std::move(detail)};
}

/// The amount asked for, or all that is `left`.
Result<Money> amount_within(const std::optional<Money>& asked, const Money& left,
                            const std::string& what) {
  if (!asked) return left;
  if (asked->currency != left.currency) {
    return Error{ErrorCode::invalid_request,
                 "The currency must be the payment's, " + std::string{left.currency.code()} + ".",
                 "amount.currency"};
  }
  if (asked->minor <= 0) {
    return Error{ErrorCode::invalid_request, "The amount must be above zero.", "amount.value"};
  }
  if (asked->minor > left.minor) {
    return Error{ErrorCode::amount_too_large,
                 "The amount is above what can still be " + what + ", " + text_of(left) + ".",
                 "amount.value"};
  }
  return *asked;
}

}  // namespace

Error out_of_turn(const Payment& payment, const std::string& what) {
  if (std::holds_alternative<Nothing>(payment.state))
    return illegal("The payment does not exist yet.");
  if (std::holds_alternative<AwaitingAction>(payment.state)) {
    return illegal("The payment cannot be " + what + ": the payer must act first.");
  }
  if (const Operation* operation = running(payment)) {
    const std::string kind{provider::to_string(operation->kind)};
    if (operation->status == OperationStatus::unknown) {
      return {ErrorCode::outcome_unknown,
              "The outcome of the payment's " + kind +
                  " is unknown and is being resolved with the provider."};
    }
    return {ErrorCode::operation_in_progress, "The payment's " + kind + " is still in progress."};
  }
  return illegal("The payment cannot be " + what + ": it is " +
                 std::string{to_string(status_of(payment))} + ".");
}

Operation begin(const PaymentId& payment, const OperationId& id, OperationKind kind,
                const Money& amount, const Money& remaining, TimePoint now) {
  Operation operation;
  operation.id = id;
  operation.kind = kind;
  operation.amount = amount;
  operation.remaining = remaining;
  // Derived from ids alone: the same operation has the same key on every attempt, after any crash.
  operation.idempotency_key = payment.to_string() + ":" + id.to_string();
  operation.started_at = operation.step_started_at = operation.updated_at = now;
  return operation;
}

Result<Decision> decide_create(const Payment& payment, const Create& command,
                               const Moment& moment) {
  if (!std::holds_alternative<Nothing>(payment.state))
    return illegal("The payment exists already.");
  const Money& amount = command.details.amount;
  if (amount.minor <= 0) {
    return Error{ErrorCode::invalid_request, "The amount must be above zero.", "amount.value"};
  }
  if (command.details.capture_at) {
    if (command.details.capture != CaptureMethod::manual) {
      return Error{ErrorCode::invalid_request,
                   R"(A time for the capture needs "capture" to be "manual".)", "capture_at"};
    }
    if (const auto fine = check_capture_at(*command.details.capture_at, std::nullopt, moment);
        !fine) {
      return fine.error();
    }
  }
  std::vector<Fact> facts{PaymentCreated{command.id, command.tenant, command.details}};
  if (!command.considered.empty())
    facts.emplace_back(Routed{command.details.provider, command.considered});
  facts.emplace_back(OperationStarted{opening(command, moment.now)});
  return record(payment, std::move(facts), moment.now);
}

provider::Call opening_call(const Create& command, TimePoint now) {
  Payment payment;
  payment.id = command.id;
  payment.tenant = command.tenant;
  payment.details = command.details;
  return call_for(payment, opening(command, now));
}

Result<Decision> decide_confirm(const Payment& payment, const Moment& moment) {
  if (const auto* state = std::get_if<AwaitingAction>(&payment.state)) {
    return record(payment, {ActionConfirmed{state->operation.id, {}}}, moment.now);
  }
  return out_of_turn(payment, "confirmed");
}

Result<Decision> decide_capture(const Payment& payment, const Capture& command,
                                const Moment& moment) {
  if (!std::holds_alternative<Authorized>(payment.state)) return out_of_turn(payment, "captured");
  const Money left = capturable(payment);
  auto amount = amount_within(command.amount, left, "captured");
  if (!amount) return amount.error();
  Operation operation =
      begin(payment.id, command.operation, OperationKind::capture, *amount, left, moment.now);
  operation.final_capture = command.final_capture;
  return record(payment, {OperationStarted{std::move(operation)}}, moment.now);
}

Result<Decision> decide_cancel(const Payment& payment, const Cancel& command,
                               const Moment& moment) {
  const auto start = [&]() -> Result<Decision> {
    const Money& amount = payment.details.amount;
    Operation operation = begin(payment.id, command.operation, OperationKind::void_authorization,
                                amount, amount, moment.now);
    operation.reason = command.reason;
    return record(payment, {OperationStarted{std::move(operation)}}, moment.now);
  };
  if (const auto* s = std::get_if<Capturing>(&payment.state);
      s != nullptr && s->operation.status == OperationStatus::unknown &&
      planted("conflicting_command_while_unknown"))
    return start();
  return std::visit(
      Overloaded{
          [&](const Authorized& s) -> Result<Decision> {
            if (s.captured.minor == 0) return start();
            return illegal(
                "The payment cannot be canceled: a part of it is captured. Make the final "
                "capture and refund it instead.");
          },
          [&](const AwaitingAction&) { return start(); },
          [&](const Captured&) -> Result<Decision> {
            return illegal("The payment cannot be canceled: it is captured. Refund it instead.");
          },
          [&](const auto&) -> Result<Decision> { return out_of_turn(payment, "canceled"); },
      },
      payment.state);
}

Result<Decision> decide_refund(const Payment& payment, const Refund& command,
                               const Moment& moment) {
  if (const auto* state = std::get_if<Authorized>(&payment.state)) {
    return illegal(state->captured.minor > 0
                       ? "The payment cannot be refunded yet: its captures are not final. Make the "
                         "final capture first."
                       : "The payment cannot be refunded: nothing is captured. Cancel it instead.");
  }
  const bool racing = std::holds_alternative<Refunding>(payment.state) && planted("refund_race");
  const auto* state = std::get_if<Captured>(&payment.state);
  if (!racing && (state == nullptr || is_terminal(payment))) {
    return out_of_turn(payment, "refunded");
  }
  Money left = uncommitted(payment);
  if (racing) left.minor = captured(payment).minor - refunded(payment).minor;
  if (left.minor == 0) {
    return illegal("The payment cannot be refunded: a dispute has taken what is left.");
  }
  auto amount = amount_within(command.amount, left, "refunded");
  if (!amount) return amount.error();
  Operation operation =
      begin(payment.id, command.operation, OperationKind::refund, *amount, left, moment.now);
  operation.reason = command.reason;
  return record(payment, {OperationStarted{std::move(operation)}}, moment.now);
}

}  // namespace cambist::payment
