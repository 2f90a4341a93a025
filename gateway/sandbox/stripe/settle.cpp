// Capturing and giving back what is held.
#include <algorithm>

#include "gateway/sandbox/stripe/amounts.hpp"
#include "gateway/sandbox/stripe/disputes.hpp"
#include "gateway/sandbox/stripe/endpoints.hpp"
#include "gateway/sandbox/stripe/events.hpp"
#include "gateway/sandbox/stripe/params.hpp"

namespace cambist::gateway::sandbox::stripe {

Outcome capture_intent(Bench& bench, const Call& call) {
  auto* intent = bench.books.intents.find(call.id);
  if (intent == nullptr) return missing(404, "payment_intent", call.id, "intent");
  settle_time(bench, *intent, call.now);
  Params params{call.form};
  params.only({"amount_to_capture", "final_capture", "statement_descriptor_suffix"});
  const auto asked = params.integer("amount_to_capture");
  const bool last = params.boolean("final_capture").value_or(true);
  auto metadata = intent->metadata;
  params.merge_metadata(metadata);
  const auto suffix = params.text("statement_descriptor_suffix", 22);
  // Nothing, but for the last time, gives back what is left after earlier captures.
  const bool release = asked == 0 && last && intent->received > 0;
  if (asked && *asked < 1 && !release) {
    params.refuse(invalid("parameter_invalid_integer", "amount_to_capture",
                          "This value must be greater than or equal to 1."));
  }
  if (asked) {
    if (auto failure = check_unit(*asked, intent->currency, "amount_to_capture"))
      params.refuse(std::move(*failure));
  }
  if (params.failure()) return *params.failure();

  if (intent->status == IntentStatus::canceled && intent->cancellation_reason == "automatic") {
    auto failure = invalid("charge_expired_for_capture", "",
                           "The charge's authorization has expired, so it cannot be captured.");
    failure.charge = intent->latest_charge;
    failure.intent = intent->id;
    failure.stored = true;
    return failure;
  }
  auto* charge = bench.books.charges.find(intent->latest_charge);
  if (intent->status != IntentStatus::requires_capture || charge == nullptr)
    return unexpected_state(*intent, "captured");
  const auto amount = asked.value_or(intent->capturable);
  if (amount > intent->capturable) {
    return invalid(
        "amount_too_large", "amount_to_capture",
        "Requested capture amount is greater than the amount you can capture for this charge.");
  }
  if (!last && !intent->multicapture) {
    return invalid(
        "parameter_invalid_empty", "final_capture",
        "final_capture can only be false when multicapture was requested and is available.");
  }
  intent->metadata = std::move(metadata);
  if (suffix) charge->statement_suffix = *suffix;
  if (release)
    record(bench, *intent, EffectKind::void_authorization, charge->id, intent->capturable, call.key,
           call.now);
  intent->received += amount;
  // A last capture of less than what is held gives the rest back.
  intent->capturable = last ? 0 : intent->capturable - amount;
  if (intent->capturable == 0) intent->status = IntentStatus::succeeded;
  charge->captured_amount = intent->received;
  charge->captured = intent->status == IntentStatus::succeeded;
  bench.books.balance[std::string{intent->currency.code()}] += amount;
  if (!release) record(bench, *intent, EffectKind::capture, charge->id, amount, call.key, call.now);
  announce(bench, "charge.captured", *charge);
  announce(
      bench,
      charge->captured ? "payment_intent.succeeded" : "payment_intent.amount_capturable_updated",
      *intent);
  if (charge->captured) dispute_by_method(bench, *charge);
  return render(bench, *intent, call.expand);
}

Outcome cancel_intent(Bench& bench, const Call& call) {
  auto* intent = bench.books.intents.find(call.id);
  if (intent == nullptr) return missing(404, "payment_intent", call.id, "intent");
  settle_time(bench, *intent, call.now);
  Params params{call.form};
  params.only({"cancellation_reason"});
  const auto reason = params.choice(
      "cancellation_reason", {"duplicate", "fraudulent", "requested_by_customer", "abandoned"});
  if (params.failure()) return *params.failure();
  if (intent->status == IntentStatus::succeeded || intent->status == IntentStatus::canceled) {
    return unexpected_state(*intent, "canceled");
  }
  Charge* released = nullptr;
  if (intent->status == IntentStatus::requires_capture) {
    if (auto* charge = bench.books.charges.find(intent->latest_charge)) {
      charge->released = intent->received == 0;
      charge->captured = intent->received > 0;
      if (charge->released) released = charge;
    }
    record(bench, *intent, EffectKind::void_authorization, intent->latest_charge,
           intent->capturable, call.key, call.now);
  }
  intent->status = IntentStatus::canceled;
  intent->capturable = 0;
  intent->canceled_at = call.now;
  intent->cancellation_reason = reason.value_or("");
  intent->attempt_key.clear();
  // A hold that is given back shows as refunded on its charge, though nothing was captured.
  if (released != nullptr) announce(bench, "charge.refunded", *released);
  announce(bench, "payment_intent.canceled", *intent);
  return render(bench, *intent, call.expand);
}

}  // namespace cambist::gateway::sandbox::stripe
