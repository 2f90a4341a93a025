#include "protocols/api/answers.hpp"

#include <utility>

#include <boost/json.hpp>

namespace cambist::api {
namespace {

namespace json = boost::json;

constexpr std::string_view payments_path = "/api/v1/payments/";

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object money_object(const Money& money) {
  return {{"value", to_decimal(money)}, {"currency", money.currency.code()}};
}

json::value failure_value(const payment::Payment& payment) {
  const auto* failed = std::get_if<payment::Failed>(&payment.state);
  if (failed == nullptr) return nullptr;
  const provider::Failure shown = public_failure(failed->failure);
  json::object failure{{"code", provider::to_string(shown.code)}, {"message", shown.message}};
  if (!shown.decline_code.empty()) failure["decline_code"] = shown.decline_code;
  return failure;
}

json::value action_value(const payment::Payment& payment) {
  const auto* waiting = std::get_if<payment::AwaitingAction>(&payment.state);
  if (waiting == nullptr) return nullptr;
  const provider::NextAction& action = waiting->action;
  json::object shown{{"type", action.type},
                     {"url", text_or_null(action.url)},
                     {"instructions", text_or_null(action.instructions)},
                     {"expires_at", nullptr}};
  if (action.expires_at) shown["expires_at"] = to_rfc3339(*action.expires_at);
  return shown;
}

}  // namespace

provider::Failure public_failure(const provider::Failure& failure) {
  if (failure.code != provider::FailureCode::fraud_detected) return failure;
  // Whoever tests stolen cards must not learn that they were recognised.
  return {provider::FailureCode::card_declined, "The payment was declined.", ""};
}

std::string render(const payment::Payment& payment) {
  json::object metadata;
  for (const auto& [name, value] : payment.details.metadata) metadata[name] = value;
  const json::object shown{
      {"id", payment.id.to_string()},
      {"status", payment::to_string(payment::status_of(payment))},
      {"amount", money_object(payment.details.amount)},
      {"captured", money_object(payment::captured(payment))},
      {"refunded", money_object(payment::refunded(payment))},
      {"provider", payment.details.provider},
      {"provider_payment_id", text_or_null(payment.provider_payment_id)},
      {"payment_method", json::object{{"type", payment.details.method.type},
                                      {"brand", text_or_null(payment.method.brand)},
                                      {"last4", text_or_null(payment.method.last4)}}},
      {"reference", text_or_null(payment.details.reference)},
      {"customer_id", text_or_null(payment.details.customer_id)},
      {"description", text_or_null(payment.details.description)},
      {"metadata", std::move(metadata)},
      {"next_action", action_value(payment)},
      {"failure", failure_value(payment)},
      {"dispute", nullptr},
      {"created_at", to_rfc3339(payment.created_at)},
      {"updated_at", to_rfc3339(payment.updated_at)},
  };
  return json::serialize(shown);
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
