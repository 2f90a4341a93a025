// Random lives of a payment: clients who ask for anything, providers who answer anything, answers
// that come twice, late or never, restarts between any two steps. What must always hold is checked
// after each step.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "protocols/payment/codec.hpp"
#include "tests/unit/protocols/payment/lives.hpp"

namespace cambist::payment {
namespace {

/// A story under watch.
struct Watched {
  Story story;
  std::vector<provider::Call> calls;  // every call that was ever given, for answers that come late
  std::map<std::string, Operation> settled;

  void tell(const Command& command) {
    const Payment before = story.payment;
    const auto first = decide(before, command, story.policy, story.now, story.roll);
    const auto second = decide(before, command, story.policy, story.now, story.roll);
    RC_ASSERT(first.has_value() == second.has_value());
    if (!first) {
      RC_ASSERT(first.error() == second.error());
      return;
    }
    RC_ASSERT(first->events == second->events);  // the same question has the same answer
    Payment folded = before;
    Payment reread = before;
    for (const Event& event : first->events) {
      check_postings(folded, event);
      folded = evolve(folded, event);
      const auto encoded = encode(event.fact);
      const auto decoded = decode(encoded.type, encoded.version, encoded.json);
      RC_ASSERT(decoded.has_value());
      reread = evolve(reread, Event{event.at, *decoded});
    }
    RC_ASSERT(folded == reread);  // what was written is what is read
    check_transition(before, folded, *first);
    RC_ASSERT(story.tell(command).has_value());
    RC_ASSERT(story.payment == folded);
    for (const Effect& effect : first->effects) remember(std::get<CallProvider>(effect));
    check_state();
  }

  void remember(const CallProvider& effect) {
    const Operation* operation = running(story.payment);
    RC_ASSERT(operation != nullptr);
    RC_ASSERT(effect.call.operation == operation->id);
    RC_ASSERT(effect.call.idempotency_key == operation->idempotency_key);
    RC_ASSERT(effect.call.attempt == operation->attempts);
    calls.push_back(effect.call);
  }

  void check_postings(const Payment& before, const Event& event) {
    std::map<std::string_view, std::int64_t> sums;
    for (const Posting& posting : postings(before, event))
      sums[posting.amount.currency.code()] += posting.amount.minor;
    for (const auto& [currency, sum] : sums) RC_ASSERT(sum == 0);
  }

  void check_transition(const Payment& before, const Payment& after, const Decision& decision) {
    RC_ASSERT(after.version == before.version + decision.events.size());
    // A refunded payment can still be disputed, and a refund can fail; these are the end.
    const bool ended = std::holds_alternative<Voided>(before.state) ||
                       std::holds_alternative<Failed>(before.state) ||
                       std::holds_alternative<Expired>(before.state);
    // Money may still come to it by itself; that is recorded, and leaves it what it is.
    if (ended) RC_ASSERT(status_of(after) == status_of(before));
    // Captured money stays captured; what is settled is never touched again. What is refunded only
    // shrinks when a refund failed after all.
    RC_ASSERT(captured(after).minor >= captured(before).minor);
    const bool reversed = std::any_of(
        decision.events.begin(), decision.events.end(),
        [](const Event& event) { return std::holds_alternative<RefundReversed>(event.fact); });
    RC_ASSERT(reversed || refunded(after).minor >= refunded(before).minor);
    RC_ASSERT(before.disputes.size() <= after.disputes.size());
    for (std::size_t i = 0; i < before.disputes.size(); ++i)
      RC_ASSERT(before.disputes[i].status <= after.disputes[i].status ||
                (before.disputes[i].inquiry && !after.disputes[i].inquiry));
    RC_ASSERT(after.history.size() >= before.history.size());
    for (std::size_t i = 0; i < before.history.size(); ++i)
      RC_ASSERT(after.history[i] == before.history[i]);
    // One operation at a time: a new one starts only when none runs, or when the payer's turn is
    // given up.
    for (const Event& event : decision.events) {
      if (!std::holds_alternative<OperationStarted>(event.fact)) continue;
      RC_ASSERT(running(before) == nullptr || std::holds_alternative<AwaitingAction>(before.state));
      const OperationId id = std::get<OperationStarted>(event.fact).operation.id;
      for (const Operation& earlier : before.history) RC_ASSERT(earlier.id != id);
    }
    // A call that does something leaves only when it is new, goes a step on, or repeats with the
    // same key.
    RC_ASSERT(decision.effects.size() <= 1U);
    const Operation* operation = running(before);
    for (const Effect& effect : decision.effects) {
      const auto& call = std::get<CallProvider>(effect).call;
      if (call.inquiry || operation == nullptr || operation->id != call.operation) continue;
      RC_ASSERT(call.idempotency_key == operation->idempotency_key);
      RC_ASSERT(!decision.events.empty());
    }
  }

  void check_state() {
    const Payment& payment = story.payment;
    const std::int64_t amount = payment.details.amount.minor;
    RC_ASSERT(captured(payment).minor <= amount);
    RC_ASSERT(refunded(payment).minor <= captured(payment).minor);
    RC_ASSERT(refunded(payment).minor >= 0);
    RC_ASSERT(capturable(payment).minor >= 0);
    // The books say what the state says.
    const bool held = story.is<Authorized>() || story.is<Capturing>() ||
                      (story.is<Voiding>() && !story.state<Voiding>().awaiting);
    RC_ASSERT(story.balance("customer:held") == (held ? captured(payment).minor - amount : 0));
    RC_ASSERT(story.balance("provider:stripe:held") == -story.balance("customer:held"));
    std::int64_t lost = 0;
    for (const Dispute& dispute : payment.disputes) {
      RC_ASSERT(dispute.posted.minor >= 0);
      if (dispute.status == provider::DisputeStatus::lost) lost += dispute.posted.minor;
    }
    const std::int64_t open = disputed(payment).minor - lost;
    RC_ASSERT(refunded(payment).minor + disputed(payment).minor <= captured(payment).minor);
    RC_ASSERT(story.balance("merchant:disputed") == open);
    RC_ASSERT(story.balance("merchant:payable") ==
              refunded(payment).minor + lost - captured(payment).minor);
    RC_ASSERT(story.balance("provider:stripe:receivable") ==
              -story.balance("merchant:payable") - story.balance("merchant:disputed") -
                  story.balance("customer:unapplied"));
    RC_ASSERT(story.balance("customer:unapplied") == -unapplied(payment).minor);
    // A schedule lives only while the whole authorization is to be captured.
    if (payment.capture_at) {
      RC_ASSERT(payment.details.capture == CaptureMethod::manual);
      RC_ASSERT(captured(payment).minor == 0 && !is_terminal(payment));
    }
    // Nothing that runs is without a deadline.
    if (running(payment) != nullptr) RC_ASSERT(wake_at(payment, story.policy).has_value());
    if (is_terminal(payment)) RC_ASSERT(!wake_at(payment, story.policy).has_value());
    RC_ASSERT(wake_at(payment, story.policy).has_value() ==
              !wake_reason(payment, story.policy).empty());
    // An unknown operation is asked about, or repeated with its key; it never settles by itself.
    if (const Operation* operation = running(payment)) {
      RC_ASSERT(operation->status == OperationStatus::pending ||
                operation->status == OperationStatus::unknown);
      RC_ASSERT(operation->idempotency_key ==
                payment.id.to_string() + ":" + operation->id.to_string());
    }
    for (const Operation& operation : payment.history) {
      RC_ASSERT(operation.status != OperationStatus::pending &&
                operation.status != OperationStatus::unknown);
    }
  }

  void step() {
    if (const auto command = next_command(story, calls)) return tell(*command);
    for (const Effect& effect : owed(story.payment, story.policy, story.now)) {
      RC_ASSERT(std::get<CallProvider>(effect).call.inquiry);
      remember(std::get<CallProvider>(effect));
    }
  }
};

RC_GTEST_PROP(PaymentProperties, HoldOverEveryLife, ()) {
  Watched watched{Story{*rc::gen::element(CaptureMethod::manual, CaptureMethod::automatic),
                        usd(*rc::gen::inRange<std::int64_t>(1, 1'000))},
                  {},
                  {}};
  watched.tell(Create{watched.story.next_id<PaymentId>(), default_tenant(), watched.story.details,
                      watched.story.operation_id()});
  const int steps = *rc::gen::inRange(1, 60);
  for (int i = 0; i < steps; ++i) watched.step();
}

/// A provider with a memory: it executes each key at most once, loses answers, and refuses when it
/// is down. Calls may also arrive late. What it has executed is the truth that the payment must
/// come to.
class Witness {
 public:
  provider::Verdict handle(const provider::Call& call) {
    const int fault = *rc::gen::inRange(0, 8);
    if (fault == 0) return refused(true);  // circuit open, connect refused: surely not sent
    if (call.inquiry) {
      if (fault == 1) return unknown();
      return executed_.contains(call.idempotency_key) ? result(call)
                                                      : provider::Verdict{provider::NotExecuted{}};
    }
    if (fault == 1) return unknown();                         // lost on the way there
    if (fault == 2) return late_.push_back(call), unknown();  // it will arrive later
    if (fault == 3) return refused(false);                    // refused without looking
    execute(call);
    if (fault == 4) return unknown();  // executed, and the answer lost
    return result(call);
  }
  void let_one_arrive() {
    if (late_.empty()) return;
    execute(late_.back());
    late_.pop_back();
  }
  void let_all_arrive() {
    while (!late_.empty()) let_one_arrive();
  }
  [[nodiscard]] std::int64_t moved(provider::OperationKind kind) const {
    std::int64_t sum = 0;
    for (const auto& [key, call] : executed_) sum += call.kind == kind ? call.amount.minor : 0;
    return sum;
  }
  [[nodiscard]] bool has(const std::string& key) const { return executed_.contains(key); }

 private:
  void execute(const provider::Call& call) { executed_.emplace(call.idempotency_key, call); }
  static provider::Verdict result(const provider::Call& call) { return approved(call.amount); }

  std::map<std::string, provider::Call> executed_;
  std::vector<provider::Call> late_;
};

RC_GTEST_PROP(PaymentProperties, TheProvidersBooksAndOursAgreeInTheEnd, ()) {
  Story story{CaptureMethod::automatic, usd(1'000)};
  Witness witness;
  RC_ASSERT(story.create().has_value());
  const int steps = *rc::gen::inRange(1, 40);
  for (int i = 0; i < steps; ++i) {
    story.roll = *rc::gen::inRange(0, 1'000'000) / 1e6;
    switch (*rc::gen::inRange(0, 6)) {
      case 0:
        witness.let_one_arrive();
        break;
      case 1:
        (void)story.refund(usd(*rc::gen::inRange<std::int64_t>(1, 600)));
        break;
      case 2:
        story.effects = owed(story.payment, story.policy, story.now);
        break;  // crash and restart
      case 3:   // nobody answers in time
        story.now = wake_at(story.payment, story.policy).value_or(story.now);
        if (const auto fired = story.fire(); fired && !fired->effects.empty())
          story.effects = fired->effects;
        break;
      default:
        if (story.effects.empty()) break;
        story.now = std::max(story.now, story.call_at());
        RC_ASSERT(story.answer(witness.handle(story.call())).has_value());
    }
    // No refusal, however it came about, may hide an effect.
    for (const Operation& operation : story.payment.history) {
      if (operation.status == OperationStatus::refused)
        RC_ASSERT(!witness.has(operation.idempotency_key));
    }
  }
  // Everything arrives in the end, and the provider answers: what is open is settled as it was
  // executed.
  witness.let_all_arrive();
  for (int i = 0; i < 200 && running(story.payment) != nullptr; ++i) {
    story.effects = owed(story.payment, story.policy, story.now);
    story.now = std::max(story.now, story.call_at());
    RC_ASSERT(story.answer(witness.handle(story.call())).has_value());
    if (running(story.payment) != nullptr && !story.effects.empty() && !story.call().inquiry) {
      story.now = std::max(story.now, story.call_at());
      RC_ASSERT(story.answer(witness.handle(story.call())).has_value());
      witness.let_all_arrive();
    }
    if (story.now > from_micros(to_micros(story.payment.created_at)) + std::chrono::hours{20})
      break;
  }
  witness.let_all_arrive();
  for (const Operation& operation : story.payment.history) {
    RC_ASSERT((operation.status == OperationStatus::succeeded) ==
              witness.has(operation.idempotency_key));
  }
  if (running(story.payment) == nullptr) {
    RC_ASSERT(captured(story.payment).minor == witness.moved(provider::OperationKind::charge));
    RC_ASSERT(refunded(story.payment).minor == witness.moved(provider::OperationKind::refund));
  }
  RC_CLASSIFY(running(story.payment) == nullptr, "settled");
}

}  // namespace
}  // namespace cambist::payment
