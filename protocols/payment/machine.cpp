#include "protocols/payment/machine.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "protocols/core/overloaded.hpp"
#include "protocols/payment/decide.hpp"

namespace cambist::payment {

namespace {

/// Once nothing else runs, or the payer has the turn, late money is seen to in the same step.
void follow_up(const Payment& before, Decision& decision, const Moment& moment) {
  const bool told = std::any_of(decision.events.begin(), decision.events.end(), [](const Event& e) {
    return std::holds_alternative<LateSuccess>(e.fact);
  });
  if (decision.events.empty() || (before.late.empty() && !told)) return;
  Payment after = before;
  for (const Event& event : decision.events) after = evolve(std::move(after), event);
  const bool turn_of_payer = std::holds_alternative<AwaitingAction>(after.state);
  if (running(after) != nullptr && !turn_of_payer) return;
  Decision more = compensate(after, moment);
  if (more.events.empty()) return;
  std::move(more.events.begin(), more.events.end(), std::back_inserter(decision.events));
  // What was to be asked meanwhile is asked when that is done: its timer is durable.
  decision.effects = std::move(more.effects);
}

}  // namespace

Result<Decision> decide(const Payment& payment, const Command& command, const Policy& policy,
                        TimePoint now, double roll) {
  const Moment moment{policy, now, roll};
  using Outcome = Result<Decision>;
  Outcome outcome = std::visit(
      Overloaded{
          [&](const Create& c) -> Outcome { return decide_create(payment, c, moment); },
          [&](const Capture& c) -> Outcome { return decide_capture(payment, c, moment); },
          [&](const Cancel& c) -> Outcome { return decide_cancel(payment, c, moment); },
          [&](const Refund& c) -> Outcome { return decide_refund(payment, c, moment); },
          [&](const Confirm&) -> Outcome { return decide_confirm(payment, moment); },
          [&](const ProviderAnswered& r) -> Outcome { return decide_answer(payment, r, moment); },
          [&](const TimerFired&) -> Outcome { return decide_timer(payment, moment); },
          [&](const Notified& n) -> Outcome { return decide_notice(payment, n, moment); },
          [&](const ScheduleCapture& c) -> Outcome { return decide_schedule(payment, c, moment); },
          [&](const ResolveOperation& c) -> Outcome {
            return decide_resolution(payment, c, moment);
          },
          [&](const ResolveAttention& c) -> Outcome {
            return decide_resolution(payment, c, moment);
          },
      },
      command);
  if (outcome) follow_up(payment, *outcome, moment);
  return outcome;
}

namespace {

/// `facts` as events at `now`, and the payment they lead to.
Payment fold(const Payment& before, std::vector<Fact> facts, TimePoint now, Decision& decision) {
  Payment after = before;
  for (Fact& fact : facts) {
    decision.events.push_back(Event{now, std::move(fact)});
    after = evolve(std::move(after), decision.events.back());
  }
  return after;
}

}  // namespace

Decision record(const Payment& before, std::vector<Fact> facts, TimePoint now) {
  Decision decision;
  const Payment after = fold(before, std::move(facts), now, decision);
  const Operation* operation = running(after);
  if (operation == nullptr) return decision;
  if (std::holds_alternative<AwaitingAction>(after.state)) {
    // The payer's turn, unless the state says that the provider is to be asked now.
    if (operation->next_attempt_at && *operation->next_attempt_at <= now) {
      decision.effects.emplace_back(inquiry(after, *operation, now));
    }
    return decision;
  }
  decision.effects.emplace_back(
      CallProvider{call_for(after, *operation), operation->next_attempt_at.value_or(now)});
  return decision;
}

Decision record_beside(const Payment& before, std::vector<Fact> facts, TimePoint now) {
  Decision decision;
  const Payment after = fold(before, std::move(facts), now, decision);
  const Operation* operation = running(after);
  if (operation == nullptr || !operation->next_attempt_at) return decision;
  // What was to come still comes; what is under way is not begun a second time.
  const bool to_come = operation->inquire || *operation->next_attempt_at > now;
  if (to_come) {
    decision.effects.emplace_back(
        CallProvider{call_for(after, *operation), *operation->next_attempt_at});
  }
  return decision;
}

}  // namespace cambist::payment
