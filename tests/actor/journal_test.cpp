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

}  // namespace
}  // namespace cambist::test
