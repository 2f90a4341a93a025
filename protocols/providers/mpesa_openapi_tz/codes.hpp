// M-Pesa's response codes, and what each means for a payment.
#pragma once

#include <cstdint>
#include <string_view>

namespace cambist::mpesa_openapi_tz {

enum class Meaning : std::uint8_t {
  done,                // or accepted
  declined,            // by the payer: refused, cancelled, a wrong PIN
  insufficient_funds,  // on the payer's side
  limit,               // of the payer's wallet or of ours
  payer_invalid,       // no such wallet
  request_invalid,     // nothing was done; the same request cannot succeed
  configuration,       // our account; nothing was done
  session,             // the session or the key, not the payment
  duplicate,           // this conversation was there before
  not_found,
  no_answer,  // nobody knows: the payer or somebody behind M-Pesa was silent
  internal,   // nobody knows
  unlisted,   // nobody knows
};

/// Source: facts/mpesa.md B3. What is not listed there is `unlisted`, whatever other markets say.
[[nodiscard]] Meaning meaning_of(std::string_view code) noexcept;

}  // namespace cambist::mpesa_openapi_tz
