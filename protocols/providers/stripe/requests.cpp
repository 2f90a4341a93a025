#include "protocols/providers/stripe/requests.hpp"

#include <string>
#include <string_view>

#include "protocols/providers/stripe/amounts.hpp"
#include "protocols/providers/stripe/form.hpp"
#include "protocols/providers/stripe/objects.hpp"
#include "protocols/providers/stripe/plan.hpp"

namespace cambist::stripe {
namespace {

using provider::Call;
using provider::OperationKind;

// Source: facts/stripe.md, "Idempotency and retries".
constexpr std::size_t key_length_max = 255;

struct Draft {
  std::string path;
  Form form{};
};

Result<Draft> draft_create(const AccountSettings& account, const Call& call) {
  const auto amount = to_wire(call.amount);
  if (!amount) return amount.error();
  const bool manual = call.kind == OperationKind::authorize;
  Draft draft{"/v1/payment_intents"};
  draft.form.add("amount", std::to_string(*amount))
      .add("currency", wire_code(call.amount.currency))
      // Said explicitly: the default is asynchronous, and then the answer lacks what the timeline
      // shows.
      .add("capture_method", manual ? "manual" : "automatic")
      .add_if("payment_method", call.method.token)
      .add("payment_method_types[0]", "card")
      .add("metadata[payment_id]", call.payment.to_string())
      .add("metadata[operation_id]", call.operation.to_string())
      .add_if("metadata[reference]", call.reference)
      .add_if("description", call.description);
  if (manual && account.multicapture) {
    draft.form.add("payment_method_options[card][request_multicapture]", "if_available");
  }
  return draft;
}

Result<Draft> draft_capture(const Call& call, const std::string& intent) {
  const auto amount = to_wire(call.amount);
  if (!amount) return amount.error();
  Draft draft{intent + "/capture"};
  draft.form.add("amount_to_capture", std::to_string(*amount));
  if (!call.final_capture) draft.form.add("final_capture", "false");
  return draft;
}

bool is_stripe_reason(std::string_view reason) noexcept {
  return reason == "duplicate" || reason == "fraudulent" || reason == "requested_by_customer";
}

// Metadata values hold 500 characters; a reason that is longer is cut where a UTF-8 character
// begins.
std::string_view metadata_value(std::string_view text) noexcept {
  constexpr std::size_t length_max = 500;
  if (text.size() <= length_max) return text;
  std::size_t end = length_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end);
}

Result<Draft> draft_refund(const Call& call) {
  const auto amount = to_wire(call.amount);
  if (!amount) return amount.error();
  Draft draft{"/v1/refunds"};
  draft.form.add("payment_intent", call.provider_payment_id).add("amount", std::to_string(*amount));
  if (is_stripe_reason(call.reason)) {
    draft.form.add("reason", call.reason);
  } else {
    draft.form.add_if("metadata[reason]", metadata_value(call.reason));
  }
  draft.form.add("metadata[refund_id]", call.operation.to_string())
      .add("metadata[payment_id]", call.payment.to_string());
  return draft;
}

Result<Draft> draft_of(const AccountSettings& account, const Call& call, const Plan& plan) {
  if (plan.request == Request::create) return draft_create(account, call);
  if (!is_object_id(call.provider_payment_id)) {
    return Error{ErrorCode::internal, "the call names no payment intent", "provider_payment_id"};
  }
  const std::string intent = "/v1/payment_intents/" + call.provider_payment_id;
  Draft draft;
  switch (plan.request) {
    case Request::confirm:
      draft.path = intent + "/confirm";
      draft.form.add_if("return_url", call.return_url).add("expand[0]", "latest_charge");
      return draft;
    case Request::capture:
      return draft_capture(call, intent);
    case Request::cancel:
      draft.path = intent + "/cancel";
      return draft;
    case Request::refund:
      return draft_refund(call);
    case Request::look_up:
      draft.path = intent + "?expand[0]=latest_charge";
      return draft;
    case Request::look_up_refunds:
      draft.path = "/v1/refunds?limit=100&payment_intent=" + call.provider_payment_id;
      return draft;
    case Request::create:
      break;
  }
  return Error{ErrorCode::internal, "no such request"};
}

}  // namespace

Result<http::Request> build_request(const AccountSettings& account, const Call& call) {
  const Plan plan = plan_of(call);
  auto draft = draft_of(account, call, plan);
  if (!draft) return draft.error();

  http::Request request;
  request.method = is_question(plan.request) ? "GET" : "POST";
  request.origin = account.base.origin;
  request.target = account.base.prefix + draft->path;
  request.headers = {{"Authorization", "Bearer " + std::string{account.secret_key.reveal()}},
                     {"Stripe-Version", account.api_version},
                     {"Accept", "application/json"}};
  if (!is_question(plan.request)) {
    std::string key = key_of(call, plan);
    if (call.idempotency_key.empty() || key.size() > key_length_max) {
      return Error{ErrorCode::internal, "the operation's idempotency key is empty or too long"};
    }
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    request.headers.push_back({"Idempotency-Key", std::move(key)});
    request.body = std::move(draft->form).take();
  }
  return request;
}

}  // namespace cambist::stripe
