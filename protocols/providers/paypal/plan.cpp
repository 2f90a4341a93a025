#include "protocols/providers/paypal/plan.hpp"

#include <algorithm>
#include <string_view>

namespace cambist::paypal {
namespace {

using provider::Call;
using provider::OperationKind;

std::string_view name_of(Request request) noexcept {
  switch (request) {
    case Request::create:
      return "create";
    case Request::authorize:
      return "authorize";
    case Request::charge:
      return "charge";
    case Request::reauthorize:
      return "reauthorize";
    case Request::capture:
      return "capture";
    case Request::void_authorization:
      return "void";
    case Request::refund:
      return "refund";
    case Request::look_up_order:
    case Request::look_up_authorization:
    case Request::look_up_refund:
      break;
  }
  return "ask";
}

// Even steps are the payer's turn, odd ones ours; what comes after a turn is a later step.
Plan plan_start(const Call& call) noexcept {
  // Without an order there is nothing to look up: creating one moves no money and is done again.
  if (call.provider_payment_id.empty()) return {Request::create, 0, true};
  const int step = std::max(call.step, 0);
  if (step % 2 == 0) return {Request::look_up_order, step / 2, true};
  const Request act = call.kind == OperationKind::authorize ? Request::authorize : Request::charge;
  return {call.inquiry ? Request::look_up_order : act, step / 2, false};
}

// An old authorization is renewed first, when the account says so. Only for the capture that ends
// it: the ones after that would need the new one's id.
bool renews(const AccountSettings& account, const Call& call) noexcept {
  return account.reauthorize_after && call.authorized_at && call.final_capture && call.step <= 0 &&
         call.started_at - *call.authorized_at >= *account.reauthorize_after;
}

}  // namespace

Plan plan_of(const AccountSettings& account, const Call& call) noexcept {
  switch (call.kind) {
    case OperationKind::authorize:
    case OperationKind::charge:
      return plan_start(call);
    case OperationKind::capture: {
      const bool first = renews(account, call);
      const Request act = first ? Request::reauthorize : Request::capture;
      return {call.inquiry ? Request::look_up_order : act, 0, false, first};
    }
    case OperationKind::void_authorization:
      if (call.authorization_object.empty()) return {Request::look_up_order};
      return {call.inquiry ? Request::look_up_authorization : Request::void_authorization};
    case OperationKind::refund:
      break;
  }
  if (!call.inquiry) return {Request::refund};
  return {call.provider_object.empty() ? Request::look_up_order : Request::look_up_refund};
}

std::string request_id_of(const Call& call, const Plan& plan) {
  std::string id = call.idempotency_key + ":" + std::string{name_of(plan.request)};
  if (plan.round > 0) id += "-" + std::to_string(plan.round + 1);
  return id;
}

}  // namespace cambist::paypal
