#include "protocols/providers/stripe/answers.hpp"

#include <string>
#include <utility>
#include <variant>

#include "protocols/providers/stripe/judge.hpp"
#include "protocols/providers/stripe/objects.hpp"
#include "protocols/providers/stripe/plan.hpp"
#include "protocols/providers/stripe/refusals.hpp"

namespace cambist::stripe {
namespace {

using provider::Call;
using provider::NotExecuted;
using provider::Progressed;
using provider::Verdict;

// A question asked on the way to a fresh key goes on to do it; an inquiry reports and stops.
Verdict after_not_executed(const Call& call) {
  if (call.inquiry) return NotExecuted{call.provider_payment_id};
  const int next = call.confirmed && call.step <= 1 ? 3 : call.step + 1;
  return Progressed{call.provider_payment_id, next};
}

Verdict interpret_created(const Call& call, const Intent& intent) {
  const bool fresh =
      intent.status == "requires_confirmation" || intent.status == "requires_payment_method";
  const Verdict judged = judge_intent(call, intent, Source::reply);
  // An intent that is not ours to confirm: another amount or currency than was asked for.
  if (std::holds_alternative<provider::Unknown>(judged)) return judged;
  // Confirming is an odd step, and a step never comes again: after a burnt create it is a later
  // one.
  const int next = call.step % 2 == 0 ? call.step + 1 : call.step + 2;
  return fresh ? Verdict{Progressed{intent.id, next}} : judged;
}

Verdict interpret_intent(const Call& call, const Plan& plan, const Intent& intent) {
  if (plan.request == Request::create) return interpret_created(call, intent);
  const bool asked = is_question(plan.request);
  Verdict judged = judge_intent(call, intent, asked ? Source::question : Source::reply);
  if (!std::holds_alternative<NotExecuted>(judged)) return judged;
  // Said to be done, and the object shows no trace of it.
  return asked ? after_not_executed(call) : Verdict{not_understood(false)};
}

Verdict interpret_refunds(const Call& call, const RefundPage& page) {
  const std::string ours = call.operation.to_string();
  for (const auto& refund : page.refunds) {
    if (refund.our_id == ours) return judge_refund(call, refund);
  }
  // Only a complete list proves that ours is not in it.
  return page.complete ? after_not_executed(call) : Verdict{not_understood(false)};
}

Verdict interpret_success(const Call& call, const Plan& plan, const http::Response& response) {
  const auto value = read_json(response.body);
  if (!value) return not_understood(true);
  if (plan.request == Request::refund) {
    const auto refund = read_refund(*value);
    return refund ? judge_refund(call, *refund) : Verdict{not_understood(true)};
  }
  if (plan.request == Request::look_up_refunds) {
    const auto page = read_refund_page(*value);
    return page ? interpret_refunds(call, *page) : Verdict{not_understood(true)};
  }
  const auto intent = read_intent(*value);
  return intent ? interpret_intent(call, plan, *intent) : Verdict{not_understood(true)};
}

// A create that was asked about and is refused: no money moves in this step whatever became of the
// first, so the refusal of the request itself is the answer. Limits and outages stay questions.
Verdict settle_create(Verdict verdict) {
  const auto* refused = std::get_if<provider::Refused>(&verdict);
  if (refused == nullptr || refused->repeatable || refused->outage) return verdict;
  return provider::Declined{refused->failure, false, {}, {}};
}

}  // namespace

Verdict interpret_answer(const Call& call, const http::Response& response) {
  const Plan plan = plan_of(call);
  if (response.status >= 200 && response.status < 300)
    return interpret_success(call, plan, response);
  if (is_question(plan.request)) return interpret_failed_question(response);
  Verdict verdict = interpret_refusal(call, plan, response);
  const bool asked_again = call.inquiry && plan.request == Request::create;
  return asked_again ? settle_create(std::move(verdict)) : verdict;
}

}  // namespace cambist::stripe
