#include "protocols/providers/paypal/judge.hpp"

#include <algorithm>
#include <utility>

#include "protocols/providers/paypal/issues.hpp"
#include "protocols/providers/paypal/requests.hpp"
#include "protocols/providers/paypal/standing.hpp"

namespace cambist::paypal {

using provider::Call;
using provider::Declined;
using provider::FailureCode;
using provider::OperationKind;
using provider::Progressed;
using provider::Verdict;

provider::Unknown not_understood(bool outage) {
  return {{FailureCode::unknown, payer_message(FailureCode::unknown)}, outage};
}

Declined ended(const Call& call, std::string word) {
  const bool starts = call.kind == OperationKind::authorize || call.kind == OperationKind::charge;
  return Declined{{starts ? FailureCode::card_declined : FailureCode::invalid_request,
                   starts ? "The payer's approval has expired. Start a new payment."
                          : "The authorization has expired or was voided.",
                   std::move(word)},
                  false,
                  call.provider_payment_id,
                  {}};
}

Verdict back_to_payer(const Call& call, std::string word) {
  const int step = std::max(call.step, 0);
  if (may_choose_again(step)) return Progressed{call.provider_payment_id, step + 1};
  return Declined{
      {FailureCode::card_declined, payer_message(FailureCode::card_declined), std::move(word)},
      false,
      call.provider_payment_id,
      {}};
}

Verdict judge_order(const Call& call, const Plan& plan, const AccountSettings& account,
                    const Order& order) {
  if (!is_ours(call.provider_payment_id, order.id)) return not_understood(false);
  switch (call.kind) {
    case OperationKind::authorize:
    case OperationKind::charge:
      return judge_start(call, plan, account, order);
    case OperationKind::capture:
      return judge_capture(call, plan, order);
    case OperationKind::void_authorization:
      return judge_given_up(call, order);
    case OperationKind::refund:
      break;
  }
  return judge_refund(call, order);
}

Verdict judge_effect(const Call& call, const Plan& plan, const Effect& effect) {
  switch (plan.request) {
    case Request::reauthorize:
      // Whatever became of the renewal: the capture is tried, with the new authorization or the
      // old.
      if (effect.status == "CREATED" && effect.id != call.authorization_object)
        return Progressed{call.provider_payment_id, 1, effect.id};
      return Progressed{call.provider_payment_id, 1};
    case Request::void_authorization:
    case Request::look_up_authorization:
      if (effect.id != call.authorization_object) return not_understood(false);
      return judge_void(call, plan, effect);
    case Request::refund:
    case Request::look_up_refund: {
      const bool named = plan.request == Request::refund || effect.id == call.provider_object;
      if (!named || !is_ours(effect.custom_id, call.operation.to_string()))
        return not_understood(false);
      return judge_own(call, call.provider_payment_id, effect);
    }
    case Request::capture:
      if (!is_ours(effect.invoice_id, invoice_of(call.payment, call.operation)))
        return not_understood(false);
      return judge_own(call, call.provider_payment_id, effect);
    default:
      break;
  }
  return not_understood(false);
}

}  // namespace cambist::paypal
