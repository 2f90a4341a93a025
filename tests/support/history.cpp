// What clients were shown: each answer is one version of its payment, and none is older than what
// somebody had been shown before it was asked for.
#include "tests/support/history.hpp"

#include <utility>

#include "tests/support/history_index.hpp"
#include "tests/support/planted.hpp"

namespace cambist::test {
namespace {

using history::Index;
using history::Sight;

void judge_sight(const Index& index, const ClientCall& call, const Sight& sight,
                 std::vector<Violation>& found) {
  const auto say = [&](const char* invariant, std::string what) {
    found.push_back({invariant, sight.payment, history::name_of(call) + std::move(what)});
  };
  if (call.kind != "create" && !call.payment.empty() && call.payment != sight.payment)
    say("I2", " was shown this payment, and spoke of " + call.payment);
  if (sight.life == nullptr) return say("I2", " was shown it, and it is not there");
  if (!sight.span) return say("I2", " was shown it as it never was");
  const auto seen = index.seen_before(sight.payment, call.asked);
  if (!call.replayed && sight.span->last < seen)
    say("I2", " was shown version " + std::to_string(sight.span->last) +
                  ", after somebody had seen " + std::to_string(seen));
  const auto happened = sight.life->events.at(sight.span->first - 1).at;
  if (call.answered_at != TimePoint{} && happened > call.answered_at)
    say("I2", " was shown version " + std::to_string(sight.span->first) + " before it happened");
}

}  // namespace

void judge_history(const std::vector<ClientCall>& calls, const Books& books,
                   std::vector<Violation>& found, const HistoryRules& rules) {
  const FaultsAsleep asleep;  // a faulty machine would believe its own words
  const Index index{calls, books};
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const ClientCall& call = calls[i];
    if (!call.answered) continue;
    if (!index.sight(i).json.empty()) {
      judge_sight(index, call, index.sight(i), found);
    } else if (call.status == 404 && index.seen_before(call.payment, call.asked) > 0) {
      found.push_back({"I2", call.payment,
                       history::name_of(call) + " was told that there is none, after somebody had "
                                                "seen it"});
    }
  }
  history::judge_commands(index, rules, found);
  history::judge_keys(index, rules, found);
}

}  // namespace cambist::test
