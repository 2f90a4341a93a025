#include "protocols/routing/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace cambist::routing {
namespace {

Money usd(std::int64_t minor) {
  return {minor, *Currency::parse("USD")};
}

Wish card_of_ten() {
  return {default_tenant(), usd(1'000), "card"};
}

Candidate account(const std::string& name, int priority = 100) {
  Candidate candidate;
  candidate.account.provider = name;
  candidate.account.priority = priority;
  return candidate;
}

const Considered& of(const Plan& plan, const std::string& provider) {
  const auto found = std::find_if(plan.considered.begin(), plan.considered.end(),
                                  [&](const Considered& c) { return c.provider == provider; });
  EXPECT_NE(found, plan.considered.end()) << provider;
  return *found;
}

TEST(RoutingPlan, TakesTheLowestPriorityFirstAndTheOthersNext) {
  const Plan made = plan({account("b", 20), account("a", 30), account("c", 10)}, card_of_ten());
  EXPECT_EQ(made.order, (std::vector<std::string>{"c", "b", "a"}));
  EXPECT_EQ(of(made, "c"), (Considered{"c", true, "chosen: first by priority 10"}));
  EXPECT_EQ(of(made, "b"), (Considered{"b", false, "next: priority 20"}));
}

TEST(RoutingPlan, BreaksTiesByThePlaceInTheRegistry) {
  Candidate late = account("a");
  late.account.place = 2;
  Candidate early = account("z");
  early.account.place = 1;
  EXPECT_EQ(plan({late, early}, card_of_ten()).order, (std::vector<std::string>{"z", "a"}));
}

struct Against {
  std::string reason;
  std::function<void(Account&)> settings;
  std::function<void(Wish&)> wish = [](Wish&) {};
};
class RoutingRefusal : public testing::TestWithParam<Against> {};

TEST_P(RoutingRefusal, LeavesTheAccountOutAndSaysWhy) {
  Candidate candidate = account("one");
  GetParam().settings(candidate.account);
  Wish wish = card_of_ten();
  GetParam().wish(wish);
  const Plan made = plan({candidate, account("other")}, wish);
  EXPECT_EQ(of(made, "one").reason, GetParam().reason);
  EXPECT_EQ(made.order, std::vector<std::string>{"other"});
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, RoutingRefusal,
    testing::Values(Against{"switched off", [](Account& a) { a.enabled = false; }},
                    Against{"is not for this tenant", [](Account& a) { a.tenants = {"another"}; }},
                    Against{"does not take payment methods of type card",
                            [](Account& a) { a.method_types = {"mobile_money"}; }},
                    Against{"does not take USD",
                            [](Account& a) {
                              a.currencies = {"TZS", "KES"};
                            }},
                    Against{"does not take payers in TZ", [](Account& a) { a.countries = {"KE"}; },
                            [](Wish& w) { w.country = "TZ"; }},
                    Against{"takes 20.00 to 5000.00 USD",
                            [](Account& a) {
                              a.limits = {{usd(0).currency, 2'000, 500'000}};
                            }},
                    Against{"takes at least 10.01 USD",
                            [](Account& a) {
                              a.limits = {{usd(0).currency, 1'001, std::nullopt}};
                            }},
                    Against{"takes at most 9.99 USD",
                            [](Account& a) {
                              a.limits = {{usd(0).currency, std::nullopt, 999}};
                            }},
                    Against{"cannot do this: partial_capture",
                            [](Account& a) {
                              a.lacks = {"authorization", "partial_capture"};
                            },
                            [](Wish& w) {
                              w.features = {"refunds", "partial_capture"};
                            }},
                    Against{"is not used for this: refunds",
                            [](Account& a) {
                              a.features = {"authorization", "webhooks"};
                            },
                            [](Wish& w) {
                              w.features = {"webhooks", "refunds"};
                            }}));

TEST(RoutingPlan, TakesWhatIsExactlyAtAnEndOfTheLimits) {
  Candidate candidate = account("one");
  candidate.account.limits = {{usd(0).currency, 1'000, 1'000}};
  EXPECT_EQ(plan({candidate}, card_of_ten()).order.size(), 1U);
}

TEST(RoutingPlan, LimitsOfOtherCurrenciesSayNothing) {
  Candidate candidate = account("one");
  candidate.account.limits = {{*Currency::parse("EUR"), 5'000, std::nullopt}};
  EXPECT_EQ(plan({candidate}, card_of_ten()).order.size(), 1U);
}

TEST(RoutingPlan, AnUnknownCountryLeavesNobodyOut) {
  Candidate candidate = account("one");
  candidate.account.countries = {"KE"};
  EXPECT_EQ(plan({candidate}, card_of_ten()).order.size(), 1U);
}

TEST(RoutingPlan, SkipsOpenCircuitsAndFullQueues) {
  Candidate open = account("open", 1);
  open.present.open = true;
  open.present.open_until = parse_rfc3339("2026-11-26T12:00:00Z").value();
  Candidate held = account("held", 2);
  held.present.open = held.present.held = true;
  Candidate busy = account("busy", 3);
  busy.present.busy = true;
  const Plan made = plan({open, held, busy, account("well", 4)}, card_of_ten());
  EXPECT_EQ(made.order, std::vector<std::string>{"well"});
  EXPECT_EQ(of(made, "open").reason, "skipped: circuit open until 2026-11-26T12:00:00.000Z");
  EXPECT_EQ(of(made, "held").reason, "skipped: circuit held open by an operator");
  EXPECT_EQ(of(made, "busy").reason, "skipped: too many calls wait for it");
}

TEST(RoutingPlan, ChoosesTheFirstAllTheSameWhenAllAreTurnedAway) {
  Candidate open = account("open", 1);
  open.present.open = true;
  Candidate busy = account("busy", 2);
  busy.present.busy = true;
  const Plan made = plan({busy, open}, card_of_ten());
  EXPECT_EQ(made.order, std::vector<std::string>{"open"});
  EXPECT_EQ(of(made, "open").reason, "chosen: first by priority 1, although: circuit open");
}

TEST(RoutingPlan, ANamedProviderIsTakenAloneWhateverItsCircuitSays) {
  Candidate named = account("named", 50);
  named.present.open = true;
  Wish wish = card_of_ten();
  wish.provider = "named";
  const Plan made = plan({named, account("better", 1)}, wish);
  EXPECT_EQ(made.order, std::vector<std::string>{"named"});
  EXPECT_EQ(of(made, "named").reason, "chosen: the request names it, although: circuit open");
  EXPECT_EQ(of(made, "better").reason, "the request names another provider");
}

TEST(RoutingPlan, ANamedProviderThatDoesNotSuitIsRefusedByName) {
  Candidate named = account("named");
  named.account.currencies = {"KES"};
  Wish wish = card_of_ten();
  wish.provider = "named";
  const Plan made = plan({named, account("better")}, wish);
  EXPECT_TRUE(made.order.empty());
  const Error error = refusal(made, wish);
  EXPECT_EQ(error.field, "provider");
  EXPECT_EQ(error.code, ErrorCode::unsupported_by_provider);
  EXPECT_EQ(error.detail, "No provider takes this payment (named: does not take USD).");
}

TEST(RoutingPlan, AProviderThatIsNotThereIsRefusedByName) {
  Wish wish = card_of_ten();
  wish.provider = "nobody";
  const Error error = refusal(plan({account("one")}, wish), wish);
  EXPECT_EQ(error.code, ErrorCode::invalid_request);
  EXPECT_EQ(error.field, "provider");
}

TEST(RoutingPlan, AnObjectionOfTheOnlyOneThatSuitsIsToldAsItIs) {
  const Error wrong{ErrorCode::invalid_request, "The amount is too small.", "amount.value"};
  Candidate objecting = account("one");
  objecting.present.objection = wrong;
  Candidate other = account("other");
  other.account.currencies = {"KES"};
  const Plan made = plan({objecting, other}, card_of_ten());
  EXPECT_TRUE(made.order.empty());
  EXPECT_EQ(of(made, "one").reason, "The amount is too small.");
  EXPECT_EQ(refusal(made, card_of_ten()), wrong);
}

TEST(RoutingPlan, ObjectionsOfSeveralAreToldTogether) {
  Candidate one = account("one");
  one.present.objection = Error{ErrorCode::invalid_request, "Too small", "amount.value"};
  Candidate two = account("two");
  two.present.objection = Error{ErrorCode::invalid_request, "Too odd", "amount.value"};
  const Error error = refusal(plan({one, two}, card_of_ten()), card_of_ten());
  EXPECT_EQ(error.detail, "No provider takes this payment (one: Too small; two: Too odd).");
}

TEST(RoutingPlan, CapabilitiesFillWhatSettingsLeaveOpen) {
  provider::Capabilities can;
  can.method_types = {"mobile_money"};
  can.currencies = {"KES"};
  can.countries = {"KE"};
  can.manual_capture = false;  // and several captures nobody has unless it says so
  Account settings;
  settings.currencies = {"TZS"};
  const Account filled = with_capabilities(settings, can);
  EXPECT_EQ(filled.currencies, std::vector<std::string>{"TZS"});
  EXPECT_EQ(filled.method_types, std::vector<std::string>{"mobile_money"});
  EXPECT_EQ(filled.countries, std::vector<std::string>{"KE"});
  EXPECT_EQ(filled.lacks, (std::vector<std::string>{"authorization", "multiple_captures"}));
}

}  // namespace
}  // namespace cambist::routing
