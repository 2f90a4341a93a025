#include "gateway/sandbox/stripe/test_methods.hpp"

#include <algorithm>

namespace cambist::gateway::sandbox::stripe {
namespace {

constexpr std::string_view declined = "Your card was declined.";
constexpr std::string_view later = "try_again_later";
constexpr std::string_view never_again = "do_not_try_again";
constexpr std::string_view check = "confirm_card_data";

constexpr Decline generic{"card_declined", "generic_decline", declined, later, "05"};
constexpr Decline no_funds{"card_declined", "insufficient_funds",
                           "Your card has insufficient funds.", later, "51"};
constexpr Decline lost{"card_declined", "lost_card", declined, never_again, "41"};
constexpr Decline stolen{"card_declined", "stolen_card", declined, never_again, "43"};
constexpr Decline fraudulent{"card_declined", "fraudulent", declined, never_again, "59"};
constexpr Decline velocity{
    "card_declined", "card_velocity_exceeded",
    "Your card was declined for making repeated attempts too frequently or exceeding its "
    "amount limit.",
    later, "61"};
constexpr Decline expired{"expired_card", "", "Your card has expired.", check, "54"};
constexpr Decline wrong_cvc{"incorrect_cvc", "", "Your card's security code is incorrect.", check,
                            "N7"};
constexpr Decline processing{
    "processing_error", "",
    "An error occurred while processing your card. Try again in a little bit.", later, "96"};
constexpr Decline lookup_failed{"card_declined", "processing_error", declined, later, ""};
constexpr Decline radar{"card_declined", "fraudulent", declined, "", "", true};
constexpr Decline highest_risk{"card_declined", "highest_risk_level", declined, "", "", true};
constexpr Decline needs_payer{"authentication_required", "authentication_required",
                              "Your card was declined. This transaction requires authentication.",
                              "", ""};

// In the order of facts/stripe.md section 9. Where a method behaves differently once it was set up
// for later use, it behaves here as one that was not.
const std::vector<TestMethod> table{
    {.id = "pm_card_visa", .brand = "visa", .last4 = "4242"},
    {.id = "pm_card_mastercard", .brand = "mastercard", .last4 = "4444"},
    {.id = "pm_card_amex", .brand = "amex", .last4 = "0005"},
    {.id = "pm_card_visa_chargeDeclined", .brand = "visa", .last4 = "0002", .decline = &generic},
    {.id = "pm_card_chargeDeclined", .brand = "visa", .last4 = "0002", .decline = &generic},
    {.id = "pm_card_visa_chargeDeclinedInsufficientFunds",
     .brand = "visa",
     .last4 = "9995",
     .decline = &no_funds},
    {.id = "pm_card_visa_chargeDeclinedLostCard",
     .brand = "visa",
     .last4 = "9987",
     .decline = &lost},
    {.id = "pm_card_visa_chargeDeclinedStolenCard",
     .brand = "visa",
     .last4 = "9979",
     .decline = &stolen},
    {.id = "pm_card_chargeDeclinedExpiredCard",
     .brand = "visa",
     .last4 = "0069",
     .decline = &expired},
    {.id = "pm_card_chargeDeclinedIncorrectCvc",
     .brand = "visa",
     .last4 = "0127",
     .decline = &wrong_cvc},
    {.id = "pm_card_chargeDeclinedProcessingError",
     .brand = "visa",
     .last4 = "0119",
     .decline = &processing},
    {.id = "pm_card_visa_chargeDeclinedVelocityLimitExceeded",
     .brand = "visa",
     .last4 = "6975",
     .decline = &velocity},
    {.id = "pm_card_chargeDeclinedFraudulent",
     .brand = "visa",
     .last4 = "0019",
     .decline = &fraudulent},
    {.id = "pm_card_radarBlock",
     .brand = "visa",
     .last4 = "0019",
     .decline = &radar,
     .risk_level = "highest"},
    {.id = "pm_card_riskLevelHighest",
     .brand = "visa",
     .last4 = "4954",
     .decline = &highest_risk,
     .risk_level = "highest"},
    {.id = "pm_card_riskLevelElevated", .brand = "visa", .last4 = "9235", .risk_level = "elevated"},
    {.id = "pm_card_chargeCustomerFail", .brand = "visa", .last4 = "0341", .decline = &generic},
    {.id = "pm_card_threeDSecureRequired",
     .brand = "visa",
     .last4 = "3220",
     .challenge = Challenge::always},
    {.id = "pm_card_threeDSecureOptional",
     .brand = "visa",
     .last4 = "3055",
     .challenge = Challenge::on_request},
    {.id = "pm_card_threeDSecureRequiredChargeDeclined",
     .brand = "visa",
     .last4 = "1629",
     .challenge = Challenge::always,
     .decline = &generic},
    {.id = "pm_card_threeDSecureRequiredProcessingError",
     .brand = "visa",
     .last4 = "1280",
     .challenge = Challenge::always,
     .decline = &lookup_failed,
     .declines_before_challenge = true},
    {.id = "pm_card_authenticationRequired",
     .brand = "visa",
     .last4 = "3184",
     .challenge = Challenge::always},
    {.id = "pm_card_authenticationRequiredOnSetup",
     .brand = "visa",
     .last4 = "3155",
     .challenge = Challenge::always},
    {.id = "pm_card_authenticationRequiredSetupForOffSession",
     .brand = "visa",
     .last4 = "0446",
     .challenge = Challenge::on_session},
    {.id = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
     .brand = "visa",
     .last4 = "3178",
     .challenge = Challenge::always,
     .decline = &no_funds},
    {.id = "pm_card_createDispute",
     .brand = "visa",
     .last4 = "0259",
     .afterwards = Afterwards::dispute},
    {.id = "pm_card_createDisputeProductNotReceived",
     .brand = "visa",
     .last4 = "2685",
     .afterwards = Afterwards::dispute,
     .dispute_reason = "product_not_received"},
    {.id = "pm_card_createDisputeInquiry",
     .brand = "visa",
     .last4 = "1976",
     .afterwards = Afterwards::inquiry},
    {.id = "pm_card_createMultipleDisputes",
     .brand = "visa",
     .last4 = "0079",
     .afterwards = Afterwards::dispute,
     .disputes = 2},
    {.id = "pm_card_createIssuerFraudRecord", .brand = "visa", .last4 = "5423"},
    {.id = "pm_card_pendingRefund",
     .brand = "visa",
     .last4 = "7726",
     .afterwards = Afterwards::refund_pending},
    {.id = "pm_card_refundFail",
     .brand = "visa",
     .last4 = "5126",
     .afterwards = Afterwards::refund_fails},
    {.id = "pm_card_bypassPending", .brand = "visa", .last4 = "0077"},
};

}  // namespace

const std::vector<TestMethod>& test_methods() {
  return table;
}

const TestMethod* find_test_method(std::string_view id) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const TestMethod& method) { return method.id == id; });
  return found == table.end() ? nullptr : &*found;
}

const Decline& authentication_required() {
  return needs_payer;
}

}  // namespace cambist::gateway::sandbox::stripe
