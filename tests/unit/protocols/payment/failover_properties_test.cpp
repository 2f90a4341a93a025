// A payment among several providers that refuse, fall silent, answer late, and once in a while have
// taken money after all: wherever it goes, money is at one provider in the end.
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "protocols/payment/codec.hpp"
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using provider::OperationKind;

/// The providers' own books. `lies`: they may take the money and say that they did not.
class World {
 public:
  explicit World(bool lies) : lies_(lies) {}

  provider::Verdict handle(const std::string& name, const provider::Call& call, bool calm) {
    Books& books = books_[name];
    const int fault = calm ? 9 : *rc::gen::inRange(0, 10);
    if (call.inquiry) return fault == 0 ? provider::Verdict{unknown()} : told(books, call);
    switch (fault) {
      case 0:
        return unknown();
      case 1:
        return execute(books, call), unknown();
      case 2:
        return refused(false);
      case 3:
        return refused(true);
      case 4:
        return lies_ && first(call) ? (execute(books, call), refused(false)) : refused(false);
      case 5:
        if (first(call) && call.step == 0) return provider::Progressed{"pi_of_" + name, 1};
        return refused(false);
      default:
        return execute(books, call), told(books, call);
    }
  }

  /// The providers where the payer's money is.
  [[nodiscard]] std::set<std::string> holders() const {
    std::set<std::string> names;
    for (const auto& [name, books] : books_) {
      if (books.taken && !books.returned) names.insert(name);
    }
    return names;
  }

 private:
  struct Books {
    std::set<std::string> done{};  // keys
    bool taken = false;
    bool returned = false;
    bool closed = false;  // made void before anything was taken
  };

  static bool first(const provider::Call& call) {
    return call.kind == OperationKind::authorize || call.kind == OperationKind::charge;
  }

  static void execute(Books& books, const provider::Call& call) {
    if (first(call)) {
      if (books.closed) return;
      books.taken = true;
      books.done.insert(call.idempotency_key);
    } else if (call.kind == OperationKind::void_authorization) {
      // A charge cannot be made void once it has gone through.
      if (books.taken) return;
      books.closed = true;
      books.done.insert(call.idempotency_key);
    } else if (call.kind == OperationKind::refund && books.taken) {
      books.returned = true;
      books.done.insert(call.idempotency_key);
    }
  }

  static provider::Verdict told(const Books& books, const provider::Call& call) {
    if (books.done.contains(call.idempotency_key)) return approved(call.amount);
    if (call.kind == OperationKind::void_authorization && books.taken) return declined();
    return provider::NotExecuted{};
  }

  bool lies_;
  std::map<std::string, Books> books_{};
};

/// What was written is what is read, and leads to the same payment.
void check_replay(const Story& story) {
  Payment payment;
  for (const Event& event : story.events) {
    const auto encoded = encode(event.fact);
    const auto decoded = decode(encoded.type, encoded.version, encoded.json);
    RC_ASSERT(decoded.has_value());
    payment = evolve(std::move(payment), Event{event.at, *decoded});
  }
  RC_ASSERT(payment == story.payment);
}

void check_ids(const Story& story) {
  std::set<std::string> started;
  for (const Event& event : story.events) {
    OperationId id;
    if (const auto* f = std::get_if<OperationStarted>(&event.fact)) id = f->operation.id;
    if (const auto* f = std::get_if<AttemptFenced>(&event.fact)) id = f->fence.id;
    if (const auto* f = std::get_if<FailedOver>(&event.fact)) id = f->next.id;
    if (const auto* f = std::get_if<CompensationStarted>(&event.fact);
        f != nullptr && !begins_payment(f->operation))
      id = f->operation.id;
    if (!id.empty()) RC_ASSERT(started.insert(id.to_string()).second);
  }
}

/// One call, or what time brings.
void step(Story& story, World& world, bool calm) {
  if (!story.effects.empty()) {
    const provider::Call call = story.call();
    story.now = std::max(story.now, story.call_at());
    const std::string name = provider_of(story.payment, call.operation);
    const std::size_t before = story.events.size();
    RC_ASSERT(story.answer(world.handle(name, call, calm)).has_value());
    RC_ASSERT(story.events.size() > before);
    return;
  }
  const auto at = wake_at(story.payment, story.policy);
  if (!at) return;
  story.now = std::max(story.now, *at);
  const auto decided = story.fire();
  RC_ASSERT(decided.has_value());
  if (decided->events.empty()) story.effects = decided->effects;
}

void play(Story& story, World& world) {
  RC_ASSERT(story.create().has_value());
  const int steps = *rc::gen::inRange(1, 30);
  for (int i = 0; i < steps; ++i) {
    step(story, world, false);
    if (const Operation* operation = running(story.payment)) {
      RC_ASSERT(!operation->provider.empty());
      RC_ASSERT(wake_at(story.payment, story.policy).has_value());
    }
  }
  for (int i = 0; i < 60 && running(story.payment) != nullptr; ++i) step(story, world, true);
  RC_ASSERT(running(story.payment) == nullptr);
}

Story story_of_three() {
  Story story{CaptureMethod::automatic};
  story.details.alternatives = {"paypal", "mpesa"};
  return story;
}

RC_GTEST_PROP(FailoverProperties, MoneyIsAtOneProviderAndThePaymentKnowsWhich, ()) {
  Story story = story_of_three();
  World world{false};
  play(story, world);
  const auto holders = world.holders();
  RC_ASSERT(holders.size() <= 1U);
  RC_ASSERT((story.status() == Status::captured) == !holders.empty());
  if (!holders.empty()) RC_ASSERT(*holders.begin() == story.payment.provider);
  check_replay(story);
  check_ids(story);
}

RC_GTEST_PROP(FailoverProperties, MoneyOfAProviderThatLiedGoesBackOnceItTells, ()) {
  Story story = story_of_three();
  World world{true};
  play(story, world);
  for (const std::string& name : world.holders()) {
    if (name == story.payment.provider) continue;
    RC_ASSERT(story.hear_from(name, provider::CaptureSeen{story.details.amount}).has_value());
    for (int i = 0; i < 60 && running(story.payment) != nullptr; ++i) step(story, world, i > 5);
  }
  for (const std::string& name : world.holders()) RC_ASSERT(name == story.payment.provider);
  check_replay(story);
  check_ids(story);
}

}  // namespace
}  // namespace cambist::payment
