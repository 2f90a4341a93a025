// What operators do to a circuit breaker, and what the timeline of a payment shows of it.
#include <gtest/gtest.h>
#include <caf/scoped_actor.hpp>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using Action = actors::OperateBreaker::Action;

actors::BreakerOperated operate(ActorWorld& world, Action action, std::string provider = "stub") {
  actors::OperateBreaker message{std::move(provider), action, {}};
  message.audit.actor = "operator";
  caf::scoped_actor asker{world.system()};
  auto asked = asker->request(world.runtime->providers(), caf::infinite, message);
  world.pass(10ms);
  actors::BreakerOperated answer;
  asked.receive([&](actors::BreakerOperated& operated) { answer = std::move(operated); },
                [&](caf::error& why) { ADD_FAILURE() << world.system().render(why); });
  return answer;
}

/// The marks of a payment's exchanges, in order; without those that have none.
std::vector<std::string> marks(ActorWorld& world, const PaymentId& id) {
  std::vector<std::string> found;
  for (const auto& stored : *world.reader().events(id)) {
    for (const char* mark : {"turned_away", "opened", "probe", "closed"}) {
      if (stored.event.json.find("\"breaker\":\"" + std::string{mark} + "\"") !=
          std::string::npos) {
        found.emplace_back(mark);
      }
    }
  }
  return found;
}

TEST(BreakerOperated, TrippedItTurnsCallsAwayAndProbesByItself) {
  ActorWorld world;
  const auto tripped = operate(world, Action::trip);
  ASSERT_TRUE(tripped.health);
  EXPECT_EQ(tripped.health->breaker, "open");
  EXPECT_TRUE(tripped.health->open_until);
  EXPECT_FALSE(tripped.health->held);
  const auto refused = world.create();
  world.pass(1s);
  EXPECT_EQ(refused.asked->status(), 503);
  EXPECT_TRUE(world.wire->requests.empty());
  world.pass(70s);
  (void)world.captured();
  EXPECT_EQ(world.health().breaker, "half_open");
}

TEST(BreakerOperated, HeldItStaysOpenUntilItIsReset) {
  ActorWorld world;
  const auto held = operate(world, Action::hold);
  ASSERT_TRUE(held.health);
  EXPECT_TRUE(held.health->held);
  EXPECT_EQ(held.health->breaker, "open");
  EXPECT_FALSE(held.health->open_until);
  world.pass(1h);
  const auto refused = world.create();
  world.pass(1s);
  EXPECT_EQ(refused.asked->status(), 503);
  EXPECT_TRUE(world.wire->requests.empty());
  const auto reset = operate(world, Action::reset);
  EXPECT_EQ(reset.health->breaker, "closed");
  EXPECT_FALSE(reset.health->held);
  (void)world.captured();
}

TEST(BreakerOperated, AHeldOneIsStillHeldWhenItsActorHasBeenStartedAgain) {
  ActorWorld world;
  const auto created = world.create();
  world.pass(5ms);
  (void)operate(world, Action::hold);
  world.telemetry->throw_on_called = 1;  // the actor fails at the answer that is on its way
  world.pass(10s);
  EXPECT_EQ(world.telemetry->restarts["provider"], 1);
  EXPECT_TRUE(world.health().held);
  EXPECT_EQ(world.health().breaker, "open");
  const auto refused = world.create();
  world.pass(1s);
  EXPECT_EQ(refused.asked->status(), 503);
}

TEST(BreakerOperated, WhoDidItIsDurableBeforeItIsDone) {
  ActorWorld world;
  world.faults->refuse_appends = 1;
  const auto refused = operate(world, Action::hold);
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->code, ErrorCode::unavailable);
  EXPECT_EQ(world.health().breaker, "closed");
  (void)operate(world, Action::hold);
  const auto audit = *world.reader().audit(default_tenant(), std::nullopt, 10);
  ASSERT_EQ(audit.size(), 1U);
  EXPECT_EQ(audit[0].actor, "operator");
  EXPECT_EQ(audit[0].action, "breaker.hold");
  EXPECT_EQ(audit[0].object, "stub");
}

TEST(BreakerOperated, AnUnknownProviderHasNoHealthAndNoAuditLine) {
  ActorWorld world;
  const auto answer = operate(world, Action::trip, "nobody");
  EXPECT_FALSE(answer.health);
  EXPECT_FALSE(answer.error);
  EXPECT_TRUE(world.reader().audit(default_tenant(), std::nullopt, 10)->empty());
}

TEST(BreakerMarks, TheTimelineShowsWhoOpenedItWhoWasTurnedAwayWhoProbedAndWhoClosedIt) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.policy.attempts_in_request_max = 1;
                     params.providers["stub"].breaker.probes_then = 1;
                   }};
  world.wire->usual = Fault::outage;
  std::vector<PaymentId> failed;
  for (int i = 0; i < 5; ++i) {
    failed.push_back(world.create().id);
    world.pass(1s);
  }
  EXPECT_EQ(marks(world, failed[3]), std::vector<std::string>{});
  EXPECT_EQ(marks(world, failed[4]), std::vector<std::string>{"opened"});
  const auto away = world.create().id;
  world.pass(1s);
  EXPECT_EQ(marks(world, away), std::vector<std::string>{"turned_away"});
  world.wire->usual = Fault::none;
  world.pass(70s);
  const auto probe = world.captured();
  const auto closer = world.captured();
  const auto after = world.captured();
  EXPECT_EQ(marks(world, probe), std::vector<std::string>{"probe"});
  EXPECT_EQ(marks(world, closer), std::vector<std::string>{"closed"});
  EXPECT_EQ(marks(world, after), std::vector<std::string>{});
}

}  // namespace
}  // namespace cambist::test
