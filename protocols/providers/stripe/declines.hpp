// What Stripe's words for "no" mean in the unified taxonomy.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocols/provider/verdict.hpp"

namespace cambist::stripe {

/// How a code is read. `soft`: one more attempt with the same method may succeed later.
struct Reading {
  provider::FailureCode code = provider::FailureCode::card_declined;
  bool soft = false;
};

/// Of `decline_code`, which stands beside code card_declined.
/// Source: facts/error-taxonomy.md section 2; facts/stripe.md, "Error object".
[[nodiscard]] std::optional<Reading> reading_of_decline(std::string_view decline_code) noexcept;

/// Of an error `code` that says no by itself, as a 402 or a 400; nullopt for codes that are no
/// decline.
[[nodiscard]] std::optional<Reading> reading_of_code(std::string_view code) noexcept;

/// The sentence for the payer. Fraud reads as any decline: the reason is never revealed.
[[nodiscard]] std::string payer_message(provider::FailureCode code);

}  // namespace cambist::stripe
