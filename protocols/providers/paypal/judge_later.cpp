// Captures, refunds and voids: which object is the operation's, and what it says.
#include <algorithm>
#include <string>
#include <string_view>

#include "protocols/providers/paypal/judge.hpp"
#include "protocols/providers/paypal/requests.hpp"
#include "protocols/providers/paypal/standing.hpp"

namespace cambist::paypal {
namespace {

using provider::Approved;
using provider::Call;
using provider::Declined;
using provider::FailureCode;
using provider::NotExecuted;
using provider::OperationKind;
using provider::Progressed;
using provider::Verdict;

const Effect* find_effect(const std::vector<Effect>& effects, const Call& call) {
  const std::string invoice = invoice_of(call.payment, call.operation);
  const std::string ours = call.operation.to_string();
  const auto found = std::find_if(effects.begin(), effects.end(), [&](const Effect& effect) {
    return effect.invoice_id == invoice || effect.custom_id == ours ||
           (!call.provider_object.empty() && effect.id == call.provider_object);
  });
  return found == effects.end() ? nullptr : &*found;
}

/// One that does not say whose it is, and could be this operation's.
bool could_be_ours(const std::vector<Effect>& effects, const Call& call) {
  return std::any_of(effects.begin(), effects.end(), [&](const Effect& effect) {
    return effect.invoice_id.empty() && may_equal(effect.amount, call.amount);
  });
}

/// The authorization that a capture is taken from, renewed or not.
const Effect* find_hold(const Order& order, const std::string& id) noexcept {
  const auto found = std::find_if(order.authorizations.begin(), order.authorizations.end(),
                                  [&](const Effect& effect) { return effect.id == id; });
  return found == order.authorizations.end() ? nullptr : &*found;
}

}  // namespace

Verdict judge_capture(const Call& call, const Plan& plan, const Order& order) {
  if (const Effect* own = find_effect(order.captures, call)) return judge_own(call, order.id, *own);
  if (could_be_ours(order.captures, call)) return not_understood(false);
  if (plan.renews) {
    for (const Effect& hold : order.authorizations) {
      const bool renewed = hold.id != call.authorization_object && hold.status == "CREATED";
      if (renewed) return Progressed{order.id, 1, hold.id};
    }
  }
  const bool renewed = call.step > 0 && !call.provider_object.empty();
  const Effect* hold = find_hold(order, renewed ? call.provider_object : call.authorization_object);
  if (hold == nullptr) return not_understood(false);
  if (hold->status == "CREATED" || hold->status == "PARTIALLY_CAPTURED" ||
      hold->status == "PENDING") {
    return NotExecuted{order.id};
  }
  if (hold->status == "VOIDED" || hold->status == "DENIED") return ended(call, hold->status);
  return not_understood(false);  // captured by somebody else: the operators must look
}

Verdict judge_refund(const Call& call, const Order& order) {
  if (const Effect* own = find_effect(order.refunds, call)) return judge_own(call, order.id, *own);
  const bool unsure = std::any_of(order.refunds.begin(), order.refunds.end(), [&](const auto& e) {
    return e.custom_id.empty() && e.invoice_id.empty() && may_equal(e.amount, call.amount);
  });
  return unsure ? Verdict{not_understood(false)} : Verdict{NotExecuted{order.id}};
}

Verdict judge_given_up(const Call& call, const Order& order) {
  const auto has_money = [](const Effect& effect) {
    const Standing standing = standing_of(effect.status, OperationKind::authorize);
    return standing != Standing::declined && standing != Standing::ended;
  };
  const bool taken =
      std::any_of(order.authorizations.begin(), order.authorizations.end(), has_money) ||
      std::any_of(order.captures.begin(), order.captures.end(), has_money);
  if (taken) {
    return Declined{{FailureCode::invalid_request,
                     "The payer was faster: the payment has been made.", "ORDER_COMPLETED"},
                    false,
                    order.id,
                    {}};
  }
  for (const std::string_view idle :
       {"CREATED", "SAVED", "PAYER_ACTION_REQUIRED", "APPROVED", "VOIDED"}) {
    if (order.status == idle) return Approved{call.amount, order.id, {}, {}, std::nullopt};
  }
  return not_understood(false);
}

Verdict judge_void(const Call& call, const Plan& plan, const Effect& hold) {
  // Of a denied one nothing is held: there is nothing left to give back.
  if (hold.status == "VOIDED" || hold.status == "DENIED")
    return Approved{call.amount, call.provider_payment_id, hold.id, {}, std::nullopt};
  if (!is_question(plan.request)) return not_understood(false);
  if (hold.status == "CREATED" || hold.status == "PENDING")
    return NotExecuted{call.provider_payment_id};
  if (hold.status == "CAPTURED" || hold.status == "PARTIALLY_CAPTURED") {
    return Declined{{FailureCode::invalid_request,
                     "The payment has been captured and can no longer be voided.", hold.status},
                    false,
                    call.provider_payment_id,
                    {}};
  }
  return not_understood(false);
}

}  // namespace cambist::paypal
