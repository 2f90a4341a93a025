// What clients see of the real actors is what the history's judge believes: clients who repeat
// themselves, change their minds and go away, a provider and a store that fail, and crashes between
// any two steps.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/actor_world.hpp"
#include "tests/support/history.hpp"

namespace cambist::test {
namespace {

using payment::CaptureMethod;

constexpr Fault faults[] = {
    Fault::none,     Fault::none,    Fault::none,        Fault::none,       Fault::decline,
    Fault::outage,   Fault::reject,  Fault::lost_before, Fault::lost_after, Fault::error_after,
    Fault::not_sent, Fault::pending, Fault::action,      Fault::garbage};

/// Clients who write down all that they do and see.
class Clients {
 public:
  explicit Clients(std::uint64_t seed)
      : world_(seed, [](actors::RuntimeParams& params) {
          params.idle_max = std::chrono::seconds{2};
          params.policy.call_grace = std::chrono::seconds{5};
          params.providers["stub"].breaker.consecutive_failures_max = 1'000;
          params.providers["stub"].breaker.window_failure_ratio = 2.0;
        }) {}

  void play() {
    for (int i = 0; i < 80; ++i) {
      do_something();
      for (auto steps = roll(40); steps > 0; --steps) {
        if (!step()) pass(std::chrono::milliseconds{roll(400)});
      }
    }
    world_.wire->usual = Fault::none;
    pass(std::chrono::minutes{30});
    for (const auto& id : ids_) read(id);
  }

  [[nodiscard]] std::vector<Violation> judged() {
    std::vector<Violation> found;
    judge_history(calls_, read_books(*world_.memory), found);
    return found;
  }
  [[nodiscard]] const std::vector<ClientCall>& calls() const { return calls_; }

 private:
  struct Open {
    std::size_t call = 0;
    AskedPtr asked;
  };

  std::uint64_t roll(std::uint64_t below) { return world_.rng() % below; }

  bool step() {
    const bool stepped = world_.step();
    look();
    return stepped;
  }
  void pass(std::chrono::milliseconds time) {
    // In slices, so that what is answered is seen before the next thing is asked.
    world_.pass(time);
    look();
  }

  void do_something() {
    world_.wire->script.assign(1, faults[roll(std::size(faults))]);
    switch (roll(12)) {
      case 0:
      case 1:
      case 2:
        return create(i_++);
      case 3:
        return i_ > 0 ? create(static_cast<int>(roll(static_cast<std::uint64_t>(i_)))) : void();
      case 4:
        world_.crash();
        look();
        return world_.start();
      case 5:
        if (roll(3) == 0) world_.faults->refuse_appends = 1;
        if (roll(3) == 0) world_.faults->forget_appends = 1;
        return;
      case 6:
        return world_.wire->act();
      default:
        return ids_.empty() ? void() : later(ids_[roll(ids_.size())]);
    }
  }

  /// The request is the number: asked again, it is the same.
  void create(int number) {
    payment::Create command;
    command.id = PaymentId::make(world_.now(), [this] { return world_.rng(); });
    command.tenant = default_tenant();
    command.operation = OperationId::make(world_.now(), [this] { return world_.rng(); });
    command.details.amount = {10'000 + number, Currency::parse("USD").value()};
    command.details.capture = number % 3 == 0 ? CaptureMethod::automatic : CaptureMethod::manual;
    command.details.provider = "stub";
    command.details.method = {"card", "tok", {}};
    const std::string key = number % 4 == 0 ? "" : "create-" + std::to_string(number);
    ids_.push_back(command.id.to_string());
    ask(ids_.back(), "create", command, key, "create " + std::to_string(number));
  }

  void later(const std::string& id) {
    const auto which = roll(5);
    const auto minor = static_cast<std::int64_t>(1'000 * (1 + roll(4)));
    const auto amount = roll(2) == 0 ? std::nullopt : std::optional{minor};
    const std::string text = std::to_string(which) + id + std::to_string(amount.value_or(0));
    std::string key = roll(2) == 0 ? "" : "key-" + text;
    if (roll(20) == 0) key = "key-of-all";  // somebody else's
    switch (which) {
      case 0:
        return ask(id, "capture", world_.capture(amount), key, text);
      case 1:
        return ask(id, "refund", world_.refund(amount), key, text);
      case 2:
        return ask(id, "cancel", world_.cancel(), key, text);
      case 3:
        return ask(id, "confirm", payment::Confirm{}, key, text);
      default:
        return read(id);
    }
  }

  ClientCall& begin(const std::string& id, const std::string& kind) {
    ClientCall call;
    call.payment = id;
    call.kind = kind;
    call.request_id = "req_" + std::to_string(calls_.size());
    call.asked = ++position_;
    call.asked_at = world_.now();
    calls_.push_back(std::move(call));
    return calls_.back();
  }

  void ask(const std::string& id, const std::string& kind, payment::Command command,
           const std::string& key, const std::string& fingerprint) {
    ClientCall& call = begin(id, kind);
    call.command = command;
    call.key = key;
    call.fingerprint = sha256(fingerprint);
    auto asked = world_.perform(PaymentId::parse(id).value(), std::move(command), key, fingerprint,
                                default_tenant(), call.request_id);
    if (roll(8) != 0) open_.push_back({calls_.size() - 1, std::move(asked)});
  }

  void read(const std::string& id) {
    ClientCall& call = begin(id, "read");
    const auto row = world_.reader().payment(default_tenant(), PaymentId::parse(id).value());
    ASSERT_TRUE(row.has_value());
    call.status = *row ? 200 : 404;
    if (*row) call.body = (*row)->json;
    call.answered = ++position_;
    call.answered_at = world_.now();
  }

  void look() {
    std::erase_if(open_, [this](const Open& one) {
      if (one.asked->count() == 0) return false;
      ClientCall& call = calls_[one.call];
      if (one.asked->answers.empty()) return true;  // died with the process
      const actors::Reply& reply = one.asked->answers.front();
      call.status = reply.status;
      call.body = reply.body;
      call.replayed = reply.replayed;
      call.answered = ++position_;
      call.answered_at = world_.now();
      return true;
    });
  }

  ActorWorld world_;
  std::vector<ClientCall> calls_;
  std::vector<Open> open_;
  std::vector<std::string> ids_;
  std::uint64_t position_ = 0;
  int i_ = 0;
};

TEST(ClientHistory, OfTheRealActorsIsBelievedThroughFaultsAndCrashes) {
  std::map<std::string, int> seen;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Clients clients{seed};
    clients.play();
    std::string all;
    for (const auto& one : clients.judged()) all += to_string(one) + "\n";
    ASSERT_EQ(all, "") << "seed " << seed;
    for (const auto& call : clients.calls())
      ++seen[call.kind + " " + std::to_string(call.status) + (call.replayed ? " again" : "")];
  }
  // What a judge never saw it has not judged.
  for (const char* kind :
       {"create 201", "create 201 again", "create 202", "create 402", "create 409", "create 503",
        "capture 200", "capture 409", "capture 422", "refund 200", "refund 422", "cancel 200",
        "confirm 200", "read 200", "read 404"})
    EXPECT_GT(seen[kind], 0) << kind;
}

}  // namespace
}  // namespace cambist::test
