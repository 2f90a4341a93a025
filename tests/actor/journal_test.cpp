// The journal writer: natural batches, answers in order, keys that expire.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using payment::CaptureMethod;

TEST(JournalActor, WhatArrivesTogetherSharesACommit) {
  ActorWorld world;
  for (int i = 0; i < 500; ++i) (void)world.create();
  world.pass(5s);
  EXPECT_EQ(world.telemetry->committed, 1'000U);  // an intent and a verdict each
  EXPECT_LT(world.faults->appends.load(), 700);   // the scheduler is as unkind as it can be
  EXPECT_GT(world.faults->largest_batch.load(), 4U);
  EXPECT_LE(world.faults->largest_batch.load(), 256U);
}

TEST(JournalActor, ABatchIsNeverLargerThanAllowed) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { params.journal_batch_max = 3; }};
  for (int i = 0; i < 100; ++i) (void)world.create();
  world.pass(5s);
  EXPECT_EQ(world.faults->largest_batch.load(), 3U);
  EXPECT_EQ(world.telemetry->committed, 200U);
}

TEST(JournalActor, OneFailingAppendCostsOnlyItself) {
  ActorWorld world;
  world.shuffle = false;
  std::vector<ActorWorld::Created> all;
  for (int i = 0; i < 10; ++i) {
    all.push_back(
        world.create(CaptureMethod::automatic, i % 2 ? "same" : "key-" + std::to_string(i), "b"));
  }
  world.pass(5s);
  int created = 0;
  for (const auto& one : all) created += one.asked->status() == 201 ? 1 : 0;
  EXPECT_EQ(created, 6);  // five keys of their own, and the first of the others
}

TEST(JournalActor, AnsweredKeysExpireWithTime) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { params.key_lifetime = 10min; }};
  const auto first = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(9min);
  EXPECT_TRUE(world.reader().key(default_tenant(), "key-1")->has_value());
  world.pass(3min);
  EXPECT_FALSE(world.reader().key(default_tenant(), "key-1")->has_value());
  const auto second = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  EXPECT_EQ(second.asked->status(), 201);
  EXPECT_NE(second.asked->body(), first.asked->body());
}

TEST(JournalActor, TellsHowLongTheOldestWriteOfABatchHadBeenOnItsWay) {
  const auto queue_us = std::make_shared<std::atomic<std::int64_t>>(0);
  ActorWorld world{
      1, [queue_us](actors::RuntimeParams& params) { params.journal_queue_us = queue_us; }};
  (void)world.create();
  world.pass(1s);
  EXPECT_LE(queue_us->load(), 1'000);
  world.frozen = "journal";
  (void)world.create();
  world.pass(300ms);
  (void)world.create();
  world.pass(200ms);
  world.frozen = "";
  world.settle();
  EXPECT_GE(queue_us->load(), 500'000);
  EXPECT_LE(queue_us->load(), 510'000);
  (void)world.create();
  world.pass(1s);
  EXPECT_LE(queue_us->load(), 1'000);
}

TEST(JournalActor, WhatItsSenderHasGivenUpIsNotWritten) {
  ActorWorld world;
  world.frozen = "journal";
  const auto late = world.create();
  world.pass(11s);
  EXPECT_EQ(late.asked->status(), 503);
  const auto in_time = world.create();
  world.pass(1s);
  world.frozen = "";
  world.pass(5s);
  EXPECT_EQ(in_time.asked->status(), 201);
  EXPECT_FALSE(world.reader().payment(default_tenant(), late.id)->has_value());
  EXPECT_EQ(world.wire->effects_of(late.id.to_string()), 0U);
  world.check_invariants();
}

TEST(JournalActor, WritesOfBothKindsShareABatch) {
  ActorWorld world;
  world.shuffle = false;
  const PaymentId id = world.captured();
  world.frozen = "journal";
  (void)world.create();
  (void)world.webhook("evt_1", "happened", id);
  (void)world.create();
  world.settle();
  world.faults->largest_batch = 0;
  world.frozen = "";
  world.pass(1s);
  EXPECT_GE(world.faults->largest_batch.load(), 3U);
  EXPECT_NE(world.webhook_status("evt_1"), "none");
}

TEST(JournalActor, ForgetsSettledWebhooksAfterThirtyDays) {
  ActorWorld world;
  (void)world.webhook(scripted_webhook("evt_1", "customer.created"));
  world.pass(1s);
  world.jump(std::chrono::hours{24 * 29});
  world.pass(5min);
  EXPECT_EQ(world.webhook_status("evt_1"), "ignored");
  world.jump(std::chrono::hours{24 * 2});
  world.pass(5min);
  EXPECT_EQ(world.webhook_status("evt_1"), "none");
}

TEST(JournalActor, MeasuresHowLongAnIntentWasOnItsWay) {
  ActorWorld world;
  world.frozen = "journal";
  (void)world.create();
  world.pass(250ms);
  world.frozen = "";
  world.pass(1s);
  ASSERT_EQ(world.telemetry->queued_for.size(), 1U);  // a verdict is nobody's intent
  EXPECT_GE(world.telemetry->queued_for[0], 250ms);
  EXPECT_LE(world.telemetry->queued_for[0], 260ms);
}

}  // namespace
}  // namespace cambist::test
