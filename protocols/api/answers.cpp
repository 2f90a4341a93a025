#include "protocols/api/answers.hpp"

#include <utility>

#include "protocols/core/json_text.hpp"
#include "protocols/payment/shown.hpp"

namespace cambist::api {
namespace {

constexpr std::string_view payments_path = "/api/v1/payments/";

/// The end of what the payer pays with: as the provider says it, or of a phone or an account.
std::string last4_of(const payment::Payment& payment) {
  if (!payment.method.last4.empty()) return payment.method.last4;
  const auto& fields = payment.details.method.fields;
  for (const char* name : {"phone", "account"}) {
    const auto found = fields.find(name);
    if (found != fields.end() && found->second.size() > 4)
      return found->second.substr(found->second.size() - 4);
  }
  return {};
}

void show_method(std::string& out, const payment::Payment& payment) {
  JsonObject object{out};
  object.string("type", payment.details.method.type)
      .string_or_null("brand", payment.method.brand)
      .string_or_null("last4", last4_of(payment))
      .close();
}

void show_action(std::string& out, const payment::Payment& payment) {
  const auto* waiting = payment::awaiting(payment);
  if (waiting == nullptr) {
    out += "null";
    return;
  }
  const provider::NextAction& action = waiting->action;
  JsonObject object{out};
  object.string("type", action.type)
      .string_or_null("url", action.url)
      .string_or_null("instructions", action.instructions);
  payment::show_time(object.key("expires_at"), action.expires_at);
  object.close();
}

void show_end(std::string& out, const payment::Payment& payment) {
  const auto* failed = payment::failed(payment);
  if (failed != nullptr) return payment::show_failure(out, failed->failure);
  out += "null";
}

}  // namespace

provider::Failure public_failure(const provider::Failure& failure) {
  return payment::public_failure(failure);
}

std::string render(const payment::Payment& payment) {
  const payment::Details& details = payment.details;
  std::string text;
  text.reserve(1024);
  JsonObject shown{text};
  payment::show_id(shown.key("id"), payment.id);
  shown.string("status", payment::to_string(payment::status_of(payment)));
  payment::show_money(shown.key("amount"), details.amount);
  payment::show_money(shown.key("captured"), payment::captured(payment));
  payment::show_money(shown.key("refunded"), payment::refunded(payment));
  shown.string("provider", payment.provider)
      .string_or_null("provider_payment_id", payment.provider_payment_id);
  show_method(shown.key("payment_method"), payment);
  shown.string_or_null("reference", details.reference)
      .string_or_null("customer_id", details.customer_id)
      .string_or_null("description", details.description);
  payment::show_metadata(shown.key("metadata"), details.metadata);
  show_action(shown.key("next_action"), payment);
  show_end(shown.key("failure"), payment);
  payment::show_dispute(shown.key("dispute"), payment::dispute_shown(payment));
  payment::show_time(shown.key("capture_at"), payment.capture_at);
  payment::show_time(shown.key("created_at"), payment.created_at);
  payment::show_time(shown.key("updated_at"), payment.updated_at);
  shown.close();
  return text;
}

Answer payment_answer(int status, const payment::Payment& payment) {
  return stored_payment_answer(status, render(payment), payment.id);
}

Answer stored_payment_answer(int status, std::string payment_json, const PaymentId& id) {
  Answer answer;
  answer.status = status;
  answer.body = std::move(payment_json);
  if (status == 201 || status == 202) answer.location = std::string{payments_path} + id.to_string();
  return answer;
}

Answer replay(int status, std::string body) {
  Answer answer;
  answer.status = status;
  answer.problem = status >= 400;
  answer.replayed = true;
  if (status == 201 || status == 202) {
    // What `render` makes starts with the id.
    constexpr std::string_view start = R"({"id":")";
    const std::size_t end = body.find('"', start.size());
    if (body.starts_with(start) && end != std::string::npos) {
      answer.location = std::string{payments_path} + body.substr(start.size(), end - start.size());
    }
  }
  answer.body = std::move(body);
  return answer;
}

}  // namespace cambist::api
