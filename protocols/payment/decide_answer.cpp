// What the provider's answer to a call means for the operation that runs.
//
// The rule behind everything here (README.md, decision 2): an operation is settled as refused only
// when no call of its step can have had an effect. That holds exactly while its first calls are
// answered one by one with Refused. Once a call went unanswered, was only accepted, or waits for
// the payer, a refusal says nothing about that call: it is asked about until the provider gives a
// definite answer.
#include <algorithm>
#include <utility>

#include "protocols/core/overloaded.hpp"
#include "protocols/core/planted.hpp"
#include "protocols/payment/decide.hpp"
#include "protocols/retry/schedule.hpp"

namespace cambist::payment {
namespace {

using provider::OperationKind;

/// One answer, and what is known about the call that it answers.
class Answer {
 public:
  Answer(const Payment& payment, const Operation& operation, const ProviderAnswered& report,
         const Moment& moment)
      : payment_(payment),
        operation_(operation),
        report_(report),
        moment_(moment),
        awaiting_(std::holds_alternative<AwaitingAction>(payment.state)),
        late_(std::holds_alternative<Compensating>(payment.state)),
        asked_(report.inquiry || operation.inquire || awaiting_),
        unsent_(report.inquiry && !operation.inquire && !awaiting_ &&
                operation.status == OperationStatus::pending && operation.next_attempt_at &&
                moment.now < *operation.next_attempt_at),
        unknown_(operation.status == OperationStatus::unknown ||
                 (report.inquiry && !operation.inquire && !awaiting_ && !unsent_)) {}

  Decision operator()(const provider::Approved& approved) const {
    if (!plausible(approved))
      return not_understood("The provider approved another amount than it was asked for.");
    if (operation_.reported && *operation_.reported != approved.amount)
      return not_understood("The provider's callback named another amount than was asked for.");
    if (const auto* fencing = std::get_if<Fencing>(&payment_.state)) {
      return payment::record(
          payment_, {fence_stands(payment_, *fencing, report_.exchange, moment_.now)}, moment_.now);
    }
    OperationApproved fact{operation_.id, approved, report_.exchange};
    if (operation_.kind == OperationKind::authorize && !approved.authorization_expires_at) {
      fact.approved.authorization_expires_at = moment_.now + moment_.policy.authorization_lifetime;
    }
    if (operation_.kind == OperationKind::void_authorization) {
      if (auto rest = left_over(payment_, moment_.now))
        return payment::record(payment_, {Fact{std::move(fact)}, Fact{std::move(*rest)}},
                               moment_.now);
    }
    return record(std::move(fact));
  }

  Decision operator()(const provider::Declined& declined) const {
    if (late_ && operation_.kind == OperationKind::refund)
      return ask_later(declined.failure, std::nullopt);  // the operators know of it
    if (std::holds_alternative<Fencing>(payment_.state))
      return record(FenceFailed{operation_.id, declined.failure, report_.exchange});
    return record(OperationDeclined{operation_.id, declined, report_.exchange});
  }

  Decision operator()(const provider::Refused& refused) const {
    if (unsent_) return repeat_stays();
    if (asked_ || unknown_ || waits_for_provider(refused))
      return ask_later(refused.failure, refused.retry_after);
    const Policy& policy = moment_.policy;
    const Duration least = refused.retry_after.value_or(std::chrono::seconds{0});
    if (!refused.repeatable || operation_.failures + 1 >= policy.attempts_in_request_max ||
        least > policy.repeat_delay_max) {
      if (auto next = elsewhere(payment_, refused, report_.exchange, moment_))
        return payment::record(payment_, {*std::move(next)}, moment_.now);
      return settled(OperationRefused{operation_.id, refused, report_.exchange});
    }
    const Duration delay = retry::backoff(operation_.failures + 1, policy.repeat_delay_min,
                                          policy.repeat_delay_max, moment_.roll);
    return failed(false, false, moment_.now + std::max(delay, least), refused.failure);
  }

  Decision operator()(const provider::ActionRequired& required) const {
    if (operation_.kind != OperationKind::authorize && operation_.kind != OperationKind::charge) {
      return not_understood("The provider asked for the payer's action where there can be none.");
    }
    if (late_) return nothing_there();
    // What cannot be taken back is never given up: the provider is asked until it tells.
    const auto& ends = required.action.expires_at;
    if (!required.withdrawable && ends && moment_.now >= *ends)
      return (*this)(provider::Pending{required.provider_payment_id, {}});
    ActionWasRequired fact{operation_.id, required, report_.exchange};
    const auto* waiting = std::get_if<AwaitingAction>(&payment_.state);
    if (waiting == nullptr || !required.withdrawable ||
        moment_.now < action_deadline(*waiting, moment_.policy))
      return record(std::move(fact));
    // The payer's time is up, and the provider still waits: the payment is given up.
    const Payment still = evolve(payment_, Event{moment_.now, fact});
    return payment::record(payment_, {Fact{std::move(fact)}, giving_up(still, moment_.now)},
                           moment_.now);
  }

  Decision operator()(const provider::Pending& pending) const {
    OperationPending fact{operation_.id, pending.provider_payment_id, pending.provider_object,
                          next_inquiry(std::nullopt), report_.exchange};
    if (pending.by_hand.empty() || operation_.escalation) return record(std::move(fact));
    return payment::record(
        payment_, {Fact{std::move(fact)}, OperationEscalated{operation_.id, pending.by_hand}},
        moment_.now);
  }

  Decision operator()(const provider::Progressed& progressed) const {
    if (asks_for_late_money()) return nothing_there();
    if (progressed.step > operation_.step) {
      return record(StepCompleted{operation_.id, progressed.step, progressed.provider_payment_id,
                                  report_.exchange, progressed.provider_object});
    }
    return asked_ ? not_executed() : not_understood("The provider repeated a step that was done.");
  }

  Decision operator()(const provider::NotExecuted&) const {
    return asked_ ? not_executed()
                  : not_understood("The provider answered a question that was not asked.");
  }

  Decision operator()(const provider::Unknown& unknown) const {
    // A prompt that has ended and cannot be asked about waits for nobody's action any more: only so
    // do the operators come to see it.
    if (const auto* waiting = std::get_if<AwaitingAction>(&payment_.state);
        waiting != nullptr && !waiting->withdrawable &&
        moment_.now >= action_deadline(*waiting, moment_.policy)) {
      return (*this)(provider::Pending{});
    }
    if (unsent_) return repeat_stays();
    if (!asked_ && operation_.failures == 0 && planted("failover_on_unknown"))
      return failed(true, false, moment_.now, unknown.failure);
    const bool first =
        !asked_ && !unknown_ && operation_.failures + 1 < moment_.policy.attempts_in_request_max;
    // Ask once without delay: most lost answers are found while the client still waits.
    if (first && !unknown.retry_after) return failed(true, true, moment_.now, unknown.failure);
    return failed(!awaiting_, true, next_inquiry(unknown.retry_after), unknown.failure);
  }

 private:
  template <class F>
  Decision record(F fact) const {
    return payment::record(payment_, {Fact{std::move(fact)}}, moment_.now);
  }

  /// Whether the attempt that was given up is only asked about: nothing of it is ever sent again.
  [[nodiscard]] bool asks_for_late_money() const { return late_ && begins_payment(operation_); }

  /// A fence, and what is done about late money, wait for the provider to come back. What it
  /// refuses for good only says that a hold was captured; a return has no other way.
  [[nodiscard]] bool waits_for_provider(const provider::Refused& refused) const {
    if (late_ && operation_.kind == OperationKind::refund) return true;
    return (late_ || std::holds_alternative<Fencing>(payment_.state)) && is_outage(refused);
  }

  /// No money, as of now, of an attempt that was refused: what was known of it holds.
  Decision nothing_there() const {
    provider::Failure failure = operation_.failure.value_or(provider::Failure{
        provider::FailureCode::unknown, "The provider did not process the operation.", {}});
    return record(OperationRefused{
        operation_.id, provider::Refused{std::move(failure), false, false, std::nullopt},
        report_.exchange});
  }

  /// Surely not processed. A scheduled capture that met an outage is put on the schedule again.
  Decision settled(OperationRefused fact) const {
    if (std::holds_alternative<Fencing>(payment_.state))
      return record(FenceFailed{fact.operation, fact.refused.failure, fact.exchange});
    if (!captures_again(payment_, fact, moment_.now)) return record(std::move(fact));
    const Payment after = evolve(payment_, Event{moment_.now, fact});
    return payment::record(payment_, {Fact{std::move(fact)}, next_capture(after, moment_)},
                           moment_.now);
  }

  Decision failed(bool unknown, bool inquire, TimePoint next_at, provider::Failure failure) const {
    return record(AttemptFailed{operation_.id, report_.attempt, unknown, inquire, next_at,
                                std::move(failure), report_.exchange});
  }

  /// The provider could not be asked, or refused a call while an earlier one may have had its
  /// effect.
  Decision ask_later(const provider::Failure& failure,
                     std::optional<std::chrono::seconds> retry_after) const {
    return failed(unknown_ && !awaiting_, true, next_inquiry(retry_after), failure);
  }

  /// Somebody's word made us ask while a repeat waits for its time. Each call before it was
  /// refused, and it is not sent yet: without a definite answer nothing is less certain than it
  /// was.
  Decision repeat_stays() const {
    return failed(false, false, *operation_.next_attempt_at,
                  operation_.failure.value_or(provider::Failure{}));
  }

  /// An answer no adapter should give is no answer.
  Decision not_understood(std::string message) const {
    return (*this)(provider::Unknown{
        {provider::FailureCode::unknown, std::move(message), {}}, false, std::nullopt});
  }

  /// The provider has not executed the step *yet*: a call may still be on its way. Sending it again
  /// is safe because of the key, so it is sent again while the provider surely remembers the key
  /// (`unknown_max`); it stays unknown, so that a refusal of the second call does not hide the
  /// first. Twice that time after the first call nothing can be on its way any more, and the answer
  /// is final.
  Decision not_executed() const {
    provider::Failure failure = operation_.failure.value_or(provider::Failure{
        provider::FailureCode::unknown, "The provider did not process the operation.", {}});
    const Duration age = moment_.now - operation_.step_started_at;
    const Policy& policy = moment_.policy;
    if (unsent_) return repeat_stays();
    if (awaiting_) return ask_later(failure, std::nullopt);
    if (asks_for_late_money() || operation_.unfenced) return nothing_there();
    if (late_ && age >= policy.unknown_max) return ask_later(failure, std::nullopt);
    if (age >= 2 * policy.unknown_max || planted("not_executed_is_failed")) {
      return settled(OperationRefused{
          operation_.id, provider::Refused{std::move(failure), false, false, std::nullopt},
          report_.exchange});
    }
    if (age >= policy.unknown_max)
      return failed(true, true, next_inquiry(std::nullopt), std::move(failure));
    const Duration delay = retry::backoff(operation_.failures + 1, policy.repeat_delay_min,
                                          policy.repeat_delay_max, moment_.roll);
    return failed(true, false, moment_.now + delay, std::move(failure));
  }

  TimePoint next_inquiry(std::optional<std::chrono::seconds> retry_after) const {
    const Policy& policy = moment_.policy;
    const bool late = moment_.now - operation_.started_at >= policy.unknown_max;
    const Duration scheduled =
        late ? retry::jittered(policy.inquiry_delay_max, moment_.roll)
             : retry::inquiry_delay(operation_.inquiries, policy.inquiry_delays,
                                    policy.inquiry_delay_max, moment_.roll);
    // A provider that names a time is heard, but not for longer than our own longest wait.
    const auto least =
        std::min<Duration>(retry_after.value_or(std::chrono::seconds{0}), policy.inquiry_delay_max);
    return moment_.now + std::max(scheduled, least);
  }

  /// What moved must be of the operation's currency and within what was asked for.
  bool plausible(const provider::Approved& approved) const {
    if (operation_.kind == OperationKind::authorize ||
        operation_.kind == OperationKind::void_authorization) {
      return true;  // an adapter names no amount where no money moves
    }
    return approved.amount.currency == operation_.amount.currency && approved.amount.minor > 0 &&
           approved.amount.minor <= operation_.amount.minor;
  }

  const Payment& payment_;
  const Operation& operation_;
  const ProviderAnswered& report_;
  const Moment& moment_;
  bool awaiting_;  // the payer's turn
  bool late_;      // money of an attempt that was given up
  bool asked_;     // the answer is to an inquiry
  bool unsent_;    // asked in between: the call that is owed is not due yet
  bool unknown_;   // an earlier call of this step may have had its effect
};

/// The breaker's state that a call's mark speaks of; empty for a mark that is not known.
std::string_view breaker_state(std::string_view mark) noexcept {
  if (mark == "turned_away" || mark == "opened") return "open";
  if (mark == "probe") return "half_open";
  return mark == "closed" ? "closed" : "";
}

}  // namespace

Decision decide_answer(const Payment& payment, const ProviderAnswered& report,
                       const Moment& moment) {
  const Operation* operation = running(payment);
  // Stale: another operation runs, or this call was answered, or given up as unanswered, before.
  if (operation == nullptr || operation->id != report.operation ||
      operation->attempts != report.attempt)
    return {};
  Decision decision = std::visit(Answer{payment, *operation, report, moment}, report.verdict);
  Payment after = payment;
  for (const Event& event : decision.events) after = evolve(std::move(after), event);
  if (auto called = escalation(after, moment))
    decision.events.push_back(Event{moment.now, std::move(*called)});
  if (const auto state = breaker_state(report.exchange.breaker); !state.empty()) {
    // Before the answer: what is last tells what became of the operation.
    decision.events.insert(
        decision.events.begin(),
        Event{moment.now, BreakerNoticed{operation->id, provider_of(payment, operation->id),
                                         std::string{state}, report.exchange.breaker}});
  }
  return decision;
}

}  // namespace cambist::payment
