// What clients' commands did: an accepted one began exactly one operation, in its turn and where
// the machine allows it; a refused one began none, and the machine refuses it too.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "protocols/api/keys.hpp"
#include "tests/support/history_index.hpp"

namespace cambist::test::history {
namespace {

using payment::OperationStatus;
using provider::OperationKind;

/// Whether `begun` is what the command asks for.
bool fits(const ClientCall& call, const Begun& begun) {
  const auto kind = begun.operation.kind;
  const auto amount_is = [&](const std::optional<Money>& asked) {
    return !asked || *asked == begun.operation.amount;
  };
  if (call.kind == "confirm") return begun.confirm;
  if (begun.confirm) return false;
  if (call.kind == "create") {
    const auto* create = call.command ? std::get_if<payment::Create>(&*call.command) : nullptr;
    return (kind == OperationKind::authorize || kind == OperationKind::charge) &&
           (create == nullptr || amount_is(create->details.amount));
  }
  if (call.kind == "capture") {
    const auto* capture = call.command ? std::get_if<payment::Capture>(&*call.command) : nullptr;
    return kind == OperationKind::capture && (capture == nullptr || amount_is(capture->amount));
  }
  if (call.kind == "refund") {
    const auto* refund = call.command ? std::get_if<payment::Refund>(&*call.command) : nullptr;
    return kind == OperationKind::refund && (refund == nullptr || amount_is(refund->amount));
  }
  return call.kind == "cancel" && kind == OperationKind::void_authorization;
}

/// The operation that tells how `begun` came out: of a create, the one at the provider that took
/// over last.
OperationId told_by(const Begun& begun, const payment::Payment& shown) {
  OperationId last = begun.operation.id;
  if (!payment::begins_payment(begun.operation)) return last;
  for (const auto& operation : shown.history) {
    if (payment::begins_payment(operation)) last = operation.id;
  }
  const auto* running = payment::running(shown);
  return running != nullptr && payment::begins_payment(*running) ? running->id : last;
}

/// What the answer says of the operation, at a version that it showed.
bool outcome_fits(const ClientCall& call, const Begun& begun, std::uint64_t version) {
  const payment::Payment& shown = begun.life->versions.at(version);
  if (call.status == 202) return true;
  const bool waits = std::holds_alternative<payment::AwaitingAction>(shown.state);
  const OperationId told = told_by(begun, shown);
  if (const auto* running = payment::running(shown); running != nullptr && running->id == told)
    return waits && call.status < 300;
  for (const auto& operation : shown.history) {
    if (operation.id != told) continue;
    if (call.status < 300) return operation.status == OperationStatus::succeeded;
    if (call.status == 402) return operation.status == OperationStatus::declined;
    return operation.status == OperationStatus::refused;
  }
  return false;
}

class Commands {
 public:
  Commands(const Index& index, const HistoryRules& rules, std::vector<Violation>& found)
      : index_(index), rules_(rules), found_(found) {}

  void run() {
    for (std::size_t i = 0; i < index_.calls().size(); ++i) {
      const ClientCall& call = index_.calls()[i];
      if (!call.answered || !begins_something(call)) continue;
      if (!index_.sight(i).json.empty()) {
        accepted(call, index_.sight(i));
      } else {
        refused(call);
      }
    }
    once_for_each_request();
  }

 private:
  void say(const char* invariant, const std::string& payment, std::string what) {
    found_.push_back({invariant, payment, std::move(what)});
  }

  /// The operations that may be the call's, by what is surest.
  std::vector<const Begun*> candidates(const ClientCall& call) const {
    std::string key = call.key;
    if (const auto* create = call.command ? std::get_if<payment::Create>(&*call.command) : nullptr;
        create != nullptr && key.empty() && !create->details.reference.empty())
      key = api::derived_key(create->tenant, "create", create->details.reference);
    auto all = index_.begun_with_key(key);
    for (const auto* one : index_.begun_by_request(call.request_id)) all.push_back(one);
    if (!all.empty() || !call.key.empty() || !call.request_id.empty()) return all;
    for (const auto& one : index_.begun()) {
      const bool within = call.answered_at == TimePoint{} ||
                          (call.asked_at <= one.at && one.at <= call.answered_at);
      if (within) all.push_back(&one);
    }
    return all;
  }

  /// Told of its payment, whatever came of it.
  void accepted(const ClientCall& call, const Sight& sight) {
    if (!sight.span) return;  // said already
    const Begun* begun = nullptr;
    bool another = false;
    for (const auto* one : candidates(call)) {
      if (one->payment != sight.payment || !fits(call, *one)) {
        another = true;
      } else if (begun == nullptr || one->version <= sight.span->last) {
        begun = one;
      }
    }
    const std::string name = name_of(call) + " was answered " + std::to_string(call.status);
    if (begun == nullptr) {
      const bool perhaps = call.status == 202 && call.kind != "create" && !rules_.taken_on_202;
      if (!perhaps)
        say("I2", sight.payment,
            name + (another ? ", and began something else" : ", and began nothing"));
      return;
    }
    if (begun->version > sight.span->last)
      say("I2", sight.payment, name + " with a version before it began");
    if (begun->version <= index_.seen_before(sight.payment, first_asked(call)))
      say("I5", sight.payment, name + ", and what it began had been seen before it was asked");
    if (!outcome_fits(call, *begun, sight.span->first) &&
        !outcome_fits(call, *begun, sight.span->last))
      say("I2", sight.payment, name + ", which is not how it ended");
    if (!call.command) return;
    const auto& before = begun->life->versions.at(begun->before);
    const auto decided = payment::decide(before, *call.command, rules_.policy, begun->at, roll);
    if (!decided)
      say("I5", sight.payment, name + ", where the machine refuses it: " + decided.error().detail);
  }

  /// Of all attempts with its key, the first.
  std::uint64_t first_asked(const ClientCall& call) const {
    const auto same = index_.by_key().find(call.key);
    return same == index_.by_key().end() ? call.asked : same->second.front()->asked;
  }

  void refused(const ClientCall& call) {
    const auto code = code_of(call);
    const bool surely = (call.status >= 400 && call.status < 500) || code == "overloaded";
    if (!surely) return;  // 503 and 504: it may have been taken
    if (index_.calls_with_request(call.request_id) == 1) {
      for (const auto* one : index_.begun_by_request(call.request_id)) {
        say(code == "idempotency_key_reused" ? "I8" : "I5", one->payment,
            name_of(call) + " was refused (" + code + ") and began something");
      }
    }
    explain(call, code);
  }

  void explain(const ClientCall& call, const std::string& code) {
    static const std::set<std::string> by_machine{"illegal_transition", "operation_in_progress",
                                                  "outcome_unknown", "amount_too_large"};
    const auto* life = index_.life(call.payment);
    if (!by_machine.contains(code) || !call.command || life == nullptr || call.kind == "create")
      return;
    const auto detail = detail_of(call);
    const auto seen = index_.seen_before(call.payment, call.asked);
    for (auto v = std::max<std::uint64_t>(seen, 1); v <= life->events.size(); ++v) {
      const auto at = life->events[v - 1].at;
      if (call.answered_at != TimePoint{} && at > call.answered_at) break;
      const auto decided =
          payment::decide(life->versions[v], *call.command, rules_.policy, at, roll);
      if (!decided && to_string(decided.error().code) == code && decided.error().detail == detail)
        return;
    }
    say("I5", call.payment,
        name_of(call) + " was refused (" + code + ": " + detail +
            "), and there is no version at which the machine says so");
  }

  void once_for_each_request() {
    std::map<std::string, std::size_t> count;
    for (const auto& begun : index_.begun()) {
      const auto& [key, request] = begun.origin;
      // What was surely not done gave its key back, and the same request may try again.
      if (end_of(begun) == OperationStatus::refused) continue;
      const auto asked = index_.calls_with_request(request);
      if (asked > 0 && ++count[request] == asked + 1)
        say("I1", begun.payment, "request " + request + " began more than once");
      const bool known = asked > 0 || index_.by_key().contains(key) || request.empty();
      if (!known && rules_.all_clients)
        say("I3", begun.payment, "request " + request + " began something, and nobody sent it");
    }
  }

  // What clients ask for is decided without it.
  static constexpr double roll = 0.5;

  const Index& index_;
  const HistoryRules& rules_;
  std::vector<Violation>& found_;
};

}  // namespace

void judge_commands(const Index& index, const HistoryRules& rules, std::vector<Violation>& found) {
  Commands{index, rules, found}.run();
}

}  // namespace cambist::test::history
