#include "protocols/providers/stripe/declines.hpp"

#include <algorithm>
#include <array>

namespace cambist::stripe {
namespace {

using provider::FailureCode;

struct Row {
  std::string_view word;
  Reading reading;
};

constexpr Reading funds{FailureCode::insufficient_funds, false};
constexpr Reading hard{FailureCode::card_declined, false};
constexpr Reading soft{FailureCode::card_declined, true};
constexpr Reading method{FailureCode::payment_method_invalid, false};
constexpr Reading fraud{FailureCode::fraud_detected, false};

constexpr std::array declines{
    Row{"insufficient_funds", funds},
    Row{"withdrawal_count_limit_exceeded", funds},
    Row{"card_velocity_exceeded", funds},

    Row{"generic_decline", hard},
    Row{"do_not_honor", hard},
    Row{"call_issuer", hard},
    Row{"no_action_taken", hard},
    Row{"transaction_not_allowed", hard},
    Row{"service_not_allowed", hard},
    Row{"security_violation", hard},
    Row{"not_permitted", hard},
    Row{"revocation_of_authorization", hard},
    Row{"revocation_of_all_authorizations", hard},
    Row{"stop_payment_order", hard},
    Row{"duplicate_transaction", hard},
    Row{"try_again_later", soft},
    Row{"reenter_transaction", soft},
    Row{"issuer_not_available", soft},
    Row{"processing_error", soft},
    Row{"approve_with_id", soft},

    Row{"expired_card", method},
    Row{"incorrect_number", method},
    Row{"incorrect_cvc", method},
    Row{"incorrect_zip", method},
    Row{"invalid_cvc", method},
    Row{"invalid_number", method},
    Row{"invalid_expiry_month", method},
    Row{"invalid_expiry_year", method},
    Row{"invalid_account", method},
    Row{"invalid_amount", method},
    Row{"invalid_pin", method},
    Row{"incorrect_pin", method},
    Row{"pin_try_exceeded", method},
    Row{"offline_pin_required", method},
    Row{"online_or_offline_pin_required", method},
    Row{"card_not_supported", method},
    Row{"currency_not_supported", method},
    Row{"new_account_information_available", method},
    Row{"testmode_decline", method},

    Row{"fraudulent", fraud},
    Row{"lost_card", fraud},
    Row{"stolen_card", fraud},
    Row{"pickup_card", fraud},
    Row{"restricted_card", fraud},
    Row{"merchant_blacklist", fraud},
    Row{"highest_risk_level", fraud},

    // The payer was not there to authenticate, or could not: a new payment brings them back.
    Row{"authentication_required", hard},
    Row{"authentication_not_handled", hard},
    Row{"mobile_device_authentication_required", hard},
};

constexpr std::array codes{
    Row{"insufficient_funds", funds},
    Row{"processing_error", soft},
    Row{"card_declined", hard},
    Row{"authentication_required", hard},
    Row{"card_decline_rate_limit_exceeded", hard},
    Row{"payment_intent_authentication_failure", hard},
    Row{"payment_intent_payment_attempt_failed", hard},
    Row{"payment_method_provider_decline", hard},
    Row{"payment_method_customer_decline", hard},
    Row{"expired_card", method},
    Row{"incorrect_cvc", method},
    Row{"incorrect_number", method},
    Row{"incorrect_zip", method},
    Row{"invalid_cvc", method},
    Row{"invalid_expiry_month", method},
    Row{"invalid_expiry_year", method},
    Row{"invalid_number", method},
    Row{"payment_method_unactivated", method},
    Row{"payment_method_unsupported_type", method},
    Row{"payment_method_currency_mismatch", method},
    Row{"payment_method_restricted", method},
};

template <std::size_t Size>
std::optional<Reading> look_up(const std::array<Row, Size>& rows, std::string_view word) noexcept {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [word](const Row& row) { return row.word == word; });
  return found == rows.end() ? std::nullopt : std::optional{found->reading};
}

}  // namespace

std::optional<Reading> reading_of_decline(std::string_view decline_code) noexcept {
  return look_up(declines, decline_code);
}

std::optional<Reading> reading_of_code(std::string_view code) noexcept {
  return look_up(codes, code);
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

}  // namespace cambist::stripe
