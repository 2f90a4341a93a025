// What must hold between any two moments of any life: reports that come again, restarts, timers,
// and the whole stream read back. What holds after each step is in properties_test.cpp.
#include <map>
#include <set>

#include "protocols/payment/codec.hpp"
#include "tests/unit/protocols/payment/lives.hpp"

namespace cambist::payment {
namespace {

/// Lives on, and calls `look` before each moment with the command that is about to be told.
template <class Look>
void live(Story& story, Look look) {
  std::vector<provider::Call> calls;
  const auto keep = [&calls](const std::vector<Effect>& effects) {
    for (const Effect& effect : effects) calls.push_back(std::get<CallProvider>(effect).call);
  };
  RC_ASSERT(story.create().has_value());
  keep(story.effects);
  const int steps = *rc::gen::inRange(1, 50);
  for (int i = 0; i < steps; ++i) {
    const auto command = next_command(story, calls);
    look(command);
    if (!command) {
      keep(owed(story.payment, story.policy, story.now));
    } else if (const auto decision = story.tell(*command)) {
      keep(decision->effects);
    }
  }
}

Story any_story() {
  return Story{*rc::gen::element(CaptureMethod::manual, CaptureMethod::automatic),
               usd(*rc::gen::inRange<std::int64_t>(1, 1'000))};
}

// Networks repeat; nothing may happen twice for it.
RC_GTEST_PROP(PaymentRestartProperties, AReportThatComesAgainChangesNothing, ()) {
  Story story = any_story();
  live(story, [&story](const std::optional<Command>& command) {
    const bool report = command && (std::holds_alternative<ProviderAnswered>(*command) ||
                                    std::holds_alternative<Notified>(*command) ||
                                    std::holds_alternative<ResolveOperation>(*command));
    if (!report) return;
    const auto first = decide(story.payment, *command, story.policy, story.now, story.roll);
    if (!first || first->events.empty()) return;
    Payment after = story.payment;
    for (const Event& event : first->events) after = evolve(after, event);
    const auto second = decide(after, *command, story.policy, story.now, story.roll);
    if (second) RC_ASSERT(second->events.empty());
  });
}

// I7: after a crash, whatever runs is asked about, under the name that the provider knows it by.
RC_GTEST_PROP(PaymentRestartProperties, ARestartOwesTheQuestionAboutWhatRuns, ()) {
  Story story = any_story();
  live(story, [&story](const std::optional<Command>&) {
    const Operation* operation = running(story.payment);
    const auto effects = owed(story.payment, story.policy, story.now);
    if (operation == nullptr) return RC_ASSERT(effects.empty());
    const auto due = wake_at(story.payment, story.policy);
    RC_ASSERT(due.has_value());
    if (story.is<AwaitingAction>() && effects.empty()) {  // it is the payer's turn
      const bool escalates = wake_reason(story.payment, story.policy) == "escalation";
      RC_ASSERT(escalates || *due > story.now);
      return;
    }
    RC_ASSERT(effects.size() == 1U);
    const auto& effect = std::get<CallProvider>(effects.front());
    RC_ASSERT(effect.call.inquiry);
    RC_ASSERT(effect.call.operation == operation->id);
    RC_ASSERT(effect.call.idempotency_key == operation->idempotency_key);
    RC_ASSERT(effect.call.amount == operation->amount);
    RC_ASSERT(effect.not_before >= story.now);
  });
}

// I1: the provider knows two attempts of one operation by the same key, and two operations by two.
RC_GTEST_PROP(PaymentRestartProperties, AnOperationHasOneKeyAndAKeyOneOperation, ()) {
  Story story = any_story();
  live(story, [](const std::optional<Command>&) {});
  std::map<std::string, std::string> operation_of;
  std::set<std::string> started;
  for (const Event& event : story.events) {
    const auto* fact = std::get_if<OperationStarted>(&event.fact);
    if (fact == nullptr) continue;
    const auto id = fact->operation.id.to_string();
    RC_ASSERT(started.insert(id).second);
    RC_ASSERT(!fact->operation.idempotency_key.empty());
    RC_ASSERT(operation_of.emplace(fact->operation.idempotency_key, id).second);
  }
}

// I7: a timer that is due is never an idle one, else the payment would sleep for ever, or never.
RC_GTEST_PROP(PaymentRestartProperties, ATimerThatIsDueHasSomethingToDo, ()) {
  Story story = any_story();
  live(story, [&story](const std::optional<Command>&) {
    const auto due = wake_at(story.payment, story.policy);
    if (!due) return;
    const auto at = std::max(*due, story.now);
    const auto decision = decide(story.payment, TimerFired{}, story.policy, at, story.roll);
    RC_ASSERT(decision.has_value());
    RC_ASSERT(!decision->events.empty() || !decision->effects.empty());
    // And one that is not due yet does nothing.
    const auto early = decide(story.payment, TimerFired{}, story.policy, *due - Duration{1}, 0.5);
    RC_ASSERT(early.has_value() && early->events.empty() && early->effects.empty());
  });
}

// I4, I5: what is stored is the payment. The stream as it is kept gives the state back, and what it
// took is what the provider said it gave.
RC_GTEST_PROP(PaymentRestartProperties, TheStoredStreamIsThePayment, ()) {
  Story story = any_story();
  live(story, [](const std::optional<Command>&) {});
  Payment read;
  std::int64_t approved_total = 0;
  std::map<OperationId, provider::OperationKind> kinds;
  for (const Event& event : story.events) {
    const auto encoded = encode(event.fact);
    const auto fact = decode(encoded.type, encoded.version, encoded.json);
    RC_ASSERT(fact.has_value());
    read = evolve(std::move(read), Event{event.at, *fact});
    if (const auto* started = std::get_if<OperationStarted>(&*fact))
      kinds[started->operation.id] = started->operation.kind;
    if (const auto* approved = std::get_if<OperationApproved>(&*fact)) {
      const auto kind = kinds.at(approved->operation);
      if (kind == provider::OperationKind::charge || kind == provider::OperationKind::capture)
        approved_total += approved->approved.amount.minor;
    }
    if (const auto* seen = std::get_if<CapturedAtProvider>(&*fact))
      approved_total = std::max(approved_total, seen->total.minor);
  }
  RC_ASSERT(read == story.payment);
  RC_ASSERT(read.version == story.events.size());
  RC_ASSERT(captured(read).minor <= approved_total);
}

}  // namespace
}  // namespace cambist::payment
