#include "protocols/providers/paypal/requests.hpp"

#include <string>
#include <string_view>

#include "protocols/core/json_text.hpp"
#include "protocols/providers/paypal/amounts.hpp"
#include "protocols/providers/paypal/fields.hpp"
#include "protocols/providers/paypal/plan.hpp"

namespace cambist::paypal {
namespace {

using provider::Call;
using provider::OperationKind;

// Source: facts/paypal.md sections 2 and 4.
constexpr std::size_t request_id_length_max = 108;
constexpr std::size_t description_length_max = 127;

// Cut where a UTF-8 character begins.
std::string_view first_bytes(std::string_view text, std::size_t length_max) noexcept {
  if (text.size() <= length_max) return text;
  std::size_t end = length_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end);
}

void put_amount(JsonObject& object, std::string_view value, const Money& money) {
  JsonObject both{object.key("amount")};
  both.string("currency_code", money.currency.code()).string("value", value).close();
}

void put_unit(std::string& out, const Call& call, std::string_view value) {
  JsonObject unit{out};
  if (!call.reference.empty()) unit.string("reference_id", call.reference);
  unit.string("custom_id", call.payment.to_string())
      .string("invoice_id", invoice_of(call.payment, call.operation));
  if (!call.description.empty())
    unit.string("description", first_bytes(call.description, description_length_max));
  put_amount(unit, value, call.amount);
  unit.close();
}

// A payer by card fills in the card on PayPal's page, without an account there.
void put_experience(std::string& out, const Call& call) {
  JsonObject experience{out};
  experience.string("user_action", "PAY_NOW").string("shipping_preference", "NO_SHIPPING");
  if (call.method.type == "card") experience.string("landing_page", "GUEST_CHECKOUT");
  if (!call.return_url.empty()) {
    // Whether the payer approved or turned back is asked of PayPal, not of where they arrive.
    experience.string("return_url", call.return_url).string("cancel_url", call.return_url);
  }
  experience.close();
}

std::string create_body(const Call& call, std::string_view value) {
  std::string body;
  JsonObject order{body};
  order.string("intent", call.kind == OperationKind::authorize ? "AUTHORIZE" : "CAPTURE");
  auto& units = order.key("purchase_units");
  units += '[';
  put_unit(units, call, value);
  units += ']';
  JsonObject source{order.key("payment_source")};
  JsonObject wallet{source.key("paypal")};
  put_experience(wallet.key("experience_context"), call);
  wallet.close();
  source.close();
  order.close();
  return body;
}

std::string capture_body(const Call& call, std::string_view value) {
  std::string body;
  JsonObject object{body};
  put_amount(object, value, call.amount);
  object.string("invoice_id", invoice_of(call.payment, call.operation))
      .boolean("final_capture", call.final_capture)
      .close();
  return body;
}

std::string refund_body(const Call& call, std::string_view value) {
  std::string body;
  JsonObject object{body};
  put_amount(object, value, call.amount);
  object.string("custom_id", call.operation.to_string())
      .string("invoice_id", invoice_of(call.payment, call.operation))
      .close();
  return body;
}

// All that is held is renewed, whatever part of it is captured then.
std::string reauthorize_body(const Call& call, std::string_view value) {
  std::string body;
  JsonObject object{body};
  put_amount(object, value, call.remaining);
  object.close();
  return body;
}

struct Draft {
  std::string path;
  std::string body{};
};

Result<std::string> path_to(std::string_view collection, const std::string& id,
                            std::string_view field, std::string_view action = {}) {
  if (!is_object_id(id)) {
    return Error{ErrorCode::internal, "the call names no object at PayPal", std::string{field}};
  }
  return std::string{collection} + id + std::string{action};
}

Result<Draft> draft(Result<std::string> path, Result<std::string> value,
                    std::string (*body)(const Call&, std::string_view), const Call& call) {
  if (!path) return path.error();
  if (!value) return value.error();
  return Draft{std::move(*path), body(call, *value)};
}

constexpr std::string_view orders = "/v2/checkout/orders/";
constexpr std::string_view authorizations = "/v2/payments/authorizations/";

Result<Draft> draft_of(const Call& call, const Plan& plan) {
  const auto plain = [](const Call&, std::string_view text) { return std::string{text}; };
  const auto order = [&](std::string_view action) {
    return path_to(orders, call.provider_payment_id, "provider_payment_id", action);
  };
  const auto authorization = [&](const std::string& id, std::string_view action) {
    return path_to(authorizations, id, "authorization_object", action);
  };
  switch (plan.request) {
    case Request::create:
      return draft(std::string{"/v2/checkout/orders"}, to_wire(call.amount), &create_body, call);
    case Request::authorize:
      return draft(order("/authorize"), std::string{"{}"}, plain, call);
    case Request::charge:
      return draft(order("/capture"), std::string{"{}"}, plain, call);
    case Request::reauthorize:
      return draft(authorization(call.authorization_object, "/reauthorize"),
                   to_wire(call.remaining), &reauthorize_body, call);
    case Request::capture:
      // After a renewal the new authorization is the one that counts.
      return draft(
          authorization(call.step > 0 && !call.provider_object.empty() ? call.provider_object
                                                                       : call.authorization_object,
                        "/capture"),
          to_wire(call.amount), &capture_body, call);
    case Request::void_authorization:
      return draft(authorization(call.authorization_object, "/void"), std::string{"{}"}, plain,
                   call);
    case Request::refund:
      return draft(
          path_to("/v2/payments/captures/", call.capture_object, "capture_object", "/refund"),
          to_wire(call.amount), &refund_body, call);
    case Request::look_up_order:
      return draft(order(""), std::string{}, plain, call);
    case Request::look_up_authorization:
      return draft(authorization(call.authorization_object, ""), std::string{}, plain, call);
    case Request::look_up_refund:
      break;
  }
  return draft(path_to("/v2/payments/refunds/", call.provider_object, "provider_object"),
               std::string{}, plain, call);
}

}  // namespace

std::string invoice_of(const PaymentId& payment, const OperationId& operation) {
  return payment.to_string() + ":" + operation.to_string();
}

Result<http::Request> build_request(const AccountSettings& account, const Call& call) {
  const Plan plan = plan_of(account, call);
  auto drafted = draft_of(call, plan);
  if (!drafted) return drafted.error();

  http::Request request;
  request.method = is_question(plan.request) ? "GET" : "POST";
  request.origin = account.base.origin;
  request.target = account.base.prefix + drafted->path;
  request.headers = {{"Accept", "application/json"}};
  if (!is_question(plan.request)) {
    std::string id = request_id_of(call, plan);
    if (call.idempotency_key.empty() || id.size() > request_id_length_max) {
      return Error{ErrorCode::internal, "the operation's idempotency key is empty or too long"};
    }
    request.headers.push_back({"Content-Type", "application/json"});
    request.headers.push_back({"PayPal-Request-Id", std::move(id)});
    // The default answer has ids and links only.
    request.headers.push_back({"Prefer", "return=representation"});
    request.body = std::move(drafted->body);
  }
  return request;
}

}  // namespace cambist::paypal
