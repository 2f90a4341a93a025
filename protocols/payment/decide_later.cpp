// What is to happen by itself, and what only people can find out: scheduled captures, payers who
// never act, operations that stay unknown.
#include <algorithm>
#include <utility>

#include "protocols/payment/decide.hpp"
#include "protocols/retry/schedule.hpp"

namespace cambist::payment {
namespace {

using provider::OperationKind;

// A capture that is tried again leaves the provider this long before the authorization ends.
constexpr Duration before_expiry = std::chrono::minutes{1};

Error wrong_time(std::string detail) {
  return {ErrorCode::invalid_request, std::move(detail), "capture_at"};
}

/// Whether the whole authorization is still to come or to be captured.
bool can_schedule(const Payment& payment) {
  if (payment.details.capture != CaptureMethod::manual) return false;
  if (const auto* state = std::get_if<Authorized>(&payment.state))
    return state->captured.minor == 0;
  return std::holds_alternative<Starting>(payment.state) ||
         std::holds_alternative<AwaitingAction>(payment.state);
}

/// How often a capture of the machine's own was refused, last of all.
int refused_captures(const Payment& payment) {
  int count = 0;
  for (auto it = payment.history.rbegin(); it != payment.history.rend(); ++it) {
    if (!it->by_itself || it->kind != OperationKind::capture ||
        it->status != OperationStatus::refused) {
      break;
    }
    ++count;
  }
  return count;
}

}  // namespace

bool is_outage(const provider::Refused& refused) noexcept {
  using provider::FailureCode;
  return refused.outage || refused.failure.code == FailureCode::provider_down ||
         refused.failure.code == FailureCode::network_error ||
         refused.failure.code == FailureCode::timeout;
}

Result<void> check_capture_at(TimePoint at, const std::optional<TimePoint>& expires_at,
                              const Moment& moment) {
  if (at <= moment.now) return wrong_time("The time of the capture must be in the future.");
  if (expires_at && at >= *expires_at) {
    return wrong_time("The time of the capture must be before the authorization expires at " +
                      to_rfc3339(*expires_at) + ".");
  }
  if (!expires_at && at > moment.now + moment.policy.authorization_lifetime) {
    return wrong_time("The time of the capture must be before an authorization expires, by " +
                      to_rfc3339(moment.now + moment.policy.authorization_lifetime) + ".");
  }
  return {};
}

Result<Decision> decide_schedule(const Payment& payment, const ScheduleCapture& command,
                                 const Moment& moment) {
  if (!can_schedule(payment)) {
    if (payment.details.capture != CaptureMethod::manual &&
        !std::holds_alternative<Nothing>(payment.state)) {
      return Error{ErrorCode::illegal_transition,
                   "The payment's capture cannot be scheduled: it is captured automatically."};
    }
    return out_of_turn(payment, "scheduled for capture");
  }
  if (payment.capture_at == command.at) return Decision{};
  if (command.at) {
    const auto* state = std::get_if<Authorized>(&payment.state);
    const auto expires_at = state != nullptr ? state->expires_at : std::nullopt;
    if (const auto fine = check_capture_at(*command.at, expires_at, moment); !fine)
      return fine.error();
  }
  return record_beside(payment, {CaptureScheduled{command.at}}, moment.now);
}

bool captures_again(const Payment& before, const OperationRefused& fact, TimePoint now) {
  const auto* state = std::get_if<Capturing>(&before.state);
  if (state == nullptr || state->operation.id != fact.operation || !state->operation.by_itself ||
      !is_outage(fact.refused)) {
    return false;
  }
  return !state->expires_at || *state->expires_at - before_expiry > now;
}

CaptureScheduled next_capture(const Payment& refused, const Moment& moment) {
  const Policy& policy = moment.policy;
  const Duration delay =
      retry::backoff(std::max(refused_captures(refused), 1), policy.capture_retry_delay_min,
                     policy.capture_retry_delay_max, moment.roll);
  TimePoint at = moment.now + delay;
  if (const auto* state = std::get_if<Authorized>(&refused.state); state && state->expires_at)
    at = std::min(at, *state->expires_at - before_expiry);
  return CaptureScheduled{at};
}

OperationId derived_operation(const Payment& payment) {
  OperationId id{payment.id.bytes};
  id.bytes[10] ^= 0x80;  // never the payment's own
  std::uint64_t number = payment.version + 1;
  for (std::size_t i = id.bytes.size(); i-- > id.bytes.size() - 4; number >>= 8)
    id.bytes[i] = static_cast<std::uint8_t>(id.bytes[i] ^ (number & 0xffU));
  return id;
}

OperationStarted scheduled_capture(const Payment& payment, TimePoint now) {
  const Money left = capturable(payment);
  Operation operation =
      begin(payment.id, derived_operation(payment), OperationKind::capture, left, left, now);
  operation.reason = "scheduled";
  operation.by_itself = true;
  return OperationStarted{std::move(operation)};
}

OperationStarted giving_up(const Payment& payment, TimePoint now) {
  const Money& amount = payment.details.amount;
  Operation operation = begin(payment.id, derived_operation(payment),
                              OperationKind::void_authorization, amount, amount, now);
  operation.reason = "action_expired";
  operation.by_itself = true;
  return OperationStarted{std::move(operation)};
}

std::optional<TimePoint> escalation_due(const Payment& payment, const Policy& policy) {
  const Operation* operation = running(payment);
  // While the payer must act there is nothing that operators could find out.
  if (operation == nullptr || operation->escalation || !operation->inquire ||
      std::holds_alternative<AwaitingAction>(payment.state)) {
    return std::nullopt;
  }
  return operation->resumed_at.value_or(operation->started_at) + policy.unknown_max;
}

std::optional<OperationEscalated> escalation(const Payment& payment, const Moment& moment) {
  const auto due = escalation_due(payment, moment.policy);
  if (!due || moment.now < *due) return std::nullopt;
  const Operation& operation = *running(payment);
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(moment.policy.unknown_max);
  std::string reason = "The provider has not told within " + std::to_string(hours.count()) +
                       " h what became of the " + std::string{provider::to_string(operation.kind)} +
                       ".";
  if (operation.failure && !operation.failure->message.empty())
    reason += " Its last word: " + operation.failure->message;
  return OperationEscalated{operation.id, std::move(reason)};
}

Result<Decision> decide_resolution(const Payment& payment, const ResolveOperation& command,
                                   const Moment& moment) {
  const Operation* operation = running(payment);
  const bool open = operation != nullptr && operation->id == command.operation &&
                    (operation->status == OperationStatus::unknown || operation->escalated) &&
                    !std::holds_alternative<AwaitingAction>(payment.state);
  if (!open) {
    return Error{ErrorCode::illegal_transition,
                 "The outcome of this operation is not in question (any more)."};
  }
  std::vector<Fact> facts{
      OperatorDecided{command.operation, command.succeeded, command.reason, command.by}};
  if (command.succeeded) {
    provider::Approved approved;
    approved.amount = operation->amount;
    approved.provider_object = command.provider_object;
    if (operation->kind == OperationKind::authorize)
      approved.authorization_expires_at = moment.now + moment.policy.authorization_lifetime;
    const auto* fencing = std::get_if<Fencing>(&payment.state);
    facts.emplace_back(fencing != nullptr
                           ? fence_stands(payment, *fencing, {}, moment.now)
                           : OperationApproved{command.operation, std::move(approved), {}});
    if (operation->kind == OperationKind::void_authorization && fencing == nullptr) {
      if (auto rest = left_over(payment, moment.now)) facts.emplace_back(std::move(*rest));
    }
  } else {
    provider::Failure failure{
        provider::FailureCode::unknown, "The operators found that it was not executed.", {}};
    if (std::holds_alternative<Fencing>(payment.state)) {
      facts.emplace_back(FenceFailed{command.operation, std::move(failure), {}});
    } else {
      facts.emplace_back(OperationRefused{
          command.operation, {std::move(failure), false, false, std::nullopt}, {}});
    }
  }
  return record(payment, std::move(facts), moment.now);
}

}  // namespace cambist::payment
