#include "protocols/providers/paypal/issues.hpp"

#include <algorithm>
#include <array>

namespace cambist::paypal {
namespace {

using provider::FailureCode;

struct Row {
  std::string_view issue;
  Reading reading;
};

constexpr Reading declined{Meaning::declined, FailureCode::card_declined};
constexpr Reading fraud{Meaning::declined, FailureCode::fraud_detected};
constexpr Reading method{Meaning::declined, FailureCode::payment_method_invalid};
constexpr Reading other_funding{Meaning::other_funding, FailureCode::card_declined};
constexpr Reading payer_turn{Meaning::payer_turn, FailureCode::card_declined};
constexpr Reading ended{Meaning::ended, FailureCode::card_declined};
constexpr Reading done_before{Meaning::done_before, FailureCode::unknown};
constexpr Reading under_way{Meaning::under_way, FailureCode::unknown};
constexpr Reading voided_before{Meaning::voided_before, FailureCode::unknown};
constexpr Reading merchant_funds{Meaning::merchant_funds, FailureCode::configuration_error};
constexpr Reading account{Meaning::account, FailureCode::configuration_error};
constexpr Reading request{Meaning::request, FailureCode::invalid_request};

constexpr std::array issues{
    Row{"INSTRUMENT_DECLINED", other_funding},
    Row{"REDIRECT_PAYER_FOR_ALTERNATE_FUNDING", other_funding},
    Row{"ORDER_NOT_APPROVED", payer_turn},
    Row{"PAYER_ACTION_REQUIRED", payer_turn},

    Row{"TRANSACTION_REFUSED", declined},
    Row{"PAYER_CANNOT_PAY", declined},
    Row{"PAYER_ACCOUNT_RESTRICTED", declined},
    Row{"PAYER_ACCOUNT_LOCKED_OR_CLOSED", declined},
    Row{"TRANSACTION_LIMIT_EXCEEDED", declined},
    Row{"DOMESTIC_TRANSACTION_REQUIRED", declined},
    Row{"MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED", declined},
    Row{"MAX_AUTHORIZATION_COUNT_EXCEEDED", declined},
    Row{"PAYMENT_SOURCE_DECLINED_BY_PROCESSOR", declined},
    Row{"COMPLIANCE_VIOLATION", fraud},
    Row{"TRANSACTION_BLOCKED_BY_PAYEE", fraud},
    Row{"PAYEE_BLOCKED_TRANSACTION", fraud},
    Row{"CARD_EXPIRED", method},
    Row{"CARD_BRAND_NOT_SUPPORTED", method},
    Row{"PAYMENT_SOURCE_CANNOT_BE_USED", method},
    Row{"PAYMENT_SOURCE_INFO_CANNOT_BE_VERIFIED", method},
    Row{"TOKEN_EXPIRED", method},
    Row{"TOKEN_ID_NOT_FOUND", method},
    Row{"BILLING_AGREEMENT_NOT_FOUND", method},
    Row{"AGREEMENT_ALREADY_CANCELLED", method},

    Row{"ORDER_EXPIRED", ended},
    Row{"AUTHORIZATION_EXPIRED", ended},
    Row{"AUTHORIZATION_VOIDED", ended},
    Row{"AUTHORIZATION_DENIED", ended},

    Row{"ORDER_ALREADY_CAPTURED", done_before},
    Row{"ORDER_ALREADY_AUTHORIZED", done_before},
    Row{"ORDER_COMPLETED_OR_VOIDED", done_before},
    Row{"AUTHORIZATION_ALREADY_CAPTURED", done_before},
    Row{"DUPLICATE_INVOICE_ID", done_before},
    Row{"DUPLICATE_REQUEST_ID", done_before},
    Row{"PREVIOUSLY_CAPTURED", done_before},
    Row{"PREVIOUSLY_VOIDED", voided_before},
    Row{"PREVIOUS_REQUEST_IN_PROGRESS", under_way},
    Row{"ORDER_COMPLETION_IN_PROGRESS", under_way},

    // Perhaps because of an earlier call of ours too: the machine takes no refusal of a repeated
    // call for certain. Said as refused, a first call ends here instead of being asked about.
    Row{"MAX_CAPTURE_COUNT_EXCEEDED", request},
    Row{"MAX_CAPTURE_AMOUNT_EXCEEDED", request},
    Row{"CANNOT_BE_VOIDED", request},
    Row{"CAPTURE_FULLY_REFUNDED", request},
    Row{"REFUND_AMOUNT_EXCEEDED", request},

    Row{"REFUND_FAILED_INSUFFICIENT_FUNDS", merchant_funds},
    Row{"PAYEE_ACCOUNT_RESTRICTED", account},
    Row{"PAYEE_ACCOUNT_LOCKED_OR_CLOSED", account},
    Row{"TRANSACTION_RECEIVING_LIMIT_EXCEEDED", account},
    Row{"NOT_ENABLED_FOR_CARD_PROCESSING", account},
    Row{"PERMISSION_DENIED", account},
    Row{"CONSENT_NEEDED", account},
    Row{"NOT_AUTHORIZED", account},
    // The name of an error whose issue is not known.
    Row{"RESOURCE_CONFLICT", under_way},
};

}  // namespace

Reading reading_of(std::string_view issue, int status) noexcept {
  const auto* const found = std::find_if(issues.begin(), issues.end(),
                                         [issue](const Row& row) { return row.issue == issue; });
  if (found != issues.end()) return found->reading;
  if (status == 401 || status == 403) return account;
  if (status == 400 || status == 404 || status == 415 || status == 422) return request;
  return done_before;  // 409 and what is not documented: nobody knows
}

FailureCode reason_code(std::string_view reason, std::string_view response_code) noexcept {
  if (reason == "DECLINED_BY_RISK_FRAUD_FILTERS") return FailureCode::fraud_detected;
  // PayPal's own number for it; the others need no other treatment.
  if (response_code == "5120") return FailureCode::insufficient_funds;
  if (response_code == "5400") return FailureCode::payment_method_invalid;  // expired card
  return FailureCode::card_declined;
}

std::string payer_message(FailureCode code) {
  switch (code) {
    case FailureCode::insufficient_funds:
      return "There are not enough funds. Use another payment method.";
    case FailureCode::card_declined:
    case FailureCode::fraud_detected:
      // The API shows a fraud decline under this very sentence (protocols/api/answers.cpp).
      return "The payment was declined.";
    case FailureCode::payment_method_invalid:
      return "Check the details of the payment method or use another one.";
    case FailureCode::provider_down:
      return "The payment provider cannot take the payment now. Try again shortly.";
    case FailureCode::network_error:
      return "The payment provider could not be reached. Try again.";
    case FailureCode::timeout:
      return "The payment provider did not answer in time. The payment is being checked.";
    case FailureCode::invalid_request:
      return "The payment provider refused the request.";
    case FailureCode::configuration_error:
      return "The account at the payment provider cannot be used now.";
    case FailureCode::unknown:
      break;
  }
  return "The outcome at the payment provider is not known yet. It is being checked.";
}

}  // namespace cambist::paypal
