#include "protocols/providers/mpesa_openapi_tz/requests.hpp"

#include <string>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "protocols/http/syntax.hpp"
#include "protocols/provider/phone.hpp"
#include "protocols/providers/mpesa_openapi_tz/fields.hpp"
#include "protocols/providers/mpesa_openapi_tz/ids.hpp"

namespace cambist::mpesa_openapi_tz {
namespace {

namespace json = boost::json;
using provider::Call;
using provider::OperationKind;

constexpr std::string_view country = "TZN";
constexpr std::string_view currency = "TZS";
constexpr std::int64_t minor_per_shilling = 100;  // ISO 4217 gives TZS two decimals

// Source: facts/mpesa.md B2, "Validation": letters, digits, space, '_' and '+', 1 to 256. Anything
// else, also half of a UTF-8 character, becomes a space.
std::string description_of(const Call& call) {
  constexpr std::size_t size_max = 256;
  std::string text;
  for (const char c : call.description.substr(0, size_max)) {
    const bool plain = http::is_digit(c) || http::is_alpha(c) || c == '_' || c == '+';
    if (plain || (!text.empty() && text.back() != ' ')) text += plain ? c : ' ';
  }
  while (text.ends_with(' ')) text.pop_back();
  return text.empty() ? "Payment " + reference_of(call.payment) : text;
}

Result<json::object> common(const AccountSettings& account, const Call& call) {
  const auto amount = shillings(call.amount);
  if (!amount) return amount.error();
  const auto& fields = call.method.fields;
  const auto phone = fields.find("phone");
  const auto msisdn = provider::normalise_phone(
      phone == fields.end() ? std::string_view{} : phone->second, provider::Market::tanzania);
  if (!msisdn) return msisdn.error();
  return json::object{{"input_Amount", std::to_string(*amount)},
                      {"input_CustomerMSISDN", *msisdn},
                      {"input_Country", country},
                      {"input_Currency", currency},
                      {"input_ServiceProviderCode", account.service_provider_code}};
}

Result<json::object> push(const AccountSettings& account, const Call& call) {
  auto body = common(account, call);
  if (!body) return body.error();
  body->emplace("input_TransactionReference", reference_of(call.payment));
  body->emplace("input_ThirdPartyConversationID", conversation_of(call));
  body->emplace("input_PurchasedItemsDesc", description_of(call));
  return body;
}

Result<json::object> pay_out(const AccountSettings& account, const Call& call) {
  auto body = common(account, call);
  if (!body) return body.error();
  body->emplace("input_TransactionReference", reference_of(call.operation));
  body->emplace("input_ThirdPartyConversationID", conversation_of(call));
  body->emplace("input_PaymentItemsDesc", "Refund " + reference_of(call.payment));
  return body;
}

// The amount is always named: left out it means all, and after a refund in part nobody says what
// "all" is.
Result<json::object> reverse(const AccountSettings& account, const Call& call) {
  const auto amount = shillings(call.amount);
  if (!amount) return amount.error();
  return json::object{{"input_TransactionID", call.capture_object},
                      {"input_ReversalAmount", std::to_string(*amount)},
                      {"input_Country", country},
                      {"input_ServiceProviderCode", account.service_provider_code},
                      {"input_ThirdPartyConversationID", conversation_of(call)}};
}

// By our own id: it was ours before anything was sent, so it finds what became of a lost answer.
http::Request ask(const AccountSettings& account, const Call& call) {
  auto request = blank_request(account, "GET", "queryTransactionStatus/");
  request.target += "?input_QueryReference=" + conversation_of(call) +
                    "&input_ServiceProviderCode=" + account.service_provider_code +
                    "&input_ThirdPartyConversationID=" + question_of(call.operation, call.attempt) +
                    "&input_Country=" + std::string{country};
  return request;
}

Result<http::Request> with_body(http::Request request, Result<json::object> body) {
  if (!body) return body.error();
  request.body = json::serialize(*body);
  return request;
}

}  // namespace

Request request_of(const AccountSettings& account, const Call& call) {
  if (call.inquiry || call.confirmed) return Request::ask;
  if (call.kind != OperationKind::refund) return Request::push;
  return account.reverses && is_receipt(call.capture_object) ? Request::reverse : Request::pay_out;
}

http::Request blank_request(const AccountSettings& account, std::string_view method,
                            std::string_view path) {
  http::Request request;
  request.method = method;
  request.origin = account.base.origin;
  request.target = account.base.prefix + "/" + account.environment + "/ipg/v2/" + account.market +
                   "/" + std::string{path};
  request.headers = {{"Content-Type", "application/json"},
                     {"Accept", "application/json"},
                     {"Origin", account.origin}};
  return request;
}

Result<std::int64_t> shillings(const Money& money) {
  if (money.currency.code() != currency) {
    return Error{ErrorCode::unsupported_by_provider, "M-Pesa in Tanzania takes TZS only",
                 "amount.currency"};
  }
  if (money.minor <= 0)
    return Error{ErrorCode::invalid_request, "must be above zero", "amount.value"};
  if (money.minor % minor_per_shilling != 0) {
    return Error{ErrorCode::unsupported_by_provider, "M-Pesa takes whole shillings only",
                 "amount.value"};
  }
  return money.minor / minor_per_shilling;
}

Result<http::Request> build_request(const AccountSettings& account, const Call& call) {
  if (call.kind != OperationKind::charge && call.kind != OperationKind::refund)
    return Error{ErrorCode::internal, "M-Pesa has no such operation"};
  switch (request_of(account, call)) {
    case Request::push:
      return with_body(blank_request(account, "POST", "c2bPayment/singleStage/"),
                       push(account, call));
    case Request::reverse:
      return with_body(blank_request(account, account.reversal_method, "reversal/"),
                       reverse(account, call));
    case Request::pay_out:
      return with_body(blank_request(account, "POST", "b2cPayment/"), pay_out(account, call));
    case Request::ask:
      break;
  }
  return ask(account, call);
}

}  // namespace cambist::mpesa_openapi_tz
