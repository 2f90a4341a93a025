// The calls of Stripe's API that the emulator knows, one function each.
#pragma once

#include <string>
#include <string_view>

#include "gateway/sandbox/form.hpp"
#include "gateway/sandbox/stripe/failure.hpp"
#include "gateway/sandbox/stripe/model.hpp"
#include "gateway/sandbox/stripe/render.hpp"

namespace cambist::gateway::sandbox::stripe {

/// One call, as an endpoint sees it. `id` is the object in the path, `key` the idempotency key or
/// empty.
struct Call {
  const Form& form;
  std::string_view id;
  std::string_view key;
  TimePoint now;
  Expansion expand;
};

// intents.cpp
[[nodiscard]] Outcome create_intent(Bench& bench, const Call& call);
[[nodiscard]] Outcome retrieve_intent(Bench& bench, const Call& call);
[[nodiscard]] Outcome update_intent(Bench& bench, const Call& call);
[[nodiscard]] Outcome list_intents(Bench& bench, const Call& call);
// confirm.cpp
[[nodiscard]] Outcome confirm_intent(Bench& bench, const Call& call);
// settle.cpp
[[nodiscard]] Outcome capture_intent(Bench& bench, const Call& call);
[[nodiscard]] Outcome cancel_intent(Bench& bench, const Call& call);
// refunds.cpp
[[nodiscard]] Outcome create_refund(Bench& bench, const Call& call);
[[nodiscard]] Outcome retrieve_refund(Bench& bench, const Call& call);
[[nodiscard]] Outcome list_refunds(Bench& bench, const Call& call);
// objects.cpp
[[nodiscard]] Outcome retrieve_charge(Bench& bench, const Call& call);
[[nodiscard]] Outcome retrieve_payment_method(Bench& bench, const Call& call);
[[nodiscard]] Outcome create_customer(Bench& bench, const Call& call);
[[nodiscard]] Outcome retrieve_customer(Bench& bench, const Call& call);
[[nodiscard]] Outcome retrieve_balance(Bench& bench, const Call& call);
// dispute_calls.cpp
[[nodiscard]] Outcome retrieve_dispute(Bench& bench, const Call& call);
[[nodiscard]] Outcome list_disputes(Bench& bench, const Call& call);
[[nodiscard]] Outcome update_dispute(Bench& bench, const Call& call);
[[nodiscard]] Outcome accept_dispute(Bench& bench, const Call& call);
// events.cpp
[[nodiscard]] Outcome retrieve_event(Bench& bench, const Call& call);
[[nodiscard]] Outcome list_events(Bench& bench, const Call& call);

/// 400 payment_intent_unexpected_state; the answer shows the intent.
[[nodiscard]] Failure unexpected_state(const Intent& intent, std::string_view verb);

}  // namespace cambist::gateway::sandbox::stripe
