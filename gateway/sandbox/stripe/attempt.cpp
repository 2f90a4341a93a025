#include "gateway/sandbox/stripe/attempt.hpp"

#include "gateway/sandbox/stripe/disputes.hpp"
#include "gateway/sandbox/stripe/events.hpp"

namespace cambist::gateway::sandbox::stripe {
namespace {

// Source: facts/stripe.md section 4, "Authorisation validity", customer-initiated.
constexpr std::chrono::hours hold_lasts{7 * 24};

Charge& add_charge(Bench& bench, Intent& intent, const Decline* decline, bool authenticated,
                   TimePoint now) {
  Charge charge;
  charge.id = make_id("ch_", bench.world.random);
  charge.intent = intent.id;
  charge.amount = intent.amount;
  charge.currency = intent.currency;
  charge.method = intent.method;
  charge.decline = decline;
  charge.authenticated = authenticated;
  charge.customer = intent.customer;
  charge.description = intent.description;
  charge.statement_suffix = intent.statement_suffix;
  charge.metadata = intent.metadata;
  charge.created = now;
  intent.latest_charge = charge.id;
  return bench.books.charges.add(std::move(charge));
}

void back_to_start(Intent& intent, PaymentError error) {
  error.method = intent.method;
  intent.last_error = std::move(error);
  intent.method = nullptr;
  intent.status = IntentStatus::requires_payment_method;
  intent.attempt_key.clear();
}

Failure decline(Bench& bench, Intent& intent, const Decline& why, bool authenticated,
                TimePoint now) {
  const auto& charge = add_charge(bench, intent, &why, authenticated, now);
  Failure failure;
  failure.status = 402;
  failure.type = "card_error";
  failure.code = why.code;
  failure.decline_code = why.decline_code;
  failure.message = why.message;
  failure.advice_code = why.advice_code;
  failure.network_decline_code = why.network_decline_code;
  failure.charge = charge.id;
  failure.payment_method = intent.method->id;
  failure.intent = intent.id;
  failure.stored = true;
  back_to_start(intent, PaymentError{failure.type, why.code, why.decline_code, why.advice_code,
                                     why.network_decline_code, why.message, charge.id});
  announce(bench, "charge.failed", charge);
  announce(bench, "payment_intent.payment_failed", intent);
  return failure;
}

void approve(Bench& bench, Intent& intent, std::string_view key, bool authenticated,
             TimePoint now) {
  auto& charge = add_charge(bench, intent, nullptr, authenticated, now);
  if (intent.manual()) {
    intent.status = IntentStatus::requires_capture;
    intent.capturable = intent.amount;
    intent.capture_before = charge.capture_before = now + hold_lasts;
    bench.books.holds_due.push_back({intent.capture_before, intent.id});
  } else {
    intent.status = IntentStatus::succeeded;
    intent.received = charge.captured_amount = intent.amount;
    charge.captured = true;
    bench.books.balance[std::string{intent.currency.code()}] += intent.amount;
  }
  intent.last_error = {};
  record(bench, intent, intent.manual() ? EffectKind::authorize : EffectKind::charge, charge.id,
         intent.amount, key, now);
  intent.attempt_key.clear();
  announce(bench, "charge.succeeded", charge);
  announce(
      bench,
      intent.manual() ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded",
      intent);
  if (charge.captured) dispute_by_method(bench, charge);
}

bool needs_challenge(const Intent& intent, bool off_session) noexcept {
  switch (intent.method->challenge) {
    case Challenge::never:
      return false;
    case Challenge::on_request:
      return intent.request_3ds == "any" || intent.request_3ds == "challenge";
    case Challenge::always:
      return true;
    case Challenge::on_session:
      return !off_session;
  }
  return false;
}

}  // namespace

std::optional<Failure> attempt(Bench& bench, Intent& intent, const Attempt& how, TimePoint now) {
  intent.off_session = how.off_session;
  const auto* refusal = intent.method->decline;
  if (intent.method->declines_before_challenge) return decline(bench, intent, *refusal, false, now);
  if (needs_challenge(intent, how.off_session)) {
    if (how.off_session || how.error_on_requires_action) {
      return decline(bench, intent, authentication_required(), false, now);
    }
    intent.status = IntentStatus::requires_action;
    intent.attempt_key = how.key;
    announce(bench, "payment_intent.requires_action", intent);
    return std::nullopt;
  }
  if (refusal != nullptr) return decline(bench, intent, *refusal, false, now);
  approve(bench, intent, how.key, false, now);
  return std::nullopt;
}

void finish_challenge(Bench& bench, Intent& intent, bool authenticated, TimePoint now) {
  if (!authenticated) {
    back_to_start(
        intent,
        PaymentError{.type = "invalid_request_error",
                     .code = "payment_intent_authentication_failure",
                     .message =
                         "The provided PaymentMethod has failed authentication. Provide a new "
                         "PaymentMethod to attempt to fulfill this PaymentIntent again."});
    announce(bench, "payment_intent.payment_failed", intent);
  } else if (const auto* refusal = intent.method->decline; refusal != nullptr) {
    (void)decline(bench, intent, *refusal, true,
                  now);  // nobody waits for an answer: the intent shows it
  } else {
    const std::string key = intent.attempt_key;
    approve(bench, intent, key, true, now);
  }
}

}  // namespace cambist::gateway::sandbox::stripe
