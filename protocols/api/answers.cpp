#include "protocols/api/answers.hpp"

#include <utility>

#include <boost/json.hpp>

#include "protocols/payment/shown.hpp"

namespace cambist::api {
namespace {

namespace json = boost::json;
using payment::shown_money;
using payment::shown_text;
using payment::shown_time;

constexpr std::string_view payments_path = "/api/v1/payments/";

json::value failure_value(const payment::Payment& payment) {
  const auto* failed = std::get_if<payment::Failed>(&payment.state);
  if (failed == nullptr) return nullptr;
  return payment::shown_failure(failed->failure);
}

json::value action_value(const payment::Payment& payment) {
  const auto* waiting = std::get_if<payment::AwaitingAction>(&payment.state);
  if (waiting == nullptr) return nullptr;
  const provider::NextAction& action = waiting->action;
  json::object shown{{"type", action.type},
                     {"url", shown_text(action.url)},
                     {"instructions", shown_text(action.instructions)},
                     {"expires_at", shown_time(action.expires_at)}};
  return shown;
}

}  // namespace

provider::Failure public_failure(const provider::Failure& failure) {
  return payment::public_failure(failure);
}

std::string render(const payment::Payment& payment) {
  const json::object shown{
      {"id", payment.id.to_string()},
      {"status", payment::to_string(payment::status_of(payment))},
      {"amount", shown_money(payment.details.amount)},
      {"captured", shown_money(payment::captured(payment))},
      {"refunded", shown_money(payment::refunded(payment))},
      {"provider", payment.details.provider},
      {"provider_payment_id", shown_text(payment.provider_payment_id)},
      {"payment_method", json::object{{"type", payment.details.method.type},
                                      {"brand", shown_text(payment.method.brand)},
                                      {"last4", shown_text(payment.method.last4)}}},
      {"reference", shown_text(payment.details.reference)},
      {"customer_id", shown_text(payment.details.customer_id)},
      {"description", shown_text(payment.details.description)},
      {"metadata", payment::shown_metadata(payment.details.metadata)},
      {"next_action", action_value(payment)},
      {"failure", failure_value(payment)},
      {"dispute", payment::shown_dispute(payment::dispute_shown(payment))},
      {"capture_at", shown_time(payment.capture_at)},
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
