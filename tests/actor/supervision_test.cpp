// The tree: what it shows, how its parts come back, when it gives up, and how it stops.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using payment::CaptureMethod;

const actors::SupervisionNode* find(const actors::SupervisionNode& node, const std::string& name) {
  if (node.name == name) return &node;
  for (const auto& child : node.children) {
    if (const auto* found = find(child, name)) return found;
  }
  return nullptr;
}

TEST(Supervision, TheTreeShowsEveryPartAndCountsThePayments) {
  ActorWorld world;
  for (int i = 0; i < 3; ++i) (void)world.captured();
  const auto tree = world.tree();
  EXPECT_EQ(tree.kind, "root");
  EXPECT_EQ(tree.state, "running");
  for (const auto* name : {"journal", "readers", "reader-0", "reader-1", "providers", "stub",
                           "payments", "scheduler"}) {
    const auto* node = find(tree, name);
    ASSERT_NE(node, nullptr) << name;
    EXPECT_EQ(node->state, "running") << name;
    EXPECT_EQ(node->restarts, 0U) << name;
    EXPECT_GT(to_micros(node->since), 0) << name;
  }
  EXPECT_EQ(find(tree, "payments")->live_children, 3U);
  EXPECT_TRUE(find(tree, "payments")->children.empty());
}

TEST(Supervision, AProviderIsStartedAgainWithBackoffAndItsHandleStaysValid) {
  ActorWorld world;
  world.telemetry->throw_on_called = 1;
  (void)world.create();
  world.pass(40ms);
  const auto down = world.tree();
  EXPECT_EQ(find(down, "stub")->state, "restarting");
  EXPECT_NE(find(down, "stub")->last_error.find("told to fail"), std::string::npos);
  world.pass(200ms);
  const auto up = world.tree();
  EXPECT_EQ(find(up, "stub")->state, "running");
  EXPECT_EQ(find(up, "stub")->restarts, 1U);
  EXPECT_GT(find(up, "stub")->since, find(up, "journal")->since);
  const auto created = world.create();
  world.pass(1s);
  EXPECT_EQ(created.asked->status(), 201);
}

TEST(Supervision, TheBackoffGrowsWithEachFailure) {
  ActorWorld world;
  std::vector<Duration> waits;
  for (int i = 0; i < 5; ++i) {
    world.telemetry->throw_on_poll = 1;
    while (find(world.tree(), "scheduler")->state != "restarting") world.pass(10ms);
    const TimePoint down = world.now();
    while (find(world.tree(), "scheduler")->state != "running") world.pass(1ms);
    waits.push_back(world.now() - down);
  }
  EXPECT_LE(waits[0], 101ms);
  EXPECT_GE(waits[4], 700ms);  // 100 ms doubled four times, jittered down to half at most
  EXPECT_EQ(find(world.tree(), "scheduler")->restarts, 5U);
}

TEST(Supervision, ASpentBudgetEscalatesAndStopsTheTree) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { params.restart.restarts_max = 3; }};
  world.telemetry->throw_on_poll = 100;
  world.pass(30s);
  ASSERT_EQ(world.escalations.size(), 1U);
  EXPECT_NE(world.escalations[0].find("scheduler"), std::string::npos);
  EXPECT_EQ(world.telemetry->live["root"], 0);
  EXPECT_EQ(world.telemetry->live["journal"], 0);
  EXPECT_EQ(world.telemetry->live["payments"], 0);
  const auto late = world.create();
  world.settle();
  EXPECT_EQ(late.asked->count(), 1U);
  EXPECT_EQ(late.asked->errors.size(), 1U);  // CAF tells that nobody is there
}

TEST(Supervision, AProviderThatKeepsFailingEscalatesToo) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { params.restart.restarts_max = 2; }};
  for (int i = 0; i < 4 && world.escalations.empty(); ++i) {
    world.telemetry->throw_on_called = 1;
    (void)world.create();
    world.pass(2s);
  }
  ASSERT_EQ(world.escalations.size(), 1U);
  EXPECT_NE(world.escalations[0].find("stub"), std::string::npos);
}

TEST(Supervision, TheFailureOfTheJournalActorItselfStopsTheTree) {
  ActorWorld world;
  world.telemetry->throw_on_committed = 1;
  const auto created = world.create();
  world.pass(5s);
  ASSERT_EQ(world.escalations.size(), 1U);
  EXPECT_NE(world.escalations[0].find("journal"), std::string::npos);
  ASSERT_EQ(created.asked->count(), 1U);
  EXPECT_EQ(created.asked->status(), 503);
  for (const auto& [kind, count] : world.telemetry->live) EXPECT_EQ(count, 0) << kind;
  world.runtime.reset();
  world.start();  // the process is started anew: what had become durable goes on
  world.pass(60s);
  EXPECT_EQ(world.status(created.id), "captured");
  world.check_invariants();
}

TEST(Supervision, StopLetsRunningCallsEndAndMakesAllDurable) {
  ActorWorld world;
  world.wire->latency = 2s;
  std::vector<ActorWorld::Created> all;
  for (int i = 0; i < 20; ++i) all.push_back(world.create());
  world.pass(1s);
  world.stop_politely();
  for (const auto& one : all) {
    ASSERT_EQ(one.asked->count(), 1U);
    EXPECT_EQ(one.asked->status(), 201);
    EXPECT_EQ(world.status(one.id), "captured");
  }
  for (const auto& [kind, count] : world.telemetry->live) EXPECT_EQ(count, 0) << kind;
}

TEST(Supervision, StopDoesNotWaitForEverForAProvider) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.stop_deadline = 3s;
                     params.providers["stub"].call_timeout = 600s;
                   }};
  world.wire->latency = 500s;
  const auto created = world.create();
  world.pass(1s);
  const TimePoint before = world.now();
  world.stop_politely();
  EXPECT_LE(world.now() - before, 10s);
  world.settle();  // children of a part that has ended may take their exits after it
  ASSERT_EQ(created.asked->count(), 1U);
  EXPECT_EQ(created.asked->status(), 202);
  for (const auto& [kind, count] : world.telemetry->live) EXPECT_EQ(count, 0) << kind;
  world.wire->latency = 20ms;
  world.start();  // the next start sees to it
  world.pass(60s);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.wire->effects.size(), 1U);
}

TEST(Supervision, WhileStoppingNewCommandsAre503) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  world.wire->latency = 2s;
  const auto running = world.perform(id, world.capture());
  world.pass(100ms);
  const auto late = std::make_shared<std::optional<AskedPtr>>();
  bool asked = false;
  int steps = 0;
  world.on_stop_step = [&] {
    if (!asked && ++steps > 8) {
      asked = true;
      *late = world.create().asked;
    }
  };
  world.stop_politely();
  ASSERT_TRUE(late->has_value());
  ASSERT_EQ((**late)->count(), 1U);
  EXPECT_TRUE((**late)->status() == 503 || (**late)->errors.size() == 1);
  EXPECT_EQ(running->status(), 200);
}

}  // namespace
}  // namespace cambist::test
