// Repeats and questions are paid from a budget, and the queue to a provider is bounded in time.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

/// Nothing but the budget stands between the payments and the provider.
void without_breaker(actors::RuntimeParams& params) {
  auto& policy = params.providers["stub"].breaker;
  policy.consecutive_failures_max = 1'000'000;
  policy.window_calls_min = 1'000'000;
}

TEST(RetryBudget, CallsToAProviderThatIsDownStayWithinATenthOfWhatClientsOffered) {
  ActorWorld world{1, without_breaker};
  world.wire->usual = Fault::outage;
  const int offered = 1'000;
  for (int i = 0; i < offered; ++i) {
    (void)world.create();
    world.pass(20ms);
  }
  world.pass(5s);
  const auto calls = static_cast<double>(world.wire->requests.size());
  EXPECT_GE(calls, offered * 1.05);       // what the budget allows is used
  EXPECT_LE(calls, offered * 1.1 + 15.);  // the burst, and a second's worth for each of the last
}

TEST(RetryBudget, QuestionsAboutUnknownOutcomesArePaidFromItTooAndFlowAgainAfterwards) {
  ActorWorld world{1, without_breaker};
  world.wire->usual = Fault::error_after;
  std::vector<ActorWorld::Created> all;
  const int offered = 200;
  world.wire->inquiry_script.assign(10'000, Fault::outage);
  for (int i = 0; i < offered; ++i) {
    all.push_back(world.create());
    world.pass(50ms);
  }
  const auto calls = static_cast<double>(world.wire->requests.size());
  EXPECT_LE(calls, offered * 1.1 + 13.);
  world.wire->inquiry_script.clear();
  world.wire->usual = Fault::none;
  world.pass(60s);
  for (const auto& one : all) EXPECT_EQ(world.status(one.id), "captured");
  EXPECT_EQ(world.wire->effects.size(), static_cast<std::size_t>(offered));
  EXPECT_EQ(world.wire->most_effects_of_one_key(), 1U);
}

TEST(RetryBudget, ARepeatThatIsNotPaidForIsRefusedWithItsReason) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     without_breaker(params);
                     params.providers["stub"].budget = {.ratio = 0, .per_s_min = 0, .burst = 1};
                   }};
  world.wire->usual = Fault::outage;
  const auto created = world.create();
  world.pass(10s);
  EXPECT_EQ(world.wire->requests.size(), 2U);  // the first, and the one repeat there was
  EXPECT_EQ(created.asked->status(), 503);
  EXPECT_EQ(world.status(created.id), "failed");
  bool named = false;
  for (const auto& stored : *world.reader().events(created.id)) {
    named = named || stored.event.json.find("retry_budget") != std::string::npos;
  }
  EXPECT_TRUE(named);
}

TEST(RetryBudget, WhatIsAnsweredWithoutAnOutageIsGivenBack) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     without_breaker(params);
                     params.providers["stub"].budget = {.ratio = 0, .per_s_min = 0, .burst = 1};
                   }};
  world.wire->usual = Fault::error_after;
  for (int i = 0; i < 20; ++i) {
    const auto created = world.create();
    world.pass(1s);
    EXPECT_EQ(world.status(created.id), "captured");  // asked at once, each with the same token
  }
}

TEST(RetryBudget, AProviderThatIsWellIsAskedWithoutIt) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.providers["stub"].budget = {.ratio = 0, .per_s_min = 0, .burst = 0};
                   }};
  world.wire->usual = Fault::pending;
  std::vector<PaymentId> all;
  for (int i = 0; i < 50; ++i) all.push_back(world.create().id);
  world.pass(1s);
  world.wire->act();
  world.pass(10s);  // all are asked about at the same time
  for (const PaymentId& id : all) EXPECT_EQ(world.status(id), "captured");
}

TEST(QueueTime, ACallThatCannotBeMadeInTimeIsRefusedAtOnceOnceOneHasWaitedTooLong) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.providers["stub"].in_flight_max = 2;
                     params.policy.attempts_in_request_max = 1;
                   }};
  world.wire->latency = 7s;
  EXPECT_FALSE(world.runtime->provider_busy("stub"));
  for (int i = 0; i < 3; ++i) (void)world.create();
  world.pass(900ms);
  EXPECT_FALSE(world.runtime->provider_busy("stub"));
  EXPECT_EQ(world.health().queued, 1U);
  world.pass(200ms);
  EXPECT_EQ(world.health().queued, 0U);
  ASSERT_TRUE(world.runtime->provider_busy("stub"));
  EXPECT_GE(*world.runtime->provider_busy("stub"), 1s);
  const auto late = world.create();
  world.pass(10ms);
  EXPECT_EQ(late.asked->status(), 503);
  EXPECT_NE(late.asked->body().find("overloaded"), std::string::npos);
  EXPECT_EQ(world.status(late.id), "none");  // nothing of it was written
  EXPECT_EQ(world.wire->requests.size(), 2U);
  world.pass(8s);  // they are answered: there is room
  EXPECT_FALSE(world.runtime->provider_busy("stub"));
  world.wire->latency = 20ms;
  (void)world.captured();
  EXPECT_FALSE(world.runtime->provider_busy("nobody"));
}

TEST(QueueTime, AtTenTimesTheCapacityWhatIsAcceptedWaitsNoLongerThanAllowed) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.providers["stub"].in_flight_max = 4;
                     params.policy.attempts_in_request_max = 1;
                   }};
  world.wire->latency = 200ms;  // 20 calls a second
  std::vector<ActorWorld::Created> all;
  std::uint32_t queued_most = 0;
  for (int i = 0; i < 1'000; ++i) {
    all.push_back(world.create());
    world.pass(5ms);
    if (i % 10 == 0) queued_most = std::max(queued_most, world.health().queued);
  }
  EXPECT_GT(world.health().queue_ms, 500U);
  world.pass(1300ms);  // the longest wait and a call: whoever is not answered now has waited more
  int ok = 0;
  for (const auto& one : all) {
    ASSERT_EQ(one.asked->count(), 1U);
    ok += one.asked->status() == 201 ? 1 : 0;
  }
  EXPECT_GE(ok, 95);            // the provider was never idle
  EXPECT_LE(queued_most, 45U);  // what came before the first call had told how long one takes
}

}  // namespace
}  // namespace cambist::test
