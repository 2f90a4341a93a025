// Nobody found out what became of an operation: after a day the operators must, and what they
// decide ends it.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

/// A payment whose charge took effect, and whose provider never tells: unknown for more than a day.
PaymentId unknown_for_a_day(ActorWorld& world, const std::string& key = "") {
  world.wire->script = {Fault::lost_after};
  for (int i = 0; i < 200; ++i) world.wire->inquiry_script.push_back(Fault::garbage);
  const auto created = world.create(payment::CaptureMethod::automatic, key, "body");
  world.pass(26h);
  EXPECT_EQ(world.status(created.id), "processing");
  return created.id;
}

std::vector<storage::TaskRow> tasks(ActorWorld& world, const std::string& status) {
  storage::TaskQuery query{default_tenant()};
  query.status = status;
  return world.reader().tasks(query).value();
}

payment::ResolveOperation resolve(const storage::TaskRow& task, bool succeeded) {
  payment::ResolveOperation command;
  command.operation = task.operation;
  command.succeeded = succeeded;
  command.reason = "seen in the dashboard";
  command.by = "ops";
  return command;
}

TEST(Tasks, AnOutcomeUnknownForADayIsATaskAndOnlyOne) {
  ActorWorld world;
  const PaymentId id = unknown_for_a_day(world);
  const auto open = tasks(world, "open");
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].payment, id);
  EXPECT_EQ(open[0].kind, "unknown_outcome");
  EXPECT_EQ(open[0].operation_kind, "charge");
  EXPECT_EQ(world.telemetry->tasks, 1);
  world.pass(24h);
  EXPECT_EQ(tasks(world, "").size(), 1U);
  EXPECT_EQ(world.live_payments(), 0);
  world.check_invariants();
}

TEST(Tasks, WhatTheOperatorsFoundOutEndsTheOperation) {
  for (const bool succeeded : {true, false}) {
    ActorWorld world;
    const PaymentId id = unknown_for_a_day(world);
    const auto asked = world.perform(id, resolve(tasks(world, "open").at(0), succeeded));
    world.pass(1s);
    EXPECT_EQ(asked->status(), 200);
    EXPECT_EQ(world.status(id), succeeded ? "captured" : "failed");
    EXPECT_TRUE(tasks(world, "open").empty());
    const auto resolved = tasks(world, "resolved");
    ASSERT_EQ(resolved.size(), 1U);
    EXPECT_EQ(resolved[0].reason, "seen in the dashboard");
    EXPECT_EQ(world.telemetry->tasks, 0);
    ASSERT_EQ(world.telemetry->resolved.size(), 1U);
    EXPECT_EQ(world.telemetry->resolved[0].first, "operator");
    EXPECT_GT(world.telemetry->resolved[0].second, 24h);
    EXPECT_EQ(world.reader().audit(default_tenant(), std::nullopt, 10)->size(), 1U);
  }
}

TEST(Tasks, CannotBeResolvedTwiceNorWhenNothingIsUnknown) {
  ActorWorld world;
  const PaymentId id = unknown_for_a_day(world);
  const auto task = tasks(world, "open").at(0);
  const auto first = world.perform(id, resolve(task, true));
  const auto second = world.perform(id, resolve(task, false));
  world.pass(1s);
  EXPECT_EQ(first->status() + second->status(), 200 + 409);
  EXPECT_EQ(tasks(world, "").size(), 1U);
  EXPECT_EQ(world.reader().audit(default_tenant(), std::nullopt, 10)->size(), 1U);
}

TEST(Tasks, TheProvidersAnswerAfterAllEndsTheTaskToo) {
  ActorWorld world;
  const PaymentId id = unknown_for_a_day(world);
  world.wire->inquiry_script.clear();
  (void)world.webhook("evt_1", "happened", id);
  world.pass(5min);
  EXPECT_EQ(world.status(id), "captured");
  ASSERT_EQ(tasks(world, "resolved").size(), 1U);
  EXPECT_EQ(tasks(world, "resolved")[0].outcome, "settled");
  EXPECT_EQ(world.telemetry->tasks, 0);
}

TEST(Tasks, WhatTheOperatorsFoundOutIsTheAnswerUnderTheClientsKey) {
  ActorWorld world;
  const PaymentId id = unknown_for_a_day(world, "key-1");
  const auto asked = world.perform(id, resolve(tasks(world, "open").at(0), true));
  world.pass(1s);
  ASSERT_EQ(asked->status(), 200);
  const auto again = world.create(payment::CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  EXPECT_EQ(again.asked->status(), 201);
  EXPECT_TRUE(again.asked->answers.at(0).replayed);
  EXPECT_NE(again.asked->body().find(id.to_string()), std::string::npos);
}

}  // namespace
}  // namespace cambist::test
