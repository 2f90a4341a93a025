#include "protocols/providers/stripe/plan.hpp"

#include <string_view>

namespace cambist::stripe {
namespace {

using provider::Call;
using provider::OperationKind;

std::string_view name_of(Request request) noexcept {
  switch (request) {
    case Request::create:
      return "create";
    case Request::confirm:
      return "confirm";
    case Request::capture:
      return "capture";
    case Request::cancel:
      return "cancel";
    case Request::refund:
      return "refund";
    case Request::look_up:
    case Request::look_up_refunds:
      break;
  }
  return "ask";
}

Plan plan_start(const Call& call) noexcept {
  // Without an intent there is nothing to look up: the create call moves no money and is made
  // again.
  if (call.provider_payment_id.empty()) return {Request::create, call.step};
  const int step = call.step < 1 ? 1 : call.step;
  const bool asks = call.inquiry || step % 2 == 0 || (call.confirmed && step == 1);
  return {asks ? Request::look_up : Request::confirm, (step - 1) / 2};
}

Plan plan_later(const Call& call, Request request, Request question) noexcept {
  const bool asks = call.inquiry || call.step % 2 != 0;
  return {asks ? question : request, call.step / 2};
}

}  // namespace

Plan plan_of(const Call& call) noexcept {
  switch (call.kind) {
    case OperationKind::authorize:
    case OperationKind::charge:
      return plan_start(call);
    case OperationKind::capture:
      return plan_later(call, Request::capture, Request::look_up);
    case OperationKind::void_authorization:
      return plan_later(call, Request::cancel, Request::look_up);
    case OperationKind::refund:
      break;
  }
  return plan_later(call, Request::refund, Request::look_up_refunds);
}

std::string key_of(const Call& call, const Plan& plan) {
  std::string key = call.idempotency_key + ":" + std::string{name_of(plan.request)};
  if (plan.generation > 0) key += "-" + std::to_string(plan.generation + 1);
  return key;
}

}  // namespace cambist::stripe
