#include "protocols/providers/stripe/refusals.hpp"

#include <charconv>
#include <string_view>
#include <utility>

#include "protocols/providers/stripe/declines.hpp"
#include "protocols/providers/stripe/judge.hpp"
#include "protocols/providers/stripe/objects.hpp"

namespace cambist::stripe {
namespace {

using provider::Call;
using provider::Failure;
using provider::FailureCode;
using provider::Progressed;
using provider::Refused;
using provider::Unknown;
using provider::Verdict;

bool says(const http::Response& response, std::string_view header,
          std::string_view value) noexcept {
  const auto* found = http::find(response.headers, header);
  return found != nullptr && *found == value;
}

Failure failure(FailureCode code, std::string word = {}) {
  return Failure{code, payer_message(code), std::move(word)};
}

Refused refused(FailureCode code, std::string word) {
  return Refused{failure(code, std::move(word)), false, false};
}

// The stored answer of a request that ended in a 5xx: its key will say the same for ever. The next
// step asks what became of it and, if nothing did, goes on with a fresh key (README, decision 4).
bool is_burnt(const Plan& plan, const http::Response& response) noexcept {
  return response.status >= 500 && says(response, "Idempotent-Replayed", "true") &&
         plan.generation < generations_max;
}

Verdict no_outcome(const http::Response& response) {
  return Unknown{
      failure(response.status == 408 ? FailureCode::timeout : FailureCode::provider_down), true,
      retry_after(response)};
}

Verdict limited(const http::Response& response, std::string word) {
  return Refused{failure(FailureCode::provider_down, std::move(word)), false,
                 !says(response, "Stripe-Should-Retry", "false"), retry_after(response)};
}

// Another request holds the object. When an earlier call of this step is out there, that other
// request may be our own, and still succeed: a step that went well took one attempt each.
Verdict locked(const Call& call, const http::Response& response) {
  if (call.attempt <= call.step + 1) return limited(response, "lock_timeout");
  auto verdict = not_understood(false);
  verdict.retry_after = retry_after(response);
  return verdict;
}

// 424 and a wallet's timeout: somebody behind Stripe did not answer.
bool is_dependency_failure(int status, std::string_view code) noexcept {
  return status == 424 || code == "payment_method_provider_timeout";
}

bool is_account_problem(int status, std::string_view code) noexcept {
  return status == 401 || status == 403 || code == "api_key_expired" ||
         code == "platform_api_key_expired" || code == "livemode_mismatch";
}

bool is_state_conflict(std::string_view code) noexcept {
  return code == "payment_intent_unexpected_state" || code == "status_transition_invalid" ||
         code == "charge_already_captured";
}

// Stripe refused because of the object's state: perhaps because our earlier call has done it.
Verdict conflict(const Call& call, const Plan& plan, const Answer& answer) {
  if (!answer.intent) return not_understood(false);
  Verdict judged = judge_intent(call, *answer.intent, Source::conflict);
  if (!std::holds_alternative<provider::NotExecuted>(judged)) return judged;
  // No method to confirm with: nothing happened and the same request cannot succeed.
  if (plan.request == Request::confirm && answer.intent->status == "requires_payment_method") {
    return refused(FailureCode::invalid_request, answer.problem.code);
  }
  return not_understood(false);
}

// 402, or a decline that comes as a 400.
Verdict payer_refused(const Call& call, const Answer& answer) {
  const Intent* intent = answer.intent ? &*answer.intent : nullptr;
  const bool fits = intent == nullptr || call.provider_payment_id.empty() ||
                    intent->id == call.provider_payment_id;
  if (!fits) return not_understood(false);
  if (intent != nullptr && intent->status == "requires_action" && intent->next_action) {
    return provider::ActionRequired{*intent->next_action, intent->id, intent->latest_charge.method};
  }
  // A decline beside an intent that has money contradicts itself.
  const bool starts = call.kind == provider::OperationKind::authorize ||
                      call.kind == provider::OperationKind::charge;
  if (starts && intent != nullptr &&
      (intent->status == "succeeded" || intent->status == "requires_capture" ||
       intent->status == "processing")) {
    return not_understood(false);
  }
  auto verdict = declined(answer.problem, intent);
  if (verdict.provider_payment_id.empty()) verdict.provider_payment_id = call.provider_payment_id;
  return verdict;
}

Verdict key_mismatch(const Plan& plan) {
  // The key was used with another body. For the unconfirmed intent that costs nothing; of anything
  // else the earlier request may have moved money.
  if (plan.request == Request::create)
    return refused(FailureCode::configuration_error, "idempotency_error");
  return not_understood(false);
}

Verdict bad_request(const Call& call, const Answer& answer) {
  const std::string& code = answer.problem.code;
  if (code == "balance_insufficient") {
    // The merchant's own balance at Stripe.
    return refused(FailureCode::configuration_error, code);
  }
  if (code == "charge_already_refunded" && call.attempt > call.step + 1) {
    // Perhaps by our own earlier call.
    return not_understood(false);
  }
  auto verdict = refused(FailureCode::invalid_request, code.empty() ? answer.problem.type : code);
  if (!answer.problem.param.empty()) {
    verdict.failure.message = "The payment provider refused " + answer.problem.param + ".";
  }
  if (code == "charge_expired_for_capture" || code == "capture_charge_authorization_expired") {
    verdict.failure.message = "The authorization has expired.";
  }
  return verdict;
}

}  // namespace

std::optional<std::chrono::seconds> retry_after(const http::Response& response) noexcept {
  const auto* header = http::find(response.headers, "Retry-After");
  if (header == nullptr) return std::nullopt;
  int seconds = 0;
  const auto* end = header->data() + header->size();
  const auto [stop, error] = std::from_chars(header->data(), end, seconds);
  if (error != std::errc{} || stop != end || seconds < 0 || seconds > 3'600) return std::nullopt;
  return std::chrono::seconds{seconds};
}

Verdict interpret_failed_question(const http::Response& response) {
  if (response.status == 408 || response.status >= 500) return no_outcome(response);
  auto verdict = not_understood(response.status == 401 || response.status == 403);
  verdict.retry_after = retry_after(response);
  return verdict;
}

Verdict interpret_refusal(const Call& call, const Plan& plan, const http::Response& response) {
  const int status = response.status;
  if (is_burnt(plan, response)) return Progressed{call.provider_payment_id, call.step + 1};
  if (status == 408 || status >= 500) return no_outcome(response);
  if (status < 400) return not_understood(false);

  const auto value = read_json(response.body);
  const auto answer = value ? read_error(*value) : std::nullopt;
  const std::string code = answer ? answer->problem.code : std::string{};
  if (is_account_problem(status, code)) {
    return Refused{failure(FailureCode::configuration_error, code), true, false};
  }
  if (code == "idempotency_key_in_use" || status == 409) {
    auto verdict = not_understood(false);
    verdict.retry_after = retry_after(response);
    return verdict;
  }
  if (code == "lock_timeout") return locked(call, response);
  if (status == 429 || code == "rate_limit" || code == "payment_intent_rate_limit_exceeded") {
    return limited(response, code.empty() ? "rate_limit" : code);
  }
  if (!answer) {
    // No error object: some machine on the way answered, not Stripe.
    return not_understood(false);
  }
  if (is_dependency_failure(status, code)) return no_outcome(response);
  if (answer->problem.type == "idempotency_error") return key_mismatch(plan);
  if (is_state_conflict(code)) return conflict(call, plan, *answer);
  if (status == 402 || (status == 400 && reading_of_code(code)))
    return payer_refused(call, *answer);
  return bad_request(call, *answer);
}

}  // namespace cambist::stripe
