// The process dies between any two steps of a webhook's way: it takes effect exactly once, and what
// was answered for is never lost.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

std::size_t effects_of(ActorWorld& world, const PaymentId& id, const std::string& event) {
  std::size_t count = 0;
  const auto story = world.reader().events(id);
  for (const auto& stored : *story) {
    if (stored.event.json.find('"' + event + '"') != std::string::npos) ++count;
  }
  return count;
}

TEST(WebhookCrash, BetweenAnyTwoStepsItTakesEffectExactlyOnce) {
  bool over = false;
  int steps = 0;
  for (; !over; ++steps) {
    ActorWorld world{static_cast<std::uint64_t>(steps) + 1};
    world.shuffle = false;
    const PaymentId id = world.captured();
    const auto taken = world.webhook("evt_1", "dispute dp_1 500 open", id);
    for (int i = 0; i < steps && !over; ++i) over = !world.step();
    world.crash();
    const bool answered = taken->stored();
    if (answered) EXPECT_NE(world.webhook_status("evt_1"), "none") << "step " << steps;
    world.start();
    // A provider that was not told 2xx sends it again.
    if (!answered) (void)world.webhook("evt_1", "dispute dp_1 500 open", id);
    world.pass(5min);
    EXPECT_EQ(world.webhook_status("evt_1"), "applied") << "step " << steps;
    EXPECT_EQ(effects_of(world, id, "evt_1"), 1U) << "step " << steps;
    world.check_invariants();
  }
  EXPECT_GT(steps, 10);
}

/// A webhook that only makes us ask has its effect by the answer, and nothing but the webhook would
/// ask again after a crash: the payer's turn lasts a day.
TEST(WebhookCrash, BetweenAnyTwoStepsWhatItMadeUsAskIsAskedAgain) {
  bool over = false;
  int steps = 0;
  for (; !over; ++steps) {
    ActorWorld world{static_cast<std::uint64_t>(steps) + 1};
    world.shuffle = false;
    world.wire->script = {Fault::action};
    const auto created = world.create();
    world.pass(1s);
    ASSERT_EQ(world.status(created.id), "requires_action");
    world.wire->act();
    const auto taken = world.webhook("evt_1", "happened", created.id);
    for (int i = 0; i < steps && !over; ++i) over = !world.step();
    world.crash();
    const bool answered = taken->stored();
    world.start();
    if (!answered) (void)world.webhook("evt_1", "happened", created.id);
    world.pass(5min);
    EXPECT_EQ(world.status(created.id), "captured") << "step " << steps;
    const auto status = world.webhook_status("evt_1");
    EXPECT_TRUE(status == "applied" || status == "ignored") << status << " step " << steps;
    world.check_invariants();
  }
  EXPECT_GT(steps, 10);
}

TEST(WebhookCrash, WhileAWebhookAndTheAnswerOfTheApiRaceNothingHappensTwice) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    ActorWorld world{seed};
    world.wire->latency = 200ms;
    const auto created = world.create();
    world.pass(110ms);  // the effect has happened
    auto taken = world.webhook("evt_1", "captured 10000", created.id);
    world.pass(std::chrono::milliseconds{seed * 4 % 120});
    for (std::uint64_t i = 0; i < seed % 17; ++i) (void)world.step();
    world.crash();
    world.start();
    if (!taken->stored()) (void)world.webhook("evt_1", "captured 10000", created.id);
    world.pass(10min);
    EXPECT_EQ(world.status(created.id), "captured") << "seed " << seed;
    EXPECT_EQ(world.wire->effects.size(), 1U) << "seed " << seed;
    const auto status = world.webhook_status("evt_1");
    EXPECT_TRUE(status == "applied" || status == "ignored") << status << " seed " << seed;
    world.check_invariants();
  }
}

TEST(WebhookCrash, AThousandWaitingOnesAreFoundAgainByTheNextStart) {
  ActorWorld world;
  std::vector<PaymentId> ids;
  for (int i = 0; i < 10; ++i) ids.push_back(world.captured());
  world.frozen = "payments";
  for (std::size_t i = 0; i < 1'000; ++i) {
    (void)world.webhook("evt_" + std::to_string(i), "dispute dp_" + std::to_string(i) + " 1 open",
                        ids[i % ids.size()]);
  }
  world.pass(1s);
  EXPECT_EQ(world.telemetry->webhooks["stored"], 1'000);
  world.frozen = "";
  world.crash();
  world.start();
  world.pass(60s);
  EXPECT_EQ(world.telemetry->settled_webhooks["applied"], 1'000);
  world.check_invariants();
}

TEST(WebhookCrash, AStopIsNoEndEither) {
  ActorWorld world;
  const PaymentId id = world.captured();
  const auto taken = world.webhook("evt_1", "dispute dp_1 500 open", id);
  while (taken->count() == 0) ASSERT_TRUE(world.step());
  world.stop_politely();
  world.settle();  // those whose parents have ended end too
  for (const auto& [kind, count] : world.telemetry->live) EXPECT_EQ(count, 0) << kind;
  world.start();
  world.pass(2min);
  EXPECT_EQ(world.webhook_status("evt_1"), "applied");
  EXPECT_EQ(effects_of(world, id, "evt_1"), 1U);
}

}  // namespace
}  // namespace cambist::test
