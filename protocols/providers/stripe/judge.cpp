#include "protocols/providers/stripe/judge.hpp"

#include <utility>

#include "protocols/providers/stripe/amounts.hpp"
#include "protocols/providers/stripe/declines.hpp"

namespace cambist::stripe {
namespace {

using provider::Approved;
using provider::Call;
using provider::Declined;
using provider::Failure;
using provider::FailureCode;
using provider::NotExecuted;
using provider::OperationKind;
using provider::Pending;
using provider::Refused;
using provider::Verdict;

using Wire = std::optional<std::int64_t>;

Wire wire(const Money& money) {
  const auto amount = to_wire(money);
  return amount ? Wire{*amount} : std::nullopt;
}

// False only when both are known and differ.
bool may_equal(Wire stated, Wire expected) noexcept {
  return !stated || !expected || *stated == *expected;
}

Approved approved(const Call& call, const Intent& intent) {
  return Approved{call.amount, intent.id, intent.latest_charge.id, intent.latest_charge.method,
                  std::nullopt};
}

// Nothing was done and, as the object stands, nothing will be. A question that finds this out gives
// a definite answer; Refused would only say that the question was refused.
Verdict impossible(const Intent& intent, Source source, std::string message, std::string word) {
  Failure failure{FailureCode::invalid_request, std::move(message), std::move(word)};
  if (source == Source::question) return Declined{std::move(failure), false, intent.id, {}};
  return Refused{std::move(failure), false, false};
}

Verdict judge_start(const Call& call, const Intent& intent) {
  const Wire amount = wire(call.amount);
  const bool holds = call.kind == OperationKind::authorize;
  if (!may_equal(intent.amount, amount)) return not_understood(false);
  if (intent.status == "succeeded") {
    // An authorization that somebody captured already is still one that was given.
    if (!holds && !may_equal(intent.amount_received, amount)) return not_understood(false);
    return approved(call, intent);
  }
  if (intent.status == "requires_capture") {
    if (!holds || !may_equal(intent.amount_capturable, amount)) return not_understood(false);
    auto held = approved(call, intent);
    held.authorization_expires_at = intent.latest_charge.capture_before;
    return held;
  }
  if (intent.status == "requires_action") {
    return provider::ActionRequired{
        intent.next_action.value_or(
            provider::NextAction{"provider_sdk", {}, "Continue with Stripe's browser library."}),
        intent.id, intent.latest_charge.method};
  }
  if (intent.status == "processing") return Pending{intent.id, intent.latest_charge.id};
  if (intent.status == "requires_confirmation") return NotExecuted{intent.id};
  if (intent.status == "requires_payment_method") {
    if (intent.last_payment_error) return declined(*intent.last_payment_error, &intent);
    return NotExecuted{intent.id};
  }
  if (intent.status == "canceled") {
    return Declined{{FailureCode::card_declined, "The payment was canceled at the provider.",
                     "payment_intent_canceled"},
                    false,
                    intent.id,
                    intent.latest_charge.method};
  }
  return not_understood(false);
}

// What had been received before this capture, when Stripe's total and our own remainder both say
// so.
Wire received_before(const Call& call, const Intent& intent) {
  const Wire remaining = wire(call.remaining);
  if (!remaining || !intent.amount || *remaining > *intent.amount) return std::nullopt;
  return *intent.amount - *remaining;
}

Verdict judge_captured(const Call& call, const Intent& intent, Source source) {
  const Wire amount = wire(call.amount);
  const Wire before = received_before(call, intent);
  if (!amount) return not_understood(false);
  if (before && intent.amount_received) {
    // Another amount than ours was taken: somebody else's capture. The operators must look.
    if (*intent.amount_received != *before + *amount) return not_understood(false);
    return approved(call, intent);
  }
  if (source == Source::reply) return approved(call, intent);
  return not_understood(false);
}

// The hold is still open: with a final capture that means untouched, otherwise the remainder tells.
Verdict judge_open_hold(const Call& call, const Intent& intent, Source source) {
  const Wire amount = wire(call.amount);
  const Wire remaining = wire(call.remaining);
  const Wire capturable = intent.amount_capturable;
  const bool replied = source == Source::reply;
  if (!amount || !remaining || !capturable) {
    // Only the reply to a capture that leaves the hold open can be believed without its numbers.
    if (replied && !call.final_capture) return approved(call, intent);
    return not_understood(false);
  }
  if (*capturable == *remaining) {
    if (replied) return not_understood(false);
    return NotExecuted{intent.id};
  }
  if (!call.final_capture && *capturable == *remaining - *amount) return approved(call, intent);
  return not_understood(false);
}

Verdict judge_capture(const Call& call, const Intent& intent, Source source) {
  if (intent.status == "succeeded") return judge_captured(call, intent, source);
  if (intent.status == "requires_capture") return judge_open_hold(call, intent, source);
  if (intent.status == "processing") return Pending{intent.id, intent.latest_charge.id};
  const bool untouched =
      may_equal(intent.amount_received, received_before(call, intent).value_or(0));
  if (intent.status == "canceled" && source != Source::reply && untouched) {
    return impossible(intent, source, "The authorization has expired or was canceled.",
                      "payment_intent_canceled");
  }
  return not_understood(false);
}

Verdict judge_void(const Call& call, const Intent& intent, Source source) {
  if (intent.status == "canceled") return approved(call, intent);
  if (source == Source::reply) return not_understood(false);
  if (intent.status == "succeeded") {
    return impossible(intent, source, "The payment has been captured and can no longer be voided.",
                      "payment_intent_unexpected_state");
  }
  if (intent.status.starts_with("requires_")) return NotExecuted{intent.id};
  return not_understood(false);
}

// Why a refund came back. The funds are the merchant's here, so the payer's words do not fit.
Failure refund_failure(const Refund& refund) {
  const std::string word = refund.failure_reason.empty() ? refund.status : refund.failure_reason;
  if (word == "lost_or_stolen_card" || word == "expired_or_canceled_card") {
    return {FailureCode::payment_method_invalid, "The card can no longer take a refund.", word};
  }
  if (word == "insufficient_funds") {
    return {FailureCode::insufficient_funds,
            "The balance at the provider does not cover the refund.", word};
  }
  return {FailureCode::card_declined, "The refund was not accepted.", word};
}

}  // namespace

provider::Unknown not_understood(bool outage) {
  return {{FailureCode::unknown, payer_message(FailureCode::unknown)}, outage};
}

Declined declined(const Problem& problem, const Intent* intent) {
  const std::string& word = problem.decline_code.empty() ? problem.code : problem.decline_code;
  Reading reading;  // a word that is new: declined, and not tried again by itself
  if (const auto known = reading_of_decline(problem.decline_code)) {
    reading = *known;
  } else if (const auto by_code = reading_of_code(problem.code)) {
    reading = *by_code;
  }
  if (intent != nullptr && intent->latest_charge.blocked)
    reading = {FailureCode::fraud_detected, false};
  if (reading.code != FailureCode::fraud_detected) {
    // What the network advises wins over the table.
    if (problem.advice_code == "do_not_try_again") reading.soft = false;
    if (problem.advice_code == "try_again_later") reading.soft = true;
    if (problem.advice_code == "confirm_card_data")
      reading = {FailureCode::payment_method_invalid, false};
  }
  Declined verdict{{reading.code, payer_message(reading.code), word}, reading.soft};
  if (intent != nullptr) {
    verdict.provider_payment_id = intent->id;
    verdict.method = intent->latest_charge.method;
  }
  return verdict;
}

Verdict judge_intent(const Call& call, const Intent& intent, Source source) {
  const bool other = !call.provider_payment_id.empty() && call.provider_payment_id != intent.id;
  if (other || (!intent.currency.empty() && intent.currency != wire_code(call.amount.currency))) {
    return not_understood(false);
  }
  switch (call.kind) {
    case OperationKind::authorize:
    case OperationKind::charge:
      return judge_start(call, intent);
    case OperationKind::capture:
      return judge_capture(call, intent, source);
    case OperationKind::void_authorization:
      return judge_void(call, intent, source);
    case OperationKind::refund:
      break;
  }
  return not_understood(false);
}

Verdict judge_refund(const Call& call, const Refund& refund) {
  const bool ours = refund.our_id.empty() || refund.our_id == call.operation.to_string();
  const bool fits = may_equal(refund.amount, wire(call.amount)) &&
                    (refund.currency.empty() || refund.currency == wire_code(call.amount.currency));
  if (!ours || !fits) return not_understood(false);
  if (refund.status == "succeeded") {
    return Approved{call.amount, call.provider_payment_id, refund.id, {}, std::nullopt};
  }
  // A refund that needs the payer's bank details is on its way as far as the merchant is concerned.
  if (refund.status == "pending" || refund.status == "requires_action") {
    return Pending{call.provider_payment_id, refund.id};
  }
  if (refund.status == "failed" || refund.status == "canceled") {
    return Declined{refund_failure(refund), false, call.provider_payment_id, {}};
  }
  return not_understood(false);
}

}  // namespace cambist::stripe
