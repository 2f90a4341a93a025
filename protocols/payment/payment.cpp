#include "protocols/payment/payment.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

#include "protocols/core/overloaded.hpp"

namespace cambist::payment {
namespace {

constexpr std::array statuses{
    Status::pending,  Status::requires_action,    Status::processing, Status::authorized,
    Status::captured, Status::partially_captured, Status::voided,     Status::failed,
    Status::expired,  Status::partially_refunded, Status::refunded,
};

Status status_of_captured(const Captured& state, const Money& amount) {
  if (state.refunded.minor > 0) {
    return state.refunded.minor >= state.captured.minor ? Status::refunded
                                                        : Status::partially_refunded;
  }
  return state.captured.minor >= amount.minor ? Status::captured : Status::partially_captured;
}

/// What the payment is beside the return of late money.
template <class Visitor>
auto visit_shown(const Payment& payment, Visitor visitor) {
  if (const auto* compensating = std::get_if<Compensating>(&payment.state))
    return std::visit(visitor, compensating->rest);
  return std::visit(visitor, payment.state);
}

}  // namespace

bool begins_payment(const Operation& operation) noexcept {
  return operation.kind == provider::OperationKind::authorize ||
         operation.kind == provider::OperationKind::charge;
}

std::string_view to_string(Status status) noexcept {
  switch (status) {
    case Status::pending:
      return "pending";
    case Status::requires_action:
      return "requires_action";
    case Status::processing:
      return "processing";
    case Status::authorized:
      return "authorized";
    case Status::partially_captured:
      return "partially_captured";
    case Status::captured:
      return "captured";
    case Status::voided:
      return "voided";
    case Status::failed:
      return "failed";
    case Status::expired:
      return "expired";
    case Status::partially_refunded:
      return "partially_refunded";
    case Status::refunded:
      return "refunded";
  }
  return "unknown";
}

std::optional<Status> parse_status(std::string_view name) noexcept {
  for (const Status status : statuses) {
    if (to_string(status) == name) return status;
  }
  return std::nullopt;
}

std::string_view to_string(OperationStatus status) noexcept {
  switch (status) {
    case OperationStatus::pending:
      return "pending";
    case OperationStatus::succeeded:
      return "succeeded";
    case OperationStatus::declined:
      return "declined";
    case OperationStatus::refused:
      return "refused";
    case OperationStatus::unknown:
      return "unknown";
  }
  return "unknown";
}

Status status_of(const Payment& payment) noexcept {
  return visit_shown(
      payment, Overloaded{
                   [](const Nothing&) { return Status::pending; },
                   [](const Starting&) { return Status::processing; },
                   [](const AwaitingAction&) { return Status::requires_action; },
                   [](const Authorized& s) {
                     return s.captured.minor > 0 ? Status::partially_captured : Status::authorized;
                   },
                   [](const Capturing&) { return Status::processing; },
                   [](const Voiding&) { return Status::processing; },
                   [&](const Captured& s) { return status_of_captured(s, payment.details.amount); },
                   [](const Refunding&) { return Status::processing; },
                   [](const Voided&) { return Status::voided; },
                   [](const Failed&) { return Status::failed; },
                   [](const Expired&) { return Status::expired; },
                   [](const Fencing&) { return Status::processing; },
                   [](const Compensating&) { return Status::processing; },  // looked through
               });
}

Money captured(const Payment& payment) {
  return visit_shown(payment, [&](const auto& state) {
    if constexpr (requires { state.captured; }) {
      return state.captured;
    } else {
      return zero(payment.details.amount.currency);
    }
  });
}

Money refunded(const Payment& payment) {
  return visit_shown(payment, [&](const auto& state) {
    if constexpr (requires { state.refunded; }) {
      return state.refunded;
    } else {
      return zero(payment.details.amount.currency);
    }
  });
}

Money capturable(const Payment& payment) {
  const Money& amount = payment.details.amount;
  return std::visit(Overloaded{
                        [&](const Authorized& s) {
                          return Money{amount.minor - s.captured.minor, amount.currency};
                        },
                        [&](const Capturing& s) {
                          return Money{amount.minor - s.captured.minor, amount.currency};
                        },
                        [&](const auto&) { return zero(amount.currency); },
                    },
                    payment.state);
}

Money unapplied(const Payment& payment) {
  const std::int64_t minor = payment.transfers ? payment.transfers->unapplied_minor : 0;
  return {minor, payment.details.amount.currency};
}

const Attention* find_attention(const Payment& payment, const TaskId& task) noexcept {
  if (!payment.transfers) return nullptr;
  const auto& all = payment.transfers->attentions;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Attention& each) { return each.task == task; });
  return found == all.end() ? nullptr : &*found;
}

std::string_view to_string(AttentionKind kind) noexcept {
  switch (kind) {
    case AttentionKind::underpayment:
      return "underpayment";
    case AttentionKind::overpayment:
      return "overpayment";
    case AttentionKind::duplicate_payment:
      return "duplicate_payment";
    case AttentionKind::late_payment:
      return "late_payment";
    case AttentionKind::reversal:
      return "reversal";
    case AttentionKind::refund_returned:
      return "refund_returned";
    case AttentionKind::currency_differs:
      return "currency_differs";
  }
  return "unknown";
}

std::optional<AttentionKind> attention_kind(std::string_view name) noexcept {
  using enum AttentionKind;
  for (const auto kind : {underpayment, overpayment, duplicate_payment, late_payment, reversal,
                          refund_returned, currency_differs}) {
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

Money disputed(const Payment& payment) {
  Money sum = zero(payment.details.amount.currency);
  for (const Dispute& dispute : payment.disputes) sum.minor += dispute.posted.minor;
  return sum;
}

const Dispute* dispute_shown(const Payment& payment) noexcept {
  const auto& all = payment.disputes;
  const auto open = std::find_if(all.rbegin(), all.rend(),
                                 [](const Dispute& dispute) { return !dispute.closed_at; });
  if (open != all.rend()) return &*open;
  return all.empty() ? nullptr : &all.back();
}

const Dispute* find_dispute(const Payment& payment, std::string_view id) noexcept {
  const auto found = std::find_if(payment.disputes.begin(), payment.disputes.end(),
                                  [&](const Dispute& dispute) { return dispute.id == id; });
  return found == payment.disputes.end() ? nullptr : &*found;
}

const AwaitingAction* awaiting(const Payment& payment) noexcept {
  if (const auto* compensating = std::get_if<Compensating>(&payment.state))
    return std::get_if<AwaitingAction>(&compensating->rest);
  return std::get_if<AwaitingAction>(&payment.state);
}

const Operation* first_operation(const Payment& payment) noexcept {
  if (const Operation* operation = running(payment);
      operation != nullptr && begins_payment(*operation)) {
    return operation;
  }
  if (const auto* fencing = std::get_if<Fencing>(&payment.state);
      fencing != nullptr && fencing->attempt) {
    return &*fencing->attempt;
  }
  if (const auto* voiding = std::get_if<Voiding>(&payment.state);
      voiding != nullptr && voiding->awaiting) {
    return &voiding->awaiting->operation;
  }
  if (const auto* waiting = awaiting(payment)) return &waiting->operation;
  const auto found = std::find_if(payment.history.begin(), payment.history.end(), begins_payment);
  return found == payment.history.end() ? nullptr : &*found;
}

const Failed* failed(const Payment& payment) noexcept {
  if (const auto* compensating = std::get_if<Compensating>(&payment.state))
    return std::get_if<Failed>(&compensating->rest);
  return std::get_if<Failed>(&payment.state);
}

const std::string& provider_of(const Payment& payment, const OperationId& operation) noexcept {
  const Operation* now = running(payment);
  const bool named = now != nullptr && now->id == operation && !now->provider.empty();
  return named ? now->provider : payment.provider;
}

bool knows_provider(const Payment& payment, std::string_view provider) noexcept {
  return payment.provider == provider ||
         std::any_of(payment.history.begin(), payment.history.end(),
                     [&](const Operation& settled) { return settled.provider == provider; });
}

const Operation* running(const Payment& payment) noexcept {
  return std::visit(
      [](const auto& state) -> const Operation* {
        if constexpr (requires { state.operation; }) {
          return &state.operation;
        } else {
          return nullptr;
        }
      },
      payment.state);
}

bool is_terminal(const Payment& payment) noexcept {
  return std::visit(Overloaded{
                        [](const Voided&) { return true; },
                        [](const Failed&) { return true; },
                        [](const Expired&) { return true; },
                        [](const Captured& s) { return s.refunded.minor >= s.captured.minor; },
                        [](const auto&) { return false; },
                    },
                    payment.state);
}

}  // namespace cambist::payment
