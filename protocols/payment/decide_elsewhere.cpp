// When the payment may go on at another provider: only after one that surely did not process it,
// and never while anything of it may still take effect where it was. Source: facts/idempotency.md
// section 4.
#include <algorithm>
#include <utility>

#include "protocols/payment/decide.hpp"

namespace cambist::payment {
namespace {

using provider::FailureCode;
using provider::OperationKind;

/// The provider behind the present one in the payment's order; empty when there is none.
std::string next_provider(const Payment& payment) {
  const auto& others = payment.details.alternatives;
  if (payment.provider == payment.details.provider) return others.empty() ? "" : others.front();
  const auto here = std::find(others.begin(), others.end(), payment.provider);
  return here == others.end() || here + 1 == others.end() ? std::string{} : *(here + 1);
}

/// Whether the same request may fare better elsewhere. What is wrong with the request or with the
/// payer's means is wrong everywhere; a provider's own limits and troubles are not.
bool may_help(const provider::Failure& failure) {
  switch (failure.code) {
    case FailureCode::provider_down:
    case FailureCode::network_error:
    case FailureCode::timeout:
    case FailureCode::configuration_error:
    case FailureCode::unknown:
      return true;
    case FailureCode::invalid_request:
      return failure.decline_code.find("amount") != std::string::npos ||
             failure.decline_code.find("currency") != std::string::npos;
    case FailureCode::insufficient_funds:
    case FailureCode::card_declined:
    case FailureCode::payment_method_invalid:
    case FailureCode::fraud_detected:
      return false;
  }
  return false;
}

/// Whether every call of the operation was answered with a refusal, one by one, and the payer was
/// never asked for anything.
bool surely_without_effect(const Operation& operation) {
  return operation.status == OperationStatus::pending && !operation.inquire &&
         !operation.unfenced && !operation.confirmed && !operation.resumed_at &&
         !operation.unknown_since && operation.inquiries == 0;
}

FailedOver failed_over(const Payment& payment, const Operation& attempt,
                       const provider::Refused& refused, const provider::Exchange& exchange,
                       bool fenced, TimePoint now) {
  const std::string to = next_provider(payment);
  Operation next = begin(payment.id, derived_operation(payment), attempt.kind, attempt.amount,
                         attempt.remaining, now);
  next.origin = attempt.origin;  // the client that waits gets the answer of whoever comes last
  next.provider = to;
  std::string reason = payment.provider + " surely did not process it (" +
                       std::string{provider::to_string(refused.failure.code)} + ")";
  if (fenced) reason += ", and what it had made there is void";
  return {attempt.id, refused, exchange, payment.provider, to, std::move(reason), std::move(next)};
}

}  // namespace

std::optional<Fact> elsewhere(const Payment& payment, const provider::Refused& refused,
                              const provider::Exchange& exchange, const Moment& moment) {
  const auto* starting = std::get_if<Starting>(&payment.state);
  if (starting == nullptr || next_provider(payment).empty() || !may_help(refused.failure) ||
      !surely_without_effect(starting->operation)) {
    return std::nullopt;
  }
  const Operation& attempt = starting->operation;
  // A first step that was refused made nothing there, whatever id was chosen for it beforehand.
  if (attempt.step == 0) return failed_over(payment, attempt, refused, exchange, false, moment.now);
  Operation fence = begin(payment.id, derived_operation(payment), OperationKind::void_authorization,
                          attempt.amount, attempt.amount, moment.now);
  fence.reason = "failover";
  fence.by_itself = true;
  fence.provider = payment.provider;
  return AttemptFenced{attempt.id, refused, exchange, std::move(fence)};
}

Fact fence_stands(const Payment& payment, const Fencing& fencing,
                  const provider::Exchange& exchange, TimePoint now) {
  return failed_over(payment, *fencing.attempt, fencing.refused.value_or({}), exchange, true, now);
}

}  // namespace cambist::payment
