#include "protocols/providers/paypal/answers.hpp"

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "protocols/providers/paypal/fields.hpp"
#include "protocols/providers/paypal/issues.hpp"
#include "protocols/providers/paypal/judge.hpp"
#include "protocols/providers/paypal/objects.hpp"
#include "protocols/providers/paypal/plan.hpp"

namespace cambist::paypal {
namespace {

using provider::Call;
using provider::Declined;
using provider::Failure;
using provider::FailureCode;
using provider::OperationKind;
using provider::Progressed;
using provider::Refused;
using provider::Unknown;
using provider::Verdict;

Failure failure(FailureCode code, std::string word = {}) {
  return Failure{code, payer_message(code), std::move(word)};
}

bool starts(const Call& call) noexcept {
  return call.kind == OperationKind::authorize || call.kind == OperationKind::charge;
}

/// Seconds; nullopt when absent, not a number, or beyond an hour.
std::optional<std::chrono::seconds> retry_after(const http::Response& response) noexcept {
  const auto* header = http::find(response.headers, "Retry-After");
  if (header == nullptr) return std::nullopt;
  int seconds = 0;
  const auto* end = header->data() + header->size();
  const auto [stop, error] = std::from_chars(header->data(), end, seconds);
  if (error != std::errc{} || stop != end || seconds < 0 || seconds > 3'600) return std::nullopt;
  return std::chrono::seconds{seconds};
}

Verdict no_outcome(const http::Response& response) {
  return Unknown{
      failure(response.status == 408 ? FailureCode::timeout : FailureCode::provider_down), true,
      retry_after(response)};
}

Verdict nobody_knows(const http::Response& response) {
  auto verdict = not_understood(false);
  verdict.retry_after = retry_after(response);
  return verdict;
}

Refused refused(FailureCode code, std::string word, bool outage = false) {
  return Refused{failure(code, std::move(word)), outage, false};
}

// --- what went well
// --------------------------------------------------------------------------------------------

Verdict interpret_success(const AccountSettings& account, const Call& call, const Plan& plan,
                          const http::Response& response) {
  // 204: done, and nothing to say about it.
  if (plan.request == Request::void_authorization && response.status == 204) {
    return provider::Approved{
        call.amount, call.provider_payment_id, call.authorization_object, {}, std::nullopt};
  }
  const auto value = read_json(response.body);
  if (!value) return not_understood(true);
  switch (plan.request) {
    case Request::create:
    case Request::authorize:
    case Request::charge:
    case Request::look_up_order: {
      const auto order = read_order(*value);
      return order ? judge_order(call, plan, account, *order) : Verdict{not_understood(true)};
    }
    default:
      break;
  }
  const auto effect = read_effect(*value);
  return effect ? judge_effect(call, plan, *effect) : Verdict{not_understood(true)};
}

// --- what was refused
// ------------------------------------------------------------------------------------------

Verdict declined(const Call& call, const Reading& reading, std::string word) {
  if (call.kind == OperationKind::refund || call.kind == OperationKind::void_authorization) {
    // Nothing here that the payer could have declined: the request was refused.
    return refused(FailureCode::invalid_request, std::move(word));
  }
  return Declined{failure(reading.code, std::move(word)), false, call.provider_payment_id, {}};
}

Verdict voided(const Call& call) {
  return provider::Approved{
      call.amount, call.provider_payment_id, call.authorization_object, {}, std::nullopt};
}

// The order or the authorization is over: nothing is held, which is all that a void wants. A
// capture that went through before is not undone by it, so a repeated one is asked about.
Verdict over(const Call& call, std::string word) {
  if (starts(call)) return ended(call, std::move(word));
  if (call.kind == OperationKind::void_authorization) return voided(call);
  auto verdict = refused(FailureCode::invalid_request, std::move(word));
  verdict.failure.message = "The authorization has expired or was voided.";
  return verdict;
}

Verdict no_such_object(const Call& call, const Plan& plan, std::string word) {
  if (plan.request == Request::create)
    return refused(FailureCode::configuration_error, std::move(word), true);
  if (!starts(call)) return refused(FailureCode::invalid_request, std::move(word));
  // An order that nobody approved in time. One that was completed is not forgotten so soon, but
  // where an earlier call may have done it nothing is taken for certain.
  return call.repeat ? Verdict{not_understood(false)} : Verdict{ended(call, std::move(word))};
}

Verdict by_meaning(const Call& call, const Plan& plan, const Reading& reading,
                   const Problem& problem, const http::Response& response) {
  switch (reading.meaning) {
    case Meaning::other_funding:
      if (plan.request == Request::authorize || plan.request == Request::charge)
        return back_to_payer(call, problem.word);
      return declined(call, reading, problem.word);
    case Meaning::payer_turn:
      if (plan.request == Request::authorize || plan.request == Request::charge)
        return back_to_payer(call, problem.word);
      return nobody_knows(response);
    case Meaning::declined:
      return declined(call, reading, problem.word);
    case Meaning::ended:
      return over(call, problem.word);
    case Meaning::voided_before:
      if (call.kind != OperationKind::void_authorization) return nobody_knows(response);
      return voided(call);
    case Meaning::done_before:
      // No order exists that it could have been done for.
      if (plan.request == Request::create)
        return refused(FailureCode::invalid_request, problem.word);
      return nobody_knows(response);
    case Meaning::under_way:
      return nobody_knows(response);
    case Meaning::merchant_funds: {
      auto verdict = refused(FailureCode::configuration_error, problem.word);
      verdict.failure.message = "The balance at the provider does not cover the refund.";
      return verdict;
    }
    case Meaning::account:
      return refused(FailureCode::configuration_error, problem.word, true);
    case Meaning::request:
      break;
  }
  return refused(FailureCode::invalid_request, problem.word);
}

Verdict interpret_refusal(const Call& call, const Plan& plan, const http::Response& response) {
  const int status = response.status;
  if (status == 408 || status >= 500) return no_outcome(response);
  if (status < 400) return not_understood(false);
  const auto value = read_json(response.body);
  const auto problem = value ? read_problem(*value) : std::nullopt;
  if (status == 401) {
    return refused(FailureCode::configuration_error, problem ? problem->word : std::string{}, true);
  }
  if (status == 429) {
    return Refused{failure(FailureCode::provider_down, "RATE_LIMIT_REACHED"), false, true,
                   retry_after(response)};
  }
  // No error of PayPal's: some machine on the way answered.
  if (!problem) return nobody_knows(response);
  const Reading reading = reading_of(problem->word, status);
  // The renewal is an extra. Where PayPal refuses it the old authorization is tried as it is.
  if (plan.request == Request::reauthorize && reading.meaning != Meaning::under_way &&
      status != 403) {
    return Progressed{call.provider_payment_id, 1};
  }
  if (status == 404 && reading.meaning == Meaning::request)
    return no_such_object(call, plan, problem->word);
  return by_meaning(call, plan, reading, *problem, response);
}

// A create that was asked about and is refused: no money moves in this step whatever became of the
// one before, so the answer settles it.
Verdict settle_create(Verdict verdict) {
  const auto* no = std::get_if<Refused>(&verdict);
  if (no == nullptr || no->repeatable || no->outage) return verdict;
  return Declined{no->failure, false, {}, {}};
}

// --- questions that were not answered
// ----------------------------------------------------------------------

Verdict interpret_failed_question(const Call& call, const Plan& plan,
                                  const http::Response& response) {
  const int status = response.status;
  if (status == 408 || status >= 500) return no_outcome(response);
  if (status == 404 && plan.request == Request::look_up_order) {
    const auto value = read_json(response.body);
    const auto problem = value ? read_problem(*value) : std::nullopt;
    const bool gone = problem && problem->name == "RESOURCE_NOT_FOUND";
    // An order that PayPal has forgotten was never approved, and can no longer be.
    if (gone && call.kind == OperationKind::void_authorization)
      return provider::Approved{call.amount, call.provider_payment_id, {}, {}, std::nullopt};
    if (gone && plan.payer_turn) return ended(call, problem->word);
  }
  auto verdict = not_understood(status == 401 || status == 403);
  verdict.retry_after = retry_after(response);
  return verdict;
}

}  // namespace

Verdict interpret_answer(const AccountSettings& account, const Call& call,
                         const http::Response& response) {
  const Plan plan = plan_of(account, call);
  if (response.status >= 200 && response.status < 300)
    return interpret_success(account, call, plan, response);
  if (is_question(plan.request)) return interpret_failed_question(call, plan, response);
  Verdict verdict = interpret_refusal(call, plan, response);
  const bool asked_again = call.inquiry && plan.request == Request::create;
  return asked_again ? settle_create(std::move(verdict)) : verdict;
}

}  // namespace cambist::paypal
