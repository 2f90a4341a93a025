// How the payment changes as it moves on to another provider, and by money that comes late at one
// that it has left.
#include <algorithm>
#include <type_traits>
#include <utility>

#include "protocols/payment/apply.hpp"

namespace cambist::payment {
namespace {

Late* find_late(Payment& payment, std::string_view provider) {
  const auto found = std::find_if(payment.late.begin(), payment.late.end(),
                                  [&](const Late& late) { return late.provider == provider; });
  return found == payment.late.end() ? nullptr : &*found;
}

}  // namespace

/// Only the timeline tells of it.
void apply(Payment&, const Routed&, TimePoint) {}

void apply(Payment& payment, const AttemptFenced& fact, TimePoint at) {
  auto* starting = std::get_if<Starting>(&payment.state);
  if (starting == nullptr || starting->operation.id != fact.operation) return;
  Operation attempt = std::move(starting->operation);
  attempt.status = OperationStatus::refused;
  attempt.failure = fact.refused.failure;
  attempt.next_attempt_at.reset();
  attempt.updated_at = at;
  ++attempt.attempts;
  Operation fence = fact.fence;
  if (fence.provider.empty()) fence.provider = payment.provider;
  payment.state = Fencing{std::move(fence), std::move(attempt), fact.refused};
}

void apply(Payment& payment, const FenceFailed& fact, TimePoint at) {
  auto* fencing = std::get_if<Fencing>(&payment.state);
  if (fencing == nullptr || fencing->operation.id != fact.operation || !fencing->attempt) return;
  fencing->operation.failure = fact.failure;
  settle(payment, fencing->operation, OperationStatus::refused, at);
  Operation attempt = *fencing->attempt;
  attempt.status = OperationStatus::pending;
  attempt.inquire = attempt.unfenced = true;
  attempt.next_attempt_at = attempt.updated_at = at;
  payment.state = Starting{std::move(attempt)};
}

void apply(Payment& payment, const FailedOver& fact, TimePoint at) {
  if (auto* starting = std::get_if<Starting>(&payment.state);
      starting != nullptr && starting->operation.id == fact.operation) {
    starting->operation.failure = fact.refused.failure;
    settle(payment, starting->operation, OperationStatus::refused, at);
  } else if (auto* fencing = std::get_if<Fencing>(&payment.state);
             fencing != nullptr && fencing->attempt && fencing->attempt->id == fact.operation) {
    settle(payment, *fencing->attempt, OperationStatus::refused, at);
    fencing->operation.failure.reset();
    settle(payment, fencing->operation, OperationStatus::succeeded, at);
  } else {
    return;
  }
  payment.provider = fact.to;
  payment.method = {};
  Operation next = fact.next;
  if (next.provider.empty()) next.provider = payment.provider;
  payment.provider_payment_id = next.provider_payment_id;  // where it is ours to choose
  payment.state = Starting{std::move(next)};
}

void apply(Payment& payment, const LateSuccess& fact, TimePoint) {
  Late* late = find_late(payment, fact.provider);
  if (late == nullptr) late = &payment.late.emplace_back(Late{fact.provider, {}, fact.amount});
  if (!fact.provider_payment_id.empty()) late->provider_payment_id = fact.provider_payment_id;
  late->amount = fact.amount;
  // Told of a capture, there is nothing to let go any more.
  if (fact.certain) late->stage = Late::Stage::taken;
}

void apply(Payment& payment, const CompensationStarted& fact, TimePoint) {
  payment.state = std::visit(
      [&](const auto& state) -> State {
        if constexpr (std::is_constructible_v<Compensating::Rest, decltype(state)>) {
          return Compensating{state, fact.operation};
        } else {
          return state;
        }
      },
      payment.state);
}

void returned(Payment& payment, const Operation& operation, const provider::Approved& approved) {
  Late* late = find_late(payment, operation.provider);
  if (late == nullptr) return;
  if (!begins_payment(operation)) {
    late->stage = Late::Stage::over;
  } else if (operation.kind == provider::OperationKind::charge) {
    late->stage = Late::Stage::taken;
    late->amount = approved.amount;
  } else {
    late->stage = Late::Stage::certain;
  }
  if (!approved.provider_payment_id.empty())
    late->provider_payment_id = approved.provider_payment_id;
}

void not_returned(Payment& payment, const Operation& operation) {
  Late* late = find_late(payment, operation.provider);
  if (late == nullptr) return;
  if (begins_payment(operation)) {
    payment.late.erase(payment.late.begin() + (late - payment.late.data()));
  } else if (operation.kind == provider::OperationKind::void_authorization) {
    late->stage = Late::Stage::taken;
  } else {
    late->stage = Late::Stage::over;  // the operators have seen to it
  }
}

}  // namespace cambist::payment
