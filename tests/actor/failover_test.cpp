// Which provider takes a payment, and who takes over: through the whole tree.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "protocols/payment/codec.hpp"
#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using payment::CaptureMethod;
using Names = std::vector<std::string>;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A world with a second provider, which comes second.
ActorWorld::Adjust two_providers() {
  return [](actors::RuntimeParams& params) {
    params.providers["other"].adapter = make_scripted_adapter("other");
    routing::Account first;
    first.provider = "stub";
    first.priority = 1;
    routing::Account second;
    second.provider = "other";
    second.priority = 2;
    params.accounts = {second, first};
  };
}

void unnamed(payment::Details& details) {
  details.provider.clear();
}

std::vector<payment::Fact> facts_of(ActorWorld& world, const PaymentId& id) {
  std::vector<payment::Fact> facts;
  const auto events = world.reader().events(id).value();
  for (const auto& [sequence, row] : events)
    facts.push_back(payment::decode(row.type, row.schema_version, row.json).value());
  return facts;
}

template <class F>
const F* find(const std::vector<payment::Fact>& facts) {
  for (const auto& fact : facts) {
    if (const auto* found = std::get_if<F>(&fact)) return found;
  }
  return nullptr;
}

TEST(Failover, ThePaymentGoesToTheFirstByPriorityAndSaysWhy) {
  ActorWorld world{1, two_providers()};
  const auto created = world.create(CaptureMethod::automatic, "", "", unnamed);
  world.pass(1s);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_TRUE(contains(created.asked->body(), R"("provider":"stub")"));
  const auto facts = facts_of(world, created.id);
  const auto* routed = find<payment::Routed>(facts);
  ASSERT_NE(routed, nullptr);
  EXPECT_TRUE(std::holds_alternative<payment::Routed>(facts[1]));
  ASSERT_EQ(routed->considered.size(), 2U);
  EXPECT_EQ(routed->considered[0].reason, "chosen: first by priority 1");
  EXPECT_EQ(routed->considered[1].reason, "next: priority 2");
  world.check_invariants();
}

TEST(Failover, TheNextTakesOverFromOneThatRefusesOurCredentialsAndIsFirstUntilThen) {
  ActorWorld world{1, two_providers()};
  world.wire->script = {Fault::stranger};
  const auto created = world.create(CaptureMethod::automatic, "", "", unnamed);
  world.pass(1s);
  EXPECT_EQ(created.asked->status(), 201);
  const auto later = world.create(CaptureMethod::automatic, "", "", unnamed);
  world.pass(1s);
  EXPECT_EQ(later.asked->status(), 201);
  EXPECT_EQ(world.wire->providers, (Names{"stub", "other", "other"}));
  world.check_invariants();
}

TEST(Failover, TheNextTakesOverWhileTheClientWaitsForOneAnswer) {
  ActorWorld world{1, two_providers()};
  world.wire->script = {Fault::outage, Fault::not_sent, Fault::outage};
  const auto created = world.create(CaptureMethod::automatic, "key-1", "f", unnamed);
  world.pass(9s);
  ASSERT_EQ(created.asked->count(), 1U);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_TRUE(contains(created.asked->body(), R"("provider":"other")"));
  EXPECT_TRUE(contains(created.asked->body(), R"("status":"captured")"));
  EXPECT_EQ(world.wire->providers, (Names{"stub", "stub", "stub", "other"}));
  EXPECT_EQ(world.wire->effects_of(created.id.to_string()), 1U);
  const auto facts = facts_of(world, created.id);
  ASSERT_NE(find<payment::FailedOver>(facts), nullptr);
  EXPECT_EQ(find<payment::FailedOver>(facts)->to, "other");
  EXPECT_EQ(world.telemetry->failovers, Names{"stub other"});

  const auto again =
      world.perform(created.id,
                    payment::Create{created.id,
                                    default_tenant(),
                                    {},
                                    OperationId::make(world.now(), [&] { return world.rng(); })},
                    "key-1", "f");
  world.pass(1s);
  EXPECT_EQ(again->body(), created.asked->body());
  world.check_invariants();
}

TEST(Failover, WhoHasNobodyLeftTellsTheClientOfTheLastRefusal) {
  ActorWorld world{1, two_providers()};
  world.wire->usual = Fault::not_sent;
  const auto created = world.create(CaptureMethod::automatic, "", "", unnamed);
  world.pass(9s);
  EXPECT_EQ(created.asked->status(), 503);
  EXPECT_EQ(world.status(created.id), "failed");
  EXPECT_EQ(std::set<std::string>(world.wire->providers.begin(), world.wire->providers.end()),
            (std::set<std::string>{"other", "stub"}));
  world.check_invariants();
}

TEST(Failover, ATimeoutAfterTheEffectCallsNobodyElse) {
  ActorWorld world{1, two_providers()};
  world.wire->script = {Fault::lost_after};
  const auto created = world.create(CaptureMethod::automatic, "", "", unnamed);
  world.pass(60s);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.wire->effects_of(created.id.to_string()), 1U);
  for (const auto& called : world.wire->providers) EXPECT_EQ(called, "stub");
  world.check_invariants();
}

TEST(Failover, AnErrorAfterTheEffectCallsNobodyElse) {
  ActorWorld world{1, two_providers()};
  world.wire->script = {Fault::error_after};
  world.wire->inquiry_script = {Fault::outage, Fault::outage};
  const auto created = world.create(CaptureMethod::automatic, "", "", unnamed);
  world.pass(60s);
  EXPECT_EQ(world.status(created.id), "captured");
  for (const auto& called : world.wire->providers) EXPECT_EQ(called, "stub");
}

TEST(Failover, ANamedProviderIsNotReplaced) {
  ActorWorld world{1, two_providers()};
  world.wire->script = {Fault::outage, Fault::outage, Fault::outage};
  const auto created = world.create();
  world.pass(9s);
  EXPECT_EQ(created.asked->status(), 503);
  for (const auto& called : world.wire->providers) EXPECT_EQ(called, "stub");
}

TEST(Failover, AnOpenCircuitIsPassedOver) {
  ActorWorld world{1, two_providers()};
  world.wire->usual = Fault::outage;
  for (int i = 0; i < 2; ++i) {
    (void)world.create();
    world.pass(9s);
  }
  ASSERT_EQ(world.health("stub").breaker, "open");
  world.wire->usual = Fault::none;
  world.wire->providers.clear();
  const auto created = world.create(CaptureMethod::automatic, "", "", unnamed);
  world.pass(1s);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_EQ(world.wire->providers, Names{"other"});
  const auto facts = facts_of(world, created.id);
  EXPECT_TRUE(
      contains(find<payment::Routed>(facts)->considered[0].reason, "skipped: circuit open until "));
}

TEST(Failover, ACircuitWhoseTimeIsOverIsTriedAgain) {
  ActorWorld world{1, two_providers()};
  world.wire->usual = Fault::outage;
  for (int i = 0; i < 2; ++i) {
    (void)world.create();
    world.pass(9s);
  }
  ASSERT_EQ(world.health("stub").breaker, "open");
  world.wire->usual = Fault::none;
  world.pass(120s);
  const auto created = world.create(CaptureMethod::automatic, "", "", unnamed);
  world.pass(1s);
  EXPECT_TRUE(contains(created.asked->body(), R"("provider":"stub")"));
}

TEST(Failover, ACrashOnTheWayMakesOneEffectAtOneProvider) {
  for (std::uint64_t steps = 1; steps < 60; steps += 3) {
    ActorWorld world{steps, two_providers()};
    world.wire->script = {Fault::not_sent, Fault::not_sent, Fault::not_sent};
    const auto created = world.create(CaptureMethod::automatic, "", "", unnamed);
    world.pass(1500ms);
    for (std::uint64_t i = 0; i < steps; ++i) {
      if (!world.step()) world.pass(1ms);
    }
    world.crash();
    world.start();
    world.pass(120s);
    EXPECT_LE(world.wire->effects_of(created.id.to_string()), 1U) << steps;
    EXPECT_NE(world.status(created.id), "processing") << steps;
    world.check_invariants();
  }
}

TEST(Failover, LateMoneyOfTheProviderThatWasLeftIsReturned) {
  ActorWorld world{1, two_providers()};
  world.wire->script = {Fault::not_sent, Fault::not_sent, Fault::not_sent};
  const auto created = world.create(CaptureMethod::automatic, "", "", unnamed);
  world.pass(9s);
  ASSERT_TRUE(contains(created.asked->body(), R"("provider":"other")"));
  world.wire->providers.clear();
  const auto told = world.webhook("evt_late", "captured 10000", created.id);
  world.pass(5s);
  EXPECT_TRUE(told->stored());
  EXPECT_EQ(world.webhook_status("evt_late"), "applied");
  EXPECT_EQ(world.wire->providers, Names{"stub"});
  EXPECT_EQ(world.wire->requests.back(), "POST /refund");
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.telemetry->settled["refund:succeeded"], 1);
  const auto facts = facts_of(world, created.id);
  ASSERT_NE(find<payment::LateSuccess>(facts), nullptr);
  EXPECT_EQ(world.telemetry->tasks, 0);  // opened, and closed by the return
  EXPECT_EQ(world.telemetry->late, Names{"stub"});
}

TEST(Failover, AProviderThatNeverHadThePaymentTellsNothingOfIt) {
  ActorWorld world{1, two_providers()};
  const auto created = world.create(CaptureMethod::automatic, "", "",
                                    [](payment::Details& details) { details.provider = "other"; });
  world.pass(1s);
  ASSERT_EQ(created.asked->status(), 201);
  (void)world.webhook("evt_foreign", "captured 10000", created.id);
  world.pass(1s);
  EXPECT_NE(world.webhook_status("evt_foreign"), "applied");
  EXPECT_EQ(world.wire->requests.size(), 1U);
}

TEST(Failover, WhereAPaymentWouldGoIsToldWithoutAnyEffect) {
  ActorWorld world{1, two_providers()};
  payment::Create wish;
  wish.tenant = default_tenant();
  wish.details.amount = Money{10'000, *Currency::parse("USD")};
  wish.details.method = {"card", "pm_card_visa", {}};
  const auto plan = world.runtime->route(wish);
  EXPECT_EQ(plan.order, (Names{"stub", "other"}));
  wish.details.method.type = "cash";
  EXPECT_TRUE(world.runtime->route(wish).order.empty());
  world.pass(1s);
  EXPECT_TRUE(world.wire->requests.empty());
}

TEST(Failover, WhatNobodyTakesIsRefusedBeforeAnythingIsWritten) {
  ActorWorld world{1, two_providers()};
  const auto created = world.create(CaptureMethod::automatic, "", "", [](payment::Details& d) {
    d.provider.clear();
    d.method.type = "cash";
  });
  world.pass(1s);
  EXPECT_EQ(created.asked->status(), 422);
  EXPECT_TRUE(contains(created.asked->body(), R"("field":"provider")"));
  EXPECT_EQ(world.status(created.id), "none");
}

}  // namespace
}  // namespace cambist::test
