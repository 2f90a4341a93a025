// The provider actor: breaker, bulkhead, rate limit, and an answer to every call whatever happens.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using payment::CaptureMethod;

TEST(ProviderActor, OpensAfterFiveOutagesThenProbesAndCloses) {
  ActorWorld world;
  world.wire->usual = Fault::outage;
  for (int i = 0; i < 2; ++i) {
    (void)world.create();
    world.pass(5s);
  }
  EXPECT_EQ(world.health().breaker, "open");
  EXPECT_TRUE(world.health().open_until.has_value());
  const auto calls = world.wire->requests.size();
  EXPECT_EQ(calls, 5U);
  const auto refused = world.create();
  world.pass(100ms);
  EXPECT_EQ(refused.asked->status(), 503);
  EXPECT_EQ(world.wire->requests.size(), calls);  // not even tried
  EXPECT_EQ(world.status(refused.id), "failed");

  world.wire->usual = Fault::none;
  world.pass(70s);
  const auto probe = world.create();
  world.pass(5ms);
  EXPECT_EQ(world.health().breaker, "half_open");
  world.pass(1s);
  EXPECT_EQ(probe.asked->status(), 201);
  for (int i = 0; i < 3; ++i) {
    (void)world.create();
    world.pass(1s);
  }
  EXPECT_EQ(world.health().breaker, "closed");
  EXPECT_EQ(world.telemetry->breaker, (std::vector<int>{2, 1, 0}));
}

TEST(ProviderActor, OneRefusalOfOurCredentialsOpensTheCircuitUntilAProbeIsTaken) {
  ActorWorld world;
  world.wire->script = {Fault::stranger, Fault::stranger};
  const auto created = world.create();
  world.pass(500ms);
  EXPECT_EQ(world.status(created.id), "failed");
  EXPECT_EQ(world.health().breaker, "open");
  EXPECT_TRUE(world.health().credentials_refused);
  (void)world.create();
  world.pass(500ms);
  EXPECT_EQ(world.wire->requests.size(), 1U);  // not even tried

  world.pass(70s);
  (void)world.create();  // the probe, refused again: longer this time
  world.pass(500ms);
  EXPECT_EQ(world.wire->requests.size(), 2U);
  EXPECT_GT(world.health().open_until, world.now() + 90s);
  world.pass(140s);
  const auto probe = world.create();
  world.pass(500ms);
  EXPECT_EQ(probe.asked->status(), 201);
  EXPECT_FALSE(world.health().credentials_refused);
}

TEST(ProviderActor, ARefusalOfTheRequestItselfOpensNothing) {
  ActorWorld world;
  world.wire->script = {Fault::reject};
  (void)world.create();
  world.pass(500ms);
  EXPECT_EQ(world.health().breaker, "closed");
  EXPECT_FALSE(world.health().credentials_refused);
}

TEST(ProviderActor, HalfOpenLetsOneProbeThroughAndRefusesTheRest) {
  ActorWorld world;
  world.wire->usual = Fault::outage;
  for (int i = 0; i < 2; ++i) {
    (void)world.create();
    world.pass(5s);
  }
  world.wire->usual = Fault::none;
  world.pass(70s);
  const auto calls = world.wire->requests.size();
  std::vector<ActorWorld::Created> all;
  for (int i = 0; i < 5; ++i) all.push_back(world.create());
  world.pass(1s);
  EXPECT_EQ(world.wire->requests.size(), calls + 1);
  int through = 0;
  for (const auto& one : all) through += one.asked->status() == 201 ? 1 : 0;
  EXPECT_EQ(through, 1);
}

TEST(ProviderActor, ADeclineIsASuccessOfTheProvider) {
  ActorWorld world;
  world.wire->usual = Fault::decline;
  for (int i = 0; i < 30; ++i) (void)world.create();
  world.pass(5s);
  EXPECT_EQ(world.health().breaker, "closed");
  EXPECT_EQ(world.health().window_failures, 0U);
}

TEST(ProviderActor, AnInquiryRespectsTheBreakerAndStaysUnknown) {
  ActorWorld world{
      1, [](actors::RuntimeParams& params) { params.providers["stub"].breaker.open_min = 9min; }};
  world.wire->script = {Fault::error_after};
  world.wire->inquiry_script = {Fault::outage, Fault::outage, Fault::outage, Fault::outage};
  const auto created = world.create();
  world.pass(5min);
  EXPECT_EQ(world.health().breaker, "open");
  EXPECT_EQ(world.wire->requests.size(), 5U);         // since then nothing was asked
  EXPECT_EQ(world.status(created.id), "processing");  // and surely it has not failed
  world.pass(60min);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.wire->effects.size(), 1U);
}

TEST(ProviderActor, TheBulkheadBoundsWhatIsUnderWayAndTheQueueWhatWaits) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.providers["stub"].in_flight_max = 2;
                     params.providers["stub"].queued_max = 3;
                     params.providers["stub"].queue_time_max = 10s;
                     params.policy.attempts_in_request_max = 1;
                   }};
  world.wire->latency = 1s;
  std::vector<ActorWorld::Created> all;
  for (int i = 0; i < 8; ++i) all.push_back(world.create());
  world.pass(100ms);
  EXPECT_EQ(world.health().in_flight, 2U);
  EXPECT_EQ(world.health().queued, 3U);
  world.pass(10s);
  int ok = 0;
  int refused = 0;
  for (const auto& one : all) {
    ASSERT_EQ(one.asked->count(), 1U);
    ok += one.asked->status() == 201 ? 1 : 0;
    refused += one.asked->status() == 503 ? 1 : 0;
  }
  EXPECT_EQ(ok, 5);
  EXPECT_EQ(refused, 3);
  EXPECT_EQ(world.wire->in_flight_most, 2);
  EXPECT_EQ(world.health().breaker, "closed");  // our own limit is no outage of theirs
}

TEST(ProviderActor, ACallThatWaitsTooLongInTheQueueIsRefusedUnsent) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.providers["stub"].in_flight_max = 1;
                     params.providers["stub"].queue_time_max = 3s;
                   }};
  world.wire->latency = 2900ms;
  std::vector<ActorWorld::Created> all;
  for (int i = 0; i < 4; ++i) all.push_back(world.create());
  world.pass(20s);
  EXPECT_EQ(world.wire->requests.size(), 2U);
  int refused = 0;
  for (const auto& one : all) refused += one.asked->status() == 503 ? 1 : 0;
  EXPECT_EQ(refused, 2);
}

TEST(ProviderActor, TheRateLimitSpreadsTheCalls) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.providers["stub"].rate_limit_per_s = 10;
                     params.providers["stub"].queue_time_max = 10s;
                   }};
  std::vector<ActorWorld::Created> all;
  for (int i = 0; i < 40; ++i) all.push_back(world.create());
  world.pass(50ms);
  EXPECT_EQ(world.wire->requests.size(), 10U);  // what was saved up
  world.pass(1s);
  EXPECT_NEAR(static_cast<double>(world.wire->requests.size()), 20, 1);
  world.pass(3s);
  for (const auto& one : all) EXPECT_EQ(one.asked->status(), 201);
}

TEST(ProviderActor, AnHttpClientThatForgetsACallCostsNoPayment) {
  ActorWorld world;
  world.wire->script = {Fault::forgotten};
  const auto created = world.create();
  world.pass(9s);
  EXPECT_EQ(world.health().in_flight, 1U);
  world.pass(60s);
  EXPECT_EQ(world.health().in_flight, 0U);
  EXPECT_EQ(created.asked->count(), 1U);
  EXPECT_EQ(world.status(created.id), "captured");
}

TEST(ProviderActor, AnAnswerThatMakesTheAdapterThrowIsUnknownAndAskedAbout) {
  ActorWorld world;
  world.wire->script = {Fault::throws_in_interpret};
  const auto created = world.create();
  world.pass(30s);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.telemetry->restarts["provider"], 0);
}

TEST(ProviderActor, ARequestThatCannotBeBuiltIsRefusedUnsent) {
  ActorWorld world;
  const auto error = world.create(CaptureMethod::automatic, "", "", [](payment::Details& details) {
    details.description = "error in build";
  });
  const auto thrown = world.create(CaptureMethod::automatic, "", "", [](payment::Details& details) {
    details.description = "throw in build";
  });
  world.pass(5s);
  EXPECT_EQ(error.asked->status(), 422);
  EXPECT_EQ(thrown.asked->status(), 503);
  EXPECT_TRUE(world.wire->requests.empty());
  EXPECT_EQ(world.status(error.id), "failed");
}

TEST(ProviderActor, ItsFailureMakesCallsUnknownNotLost) {
  ActorWorld world;
  std::vector<ActorWorld::Created> all;
  for (int i = 0; i < 5; ++i) all.push_back(world.create());
  world.pass(5ms);
  world.telemetry->throw_on_called = 1;  // fails at the first answer, with four calls under way
  world.pass(60s);
  for (const auto& one : all) {
    EXPECT_EQ(one.asked->count(), 1U);
    EXPECT_EQ(world.status(one.id), "captured");
  }
  EXPECT_EQ(world.telemetry->restarts["provider"], 1);
  EXPECT_EQ(world.wire->effects.size(), 5U);
  EXPECT_EQ(world.wire->most_effects_of_one_key(), 1U);
}

TEST(ProviderActor, TheExchangeHasThePathWithoutItsQueryAndTheProvidersRequestId) {
  ActorWorld world;
  world.wire->script = {Fault::error_after};
  const auto created = world.create();
  world.pass(1s);
  bool seen = false;
  for (const auto& stored : *world.reader().events(created.id)) {
    EXPECT_EQ(stored.event.json.find("expand=all"), std::string::npos);
    seen = seen || stored.event.json.find("req_of_provider") != std::string::npos;
  }
  EXPECT_TRUE(seen);
}

}  // namespace
}  // namespace cambist::test
