#include "gateway/sandbox/paypal/failure.hpp"

#include <algorithm>
#include <array>

namespace cambist::gateway::sandbox::paypal {
namespace json = boost::json;
namespace {

struct Issue {
  std::string_view name;
  int status;
  std::string_view description;
};

// Source: facts/paypal.md section 5; the descriptions are our own words.
constexpr std::array issues{
    Issue{"MISSING_REQUIRED_PARAMETER", 400, "A required field is missing."},
    Issue{"INVALID_PARAMETER_VALUE", 400, "The value of a field is invalid."},
    Issue{"INVALID_PARAMETER_SYNTAX", 400, "The value of a field does not conform to its format."},
    Issue{"INVALID_STRING_LENGTH", 400, "The value of a field is too short or too long."},
    Issue{"INVALID_ARRAY_MIN_ITEMS", 400, "The list has too few items."},
    Issue{"INVALID_ARRAY_MAX_ITEMS", 400, "The list has too many items."},
    Issue{"MALFORMED_REQUEST_JSON", 400, "The request JSON is not well formed."},
    Issue{"PAYPAL_REQUEST_ID_REQUIRED", 400, "A PayPal-Request-Id is required for this call."},
    Issue{"INVALID_JSON_POINTER_FORMAT", 400, "The path is no JSON pointer of an order."},
    Issue{"INVALID_PATCH_OPERATION", 400, "The operation cannot be honoured."},
    Issue{"NOT_PATCHABLE", 422, "The field cannot be patched."},
    Issue{"INVALID_RESOURCE_ID", 404,
          "The specified resource does not exist. Please check its id and try again."},
    Issue{"INVALID_URI", 404, "The URI does not exist."},
    Issue{"PERMISSION_DENIED", 403, "You do not have permission to access this resource."},
    Issue{"PREVIOUS_REQUEST_IN_PROGRESS", 409, "A previous request is still in progress."},
    Issue{"CONTENT_TYPE_UNSUPPORTED", 415, "The content type must be application/json."},
    Issue{"RATE_LIMIT_REACHED", 429, "Too many requests. Blocked due to rate limiting."},
    Issue{"INTERNAL_SERVER_ERROR", 500, "An internal server error has occurred."},
    Issue{"INTERNAL_SERVICE_ERROR", 500, "An internal service error has occurred."},
    Issue{"SERVICE_UNAVAILABLE", 503, "Service Unavailable."},
    // Amounts and currencies.
    Issue{"AMOUNT_MISMATCH", 422, "The amount must equal the sum of its breakdown."},
    Issue{"ITEM_TOTAL_MISMATCH", 422, "item_total must equal the sum of all items."},
    Issue{"ITEM_TOTAL_REQUIRED", 422, "item_total is required when items are given."},
    Issue{"DECIMAL_PRECISION", 422, "The value has too many decimals."},
    Issue{"DECIMALS_NOT_SUPPORTED", 422, "The currency does not support decimals."},
    Issue{"INVALID_CURRENCY_CODE", 422, "The currency code is not valid."},
    Issue{"CURRENCY_NOT_SUPPORTED", 422, "The currency is not supported for payments."},
    Issue{"CANNOT_BE_ZERO_OR_NEGATIVE", 422, "The amount must be greater than zero."},
    Issue{"MAX_VALUE_EXCEEDED", 422, "The amount is too large."},
    Issue{"AUTH_CAPTURE_CURRENCY_MISMATCH", 422, "Capture and authorization differ in currency."},
    Issue{"REFUND_CAPTURE_CURRENCY_MISMATCH", 422, "Refund and capture differ in currency."},
    Issue{"UNSUPPORTED_INTENT", 422, "One purchase unit only can be paid so."},
    // Orders.
    Issue{"ORDER_NOT_APPROVED", 422, "The payer has not yet approved the order."},
    Issue{"ORDER_ALREADY_CAPTURED", 422, "The order has already been captured."},
    Issue{"ORDER_ALREADY_AUTHORIZED", 422, "The order has already been authorized."},
    Issue{"ORDER_COMPLETED_OR_VOIDED", 422, "The order is completed or voided."},
    Issue{"ORDER_EXPIRED", 422, "The order has expired."},
    Issue{"ORDER_COMPLETION_IN_PROGRESS", 422, "The order is being completed."},
    Issue{"ACTION_DOES_NOT_MATCH_INTENT", 422, "The order was made with another intent."},
    Issue{"MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED", 422, "Too many attempts for this order."},
    Issue{"MAX_AUTHORIZATION_COUNT_EXCEEDED", 422, "Too many authorizations of this order."},
    Issue{"DUPLICATE_INVOICE_ID", 422, "The invoice id was used for another payment."},
    Issue{"PAYER_ACTION_REQUIRED", 422, "The payer has to act before the payment can go on."},
    Issue{"INSTRUMENT_DECLINED", 422, "The payer's instrument was declined by its issuer."},
    Issue{"REDIRECT_PAYER_FOR_ALTERNATE_FUNDING", 422, "The payer must choose another funding."},
    Issue{"TRANSACTION_REFUSED", 422, "The request was refused."},
    Issue{"TRANSACTION_LIMIT_EXCEEDED", 422, "The amount exceeds a limit."},
    Issue{"TRANSACTION_RECEIVING_LIMIT_EXCEEDED", 422, "The payee's receiving limit is exceeded."},
    Issue{"COMPLIANCE_VIOLATION", 422, "The transaction is declined for compliance."},
    Issue{"DOMESTIC_TRANSACTION_REQUIRED", 422, "Payer and payee must be in the same country."},
    Issue{"PAYER_CANNOT_PAY", 422, "The payer cannot pay for this transaction."},
    Issue{"PAYER_ACCOUNT_RESTRICTED", 422, "The payer's account is restricted."},
    Issue{"PAYER_ACCOUNT_LOCKED_OR_CLOSED", 422, "The payer's account is locked or closed."},
    Issue{"PAYEE_ACCOUNT_RESTRICTED", 422, "The payee's account is restricted."},
    Issue{"PAYEE_ACCOUNT_LOCKED_OR_CLOSED", 422, "The payee's account is locked or closed."},
    Issue{"PAYEE_BLOCKED_TRANSACTION", 422, "The payee's settings refuse this transaction."},
    Issue{"TRANSACTION_BLOCKED_BY_PAYEE", 422, "The payee's settings block this transaction."},
    Issue{"CARD_EXPIRED", 422, "The card has expired."},
    Issue{"CARD_BRAND_NOT_SUPPORTED", 422, "The card's brand is not supported."},
    Issue{"PAYMENT_SOURCE_DECLINED_BY_PROCESSOR", 422, "The processor declined the source."},
    Issue{"PAYMENT_SOURCE_CANNOT_BE_USED", 422, "The payment source cannot be used here."},
    // Authorizations.
    Issue{"AUTHORIZATION_VOIDED", 422, "A voided authorization cannot be captured."},
    Issue{"AUTHORIZATION_EXPIRED", 422, "An expired authorization cannot be captured."},
    Issue{"AUTHORIZATION_DENIED", 422, "A denied authorization cannot be captured."},
    Issue{"AUTHORIZATION_ALREADY_CAPTURED", 422, "The authorization was captured in full."},
    Issue{"MAX_CAPTURE_COUNT_EXCEEDED", 422, "No more captures of this authorization."},
    Issue{"MAX_CAPTURE_AMOUNT_EXCEEDED", 422, "The amount exceeds what may be captured."},
    Issue{"PENDING_AUTHORIZATION", 422, "The authorization is under review."},
    Issue{"PREVIOUSLY_VOIDED", 422, "The authorization has been voided already."},
    Issue{"PREVIOUSLY_CAPTURED", 422, "The authorization has been captured already."},
    Issue{"CANNOT_BE_VOIDED", 422, "The authorization cannot be voided."},
    Issue{"REAUTHORIZATION_TOO_SOON", 422, "A reauthorization takes from the fourth day on."},
    Issue{"REAUTHORIZATION_NOT_SUPPORTED", 422, "This authorization cannot be reauthorized."},
    // Refunds.
    Issue{"CAPTURE_FULLY_REFUNDED", 422, "The capture has been refunded in full."},
    Issue{"REFUND_AMOUNT_EXCEEDED", 422, "The refund exceeds what is left of the capture."},
    Issue{"REFUND_AMOUNT_TOO_LOW", 422, "The refund is too small."},
    Issue{"PARTIAL_REFUND_NOT_ALLOWED", 422, "The capture can only be refunded in full."},
    Issue{"REFUND_TIME_LIMIT_EXCEEDED", 422, "The capture is too old to be refunded."},
    Issue{"REFUND_NOT_ALLOWED", 422, "The capture cannot be refunded."},
    Issue{"REFUND_FAILED_INSUFFICIENT_FUNDS", 422, "The account has not enough money."},
    Issue{"PENDING_CAPTURE", 422, "A pending capture cannot be refunded."},
    Issue{"TRANSACTION_DISPUTED", 422, "The capture is disputed."},
    Issue{"REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK", 422, "The capture was charged back."},
    Issue{"MAX_NUMBER_OF_REFUNDS_EXCEEDED", 422, "Too many refunds of this capture."},
    Issue{"REFUND_REFUSED_BY_PROCESSOR", 422, "The processor refused the refund."},
    // Disputes.
    Issue{"DISPUTE_ALREADY_RESOLVED", 422, "The dispute is resolved."},
};

const Issue* find_issue(std::string_view name) noexcept {
  const auto* found = std::find_if(issues.begin(), issues.end(),
                                   [name](const Issue& issue) { return issue.name == name; });
  return found == issues.end() ? nullptr : found;
}

std::pair<std::string_view, std::string_view> headline(int status) {
  switch (status) {
    case 400:
      return {"INVALID_REQUEST",
              "Request is not well-formed, syntactically incorrect, or violates schema."};
    case 401:
      return {"AUTHENTICATION_FAILURE",
              "Authentication failed due to invalid authentication credentials."};
    case 403:
      return {"NOT_AUTHORIZED", "Authorization failed due to insufficient permissions."};
    case 404:
      return {"RESOURCE_NOT_FOUND", "The specified resource does not exist."};
    case 409:
      return {"RESOURCE_CONFLICT", "The server has detected a conflict."};
    case 415:
      return {"UNSUPPORTED_MEDIA_TYPE", "The server does not support the request's media type."};
    case 429:
      return {"RATE_LIMIT_REACHED", "Too many requests. Blocked due to rate limiting."};
    case 500:
      return {"INTERNAL_SERVER_ERROR", "An internal server error has occurred."};
    case 503:
      return {"SERVICE_UNAVAILABLE", "Service Unavailable."};
    default:
      return {"UNPROCESSABLE_ENTITY",
              "The requested action could not be performed, semantically incorrect, or failed "
              "business validation."};
  }
}

json::object show(const Detail& detail) {
  json::object shown;
  if (!detail.field.empty()) {
    shown["field"] = detail.field;
    shown["location"] = "body";
  }
  if (!detail.value.empty()) shown["value"] = detail.value;
  shown["issue"] = detail.issue;
  const auto* issue = find_issue(detail.issue);
  shown["description"] = !detail.description.empty() ? std::string_view{detail.description}
                         : issue != nullptr          ? issue->description
                                                     : detail.issue;
  return shown;
}

}  // namespace

Failure refuse(std::string_view issue, std::string field, std::string value) {
  const auto* known = find_issue(issue);
  Failure failure;
  failure.status = known == nullptr ? 422 : known->status;
  failure.details.push_back(
      Detail{known == nullptr ? issue : known->name, std::move(field), std::move(value), {}});
  return failure;
}

std::string_view known_issue(std::string_view issue) noexcept {
  const auto* known = find_issue(issue);
  return known == nullptr ? std::string_view{} : known->name;
}

Failure missing(std::string_view id) {
  auto failure = refuse("INVALID_RESOURCE_ID");
  failure.details.front().value = std::string{id.substr(0, 64)};
  return failure;
}

json::object error_body(const Failure& failure, std::string_view debug_id,
                        std::string_view payer_page) {
  const auto [name, message] = headline(failure.status);
  json::object body{{"name", name}, {"message", message}, {"debug_id", debug_id}};
  // The 5xx and 429 answers say no more than their name.
  json::array links;
  if (failure.status != 429 && failure.status < 500) {
    json::array details;
    for (const auto& detail : failure.details) details.push_back(show(detail));
    if (!details.empty()) {
      links.push_back(json::object{
          {"href",
           std::string{"https://developer.paypal.com/api/rest/reference/orders/v2/errors/#"} +
               std::string{failure.details.front().issue}},
          {"rel", "information_link"},
          {"method", "GET"}});
      body["details"] = std::move(details);
    }
  }
  if (!payer_page.empty()) {
    links.push_back(json::object{{"href", payer_page}, {"rel", "redirect"}, {"method", "GET"}});
  }
  body["links"] = std::move(links);
  return body;
}

}  // namespace cambist::gateway::sandbox::paypal
