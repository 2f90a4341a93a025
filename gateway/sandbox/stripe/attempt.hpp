// One attempt to take money with a payment method: what confirming does, and what the payer's
// answer does later.
#pragma once

#include <optional>
#include <string_view>

#include "gateway/sandbox/stripe/failure.hpp"
#include "gateway/sandbox/stripe/model.hpp"

namespace cambist::gateway::sandbox::stripe {

struct Attempt {
  std::string_view key;  // the idempotency key, for the ledger
  bool off_session = false;
  bool error_on_requires_action = false;
};

/// Tries the intent's method. Afterwards the intent is requires_action, requires_capture,
/// succeeded, or, with the failure that is returned, requires_payment_method. Shape: the intent has
/// a method.
[[nodiscard]] std::optional<Failure> attempt(Bench& bench, Intent& intent, const Attempt& how,
                                             TimePoint now);

/// The payer has answered the challenge of an intent in requires_action.
void finish_challenge(Bench& bench, Intent& intent, bool authenticated, TimePoint now);

}  // namespace cambist::gateway::sandbox::stripe
