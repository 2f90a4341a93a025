// What holds of every plan, whatever the accounts and whatever is known of them.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "protocols/routing/plan.hpp"

namespace cambist::routing {
namespace {

Candidate any_candidate(int number) {
  Candidate candidate;
  Account& account = candidate.account;
  account.provider = "p" + std::to_string(number);
  account.enabled = *rc::gen::weightedElement<bool>({{9, true}, {1, false}});
  account.priority = *rc::gen::inRange(0, 4);
  account.place = static_cast<std::size_t>(*rc::gen::inRange(0, 3));
  if (*rc::gen::inRange(0, 4) == 0) account.currencies = {"KES"};
  if (*rc::gen::inRange(0, 4) == 0) account.method_types = {"mobile_money"};
  if (*rc::gen::inRange(0, 4) == 0)
    account.limits = {{*Currency::parse("USD"), *rc::gen::inRange<std::int64_t>(0, 2'000), {}}};
  candidate.present.open = *rc::gen::inRange(0, 3) == 0;
  candidate.present.busy = *rc::gen::inRange(0, 5) == 0;
  if (*rc::gen::inRange(0, 6) == 0)
    candidate.present.objection = Error{ErrorCode::invalid_request, "No.", "amount.value"};
  return candidate;
}

/// Whether a candidate alone would be taken.
bool suits(const Candidate& candidate, const Wish& wish) {
  return !plan({candidate}, wish).order.empty();
}

RC_GTEST_PROP(RoutingProperties, TheOrderIsMadeOfAllThatSuitAndAreNotTurnedAway, ()) {
  std::vector<Candidate> candidates;
  const int count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) candidates.push_back(any_candidate(i));
  const bool names_one = *rc::gen::inRange(0, 3) == 0;
  Wish wish{default_tenant(), {1'000, *Currency::parse("USD")}, "card"};
  if (names_one) wish.provider = "p" + std::to_string(*rc::gen::inRange(0, 6));

  const Plan made = plan(candidates, wish);
  std::vector<Candidate> shuffled(candidates.rbegin(), candidates.rend());
  const Plan again = plan(shuffled, wish);
  RC_ASSERT(made == again);

  std::set<std::string> named;
  for (const auto& entry : made.considered) {
    RC_ASSERT(named.insert(entry.provider).second);
    RC_ASSERT(!entry.reason.empty());
    RC_ASSERT(entry.chosen == (!made.order.empty() && made.order.front() == entry.provider));
  }
  RC_ASSERT(named.size() == candidates.size());

  std::set<std::string> suitable;
  std::set<std::string> taken;
  for (const auto& candidate : candidates) {
    if (!suits(candidate, wish)) continue;
    suitable.insert(candidate.account.provider);
    if (!candidate.present.open && !candidate.present.busy)
      taken.insert(candidate.account.provider);
  }
  const std::set<std::string> order(made.order.begin(), made.order.end());
  RC_ASSERT(order.size() == made.order.size());
  RC_ASSERT(made.order.empty() == suitable.empty());
  if (names_one) {
    RC_ASSERT(made.order.size() <= 1);
  } else if (!taken.empty()) {
    RC_ASSERT(order == taken);
  } else {
    RC_ASSERT(made.order.size() <= 1);
  }
}

}  // namespace
}  // namespace cambist::routing
