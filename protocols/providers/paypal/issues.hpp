// What PayPal's words for "no" mean: the `issue` of an error, and why a payment was not taken.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/provider/verdict.hpp"

namespace cambist::paypal {

enum class Meaning : std::uint8_t {
  declined,        // the payer's side said no, for good
  other_funding,   // this funding source was declined; the payer may choose another
  payer_turn,      // the payer must approve (again)
  ended,           // the order or authorization is over, and holds nothing
  done_before,     // perhaps by an earlier call of ours: look it up
  under_way,       // another request with this id, or about this object, has not ended
  voided_before,   // the void had its effect
  merchant_funds,  // the merchant's balance does not cover the refund
  account,         // the merchant's account
  request,         // the request itself
};

/// Shape: `code` is what it is to the payer, for those that end a payment.
struct Reading {
  Meaning meaning = Meaning::request;
  provider::FailureCode code = provider::FailureCode::invalid_request;
};

/// Of an issue; of one that is not known, by the HTTP status: PayPal refuses with 400, 415 and 422
/// before it does anything.
/// Source: facts/paypal.md section 5; facts/error-taxonomy.md section 3.
[[nodiscard]] Reading reading_of(std::string_view issue, int status) noexcept;

/// Why an authorization or capture was declined: by `status_details.reason` and the card
/// processor's code.
[[nodiscard]] provider::FailureCode reason_code(std::string_view reason,
                                                std::string_view response_code) noexcept;

/// The sentence for the payer. Fraud reads as any decline: the reason is never revealed.
[[nodiscard]] std::string payer_message(provider::FailureCode code);

}  // namespace cambist::paypal
