#include "protocols/providers/paypal/standing.hpp"

#include <utility>

#include "protocols/providers/paypal/issues.hpp"
#include "protocols/providers/paypal/judge.hpp"

namespace cambist::paypal {
namespace {

using provider::Approved;
using provider::Call;
using provider::Declined;
using provider::FailureCode;
using provider::OperationKind;
using provider::Pending;
using provider::Verdict;

// Source: facts/paypal.md section 3: an authorization lives 29 days.
constexpr auto authorization_lifetime = std::chrono::hours{24 * 29};

bool is_done(std::string_view status, OperationKind kind) noexcept {
  switch (kind) {
    case OperationKind::authorize:
    case OperationKind::void_authorization:
      return status == "CREATED" || status == "CAPTURED" || status == "PARTIALLY_CAPTURED";
    case OperationKind::charge:
    case OperationKind::capture:
      return status == "COMPLETED" || status == "PARTIALLY_REFUNDED" || status == "REFUNDED";
    case OperationKind::refund:
      break;
  }
  return status == "COMPLETED";
}

Declined declined(const Call& call, const Effect& effect) {
  const FailureCode code = reason_code(effect.reason, effect.response_code);
  std::string word = !effect.response_code.empty() ? effect.response_code
                     : !effect.reason.empty()      ? effect.reason
                                                   : effect.status;
  std::string message =
      call.kind == OperationKind::refund ? "The refund was not accepted." : payer_message(code);
  return Declined{{code, std::move(message), std::move(word)}, false, call.provider_payment_id, {}};
}

std::optional<TimePoint> expiry_of(const Effect& authorization) {
  if (authorization.expires_at) return authorization.expires_at;
  if (authorization.created_at) return *authorization.created_at + authorization_lifetime;
  return std::nullopt;
}

}  // namespace

Standing standing_of(std::string_view status, OperationKind kind) noexcept {
  if (is_done(status, kind)) return Standing::done;
  if (status == "PENDING") return Standing::pending;
  if (status == "DENIED" || status == "DECLINED" || status == "FAILED") return Standing::declined;
  if (status == "VOIDED" || status == "CANCELLED") return Standing::ended;
  return Standing::unknown;
}

bool may_equal(const std::optional<Money>& stated, const Money& asked) noexcept {
  return !stated || *stated == asked;
}

bool is_ours(std::string_view stated, std::string_view ours) noexcept {
  return stated.empty() || stated == ours;
}

Verdict judge_own(const Call& call, const std::string& order, const Effect& effect) {
  if (!may_equal(effect.amount, call.amount)) return not_understood(false);
  switch (standing_of(effect.status, call.kind)) {
    case Standing::done: {
      Approved approved{call.amount, order, effect.id, {}, std::nullopt};
      if (call.kind == OperationKind::authorize)
        approved.authorization_expires_at = expiry_of(effect);
      return approved;
    }
    case Standing::pending:
      return Pending{order, effect.id};
    case Standing::declined:
      return declined(call, effect);
    case Standing::ended:
      if (call.kind == OperationKind::refund) return declined(call, effect);
      return ended(call, effect.status);
    case Standing::unknown:
      break;
  }
  return not_understood(false);
}

}  // namespace cambist::paypal
