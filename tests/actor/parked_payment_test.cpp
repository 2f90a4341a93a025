// A payment whose actor keeps failing is parked: shown with its last error, no load for anybody,
// and given another chance after a while.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

const actors::SupervisionNode* find(const actors::SupervisionNode& node, const std::string& name) {
  if (node.name == name) return &node;
  for (const auto& child : node.children) {
    if (const auto* found = find(child, name)) return found;
  }
  return nullptr;
}

/// Its events are not understood five times in a row.
void park(ActorWorld& world, const PaymentId& id) {
  world.pass(31s);  // its actor has left
  world.faults->corrupt_events = 5;
  for (int i = 0; i < 5; ++i) {
    (void)world.perform(id, world.capture());
    world.pass(1s);
  }
}

TEST(ParkedPayment, IsShownBelowThePaymentsWithItsLastError) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  EXPECT_EQ(find(world.tree(), id.to_string()), nullptr);
  park(world, id);
  const auto tree = world.tree();
  const auto* payments = find(tree, "payments");
  const auto* node = find(*payments, id.to_string());
  ASSERT_NE(node, nullptr);
  EXPECT_EQ(node->kind, "payment");
  EXPECT_EQ(node->state, "parked");
  EXPECT_EQ(node->restarts, 5U);
  EXPECT_NE(node->last_error.find("event not understood"), std::string::npos);
  EXPECT_GT(node->since, payments->since);
}

TEST(ParkedPayment, HasOneMoreChanceAfterAnHour) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  park(world, id);
  world.pass(59min);
  const auto early = world.perform(id, world.capture());
  world.pass(2s);
  EXPECT_EQ(early->status(), 503);
  world.pass(2min);
  const auto captured = world.perform(id, world.capture());
  world.pass(1s);
  EXPECT_EQ(captured->status(), 200);
  EXPECT_EQ(find(world.tree(), id.to_string()), nullptr);
}

TEST(ParkedPayment, ThatFailsAgainIsParkedAgainAtOnce) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  park(world, id);
  world.pass(61min);
  world.faults->corrupt_events = 1;
  const auto failed = world.perform(id, world.capture());
  world.pass(1s);
  const auto parked = world.perform(id, world.capture());
  world.pass(1s);
  EXPECT_EQ(failed->status(), 503);
  EXPECT_NE(parked->body().find("parked"), std::string::npos);
  EXPECT_EQ(find(world.tree(), id.to_string())->restarts, 6U);
}

TEST(ParkedPayment, ItsTimerKeepsNobodyBusy) {
  ActorWorld world;
  world.wire->script = {Fault::lost_after};
  for (int i = 0; i < 8; ++i) world.wire->inquiry_script.push_back(Fault::garbage);
  const auto created = world.create();
  world.pass(60s);
  ASSERT_EQ(world.status(created.id), "processing");
  world.faults->corrupt_events = 1'000;
  world.pass(10min);  // each wake-up fails, until it is parked
  ASSERT_NE(find(world.tree(), created.id.to_string()), nullptr);
  const auto fired = world.telemetry->timers.size();
  world.pass(30min);
  EXPECT_LE(world.telemetry->timers.size() - fired, 8U);
  EXPECT_EQ(world.telemetry->restarts["payment"], 5);
  world.faults->corrupt_events = 0;
  world.wire->inquiry_script.clear();
  world.pass(61min);  // nobody asks for it: its timer does
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.wire->effects.size(), 1U);
}

TEST(ParkedPayment, DoesNotSlowItsNeighbours) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  park(world, id);
  const TimePoint before = world.now();
  const auto created = world.create();
  while (created.asked->count() == 0) world.pass(1ms);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_LE(world.now() - before, 2 * world.wire->latency);
}

TEST(ParkedPayment, FailsItsWebhooksWhichAreNotLost) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  park(world, id);
  (void)world.webhook("evt_1", "happened", id);
  world.pass(1s);
  EXPECT_EQ(world.webhook_status("evt_1"), "retrying");
  EXPECT_EQ(world.stored_webhook("evt_1")->error, "parked");
  world.pass(62min);
  EXPECT_EQ(world.webhook_status("evt_1"), "dead");
  EXPECT_EQ(world.replay({world.stored_webhook("evt_1")->id}).replayed, 1U);
  world.pass(1s);
  EXPECT_EQ(world.webhook_status("evt_1"), "ignored");
}

}  // namespace
}  // namespace cambist::test
