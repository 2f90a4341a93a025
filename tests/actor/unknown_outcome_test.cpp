// Nobody answered: the outcome is a state, settled by asking, never a guess.
#include <gtest/gtest.h>

#include "actors/payment/record.hpp"
#include "protocols/api/answers.hpp"
#include "protocols/payment/codec.hpp"
#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

int inquiries(const ActorWorld& world) {
  int count = 0;
  for (const auto& request : world.wire->requests) count += request.starts_with("GET ") ? 1 : 0;
  return count;
}

TEST(UnknownOutcome, IsAskedAboutAtOnceAndTheClientNeverNotices) {
  ActorWorld world;
  world.wire->script = {Fault::error_after};
  const auto created = world.create();
  world.pass(1s);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_EQ(inquiries(world), 1);
  EXPECT_EQ(world.wire->effects_of(created.id.to_string()), 1U);
  EXPECT_EQ(world.status(created.id), "captured");
}

TEST(UnknownOutcome, FollowsTheScheduleOfInquiriesOnVirtualTime) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.idle_max = 120s;
                     params.reply_max = 15s;
                   }};
  world.wire->script = {Fault::error_after};
  world.wire->inquiry_script = {Fault::garbage, Fault::garbage, Fault::garbage};
  const auto created = world.create();
  world.pass(500ms);
  EXPECT_EQ(inquiries(world), 1);  // at once
  EXPECT_EQ(world.status(created.id), "processing");
  world.pass(3s);  // after 2 s +- jitter
  EXPECT_EQ(inquiries(world), 2);
  world.pass(7s);  // after 5 s more
  EXPECT_EQ(inquiries(world), 3);
  EXPECT_EQ(created.asked->count(), 0U);
  world.pass(20s);  // after 15 s more: it is told
  EXPECT_EQ(inquiries(world), 4);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.wire->effects_of(created.id.to_string()), 1U);
  world.check_invariants();
}

TEST(UnknownOutcome, AClientThatWaitsTooLongIsAnswered202Once) {
  ActorWorld world;
  world.wire->script = {Fault::error_after};
  for (int i = 0; i < 6; ++i) world.wire->inquiry_script.push_back(Fault::garbage);
  const auto created = world.create();
  world.pass(20s);
  ASSERT_EQ(created.asked->count(), 1U);
  EXPECT_EQ(created.asked->status(), 202);
  EXPECT_NE(created.asked->body().find(R"("status":"processing")"), std::string::npos);
  world.pass(60min);  // the breaker opened meanwhile, and inquiries respect it
  EXPECT_EQ(created.asked->count(), 1U);
  EXPECT_EQ(world.status(created.id), "captured");
}

TEST(UnknownOutcome, CommandsAreRefusedMeanwhileAndNothingIsSentTwice) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  world.wire->script = {Fault::error_after};
  world.wire->inquiry_script = {Fault::garbage};
  const auto capture = world.perform(id, world.capture());
  world.pass(1s);
  const auto cancel = world.perform(id, world.cancel());
  world.pass(100ms);
  EXPECT_EQ(cancel->status(), 409);
  EXPECT_NE(cancel->body().find("outcome_unknown"), std::string::npos);
  world.pass(10s);
  EXPECT_EQ(capture->status(), 200);
  EXPECT_EQ(world.wire->effects_of(id.to_string()), 2U);  // the authorization and one capture
}

TEST(UnknownOutcome, WhatSurelyNeverArrivedIsSentAgainWithTheSameKey) {
  ActorWorld world;
  world.wire->script = {Fault::lost_before};
  const auto created = world.create();
  world.pass(60s);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.wire->effects_of(created.id.to_string()), 1U);
  EXPECT_EQ(world.wire->most_effects_of_one_key(), 1U);
}

TEST(UnknownOutcome, AWakeUpWhileACallIsUnderWayMakesNoSecondCall) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.policy.call_grace = 1s;  // due long before the call is over
                     params.timer_poll = 100ms;
                   }};
  world.wire->latency = 6s;
  world.pass(1s);  // the scheduler has seen to what was open at start
  const auto created = world.create();
  world.pass(5s);
  EXPECT_EQ(world.wire->requests.size(), 1U);
  world.pass(5s);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_EQ(world.wire->requests.size(), 1U);
}

// A step that became durable after its payment had given it up: nobody who lives knows of it.
TEST(UnknownOutcome, AStepThatThePaymentDoesNotKnowOfIsFoundWhenItsTimerIsDue) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.idle_max = params.settled_idle_max = std::chrono::hours{1};
                   }};
  const PaymentId id = world.authorized();
  payment::Payment before;
  const auto story = world.reader().events(id);
  for (const auto& [sequence, row] : *story) {
    before = payment::evolve(std::move(before),
                             {row.at, *payment::decode(row.type, row.schema_version, row.json)});
  }
  const auto decision =
      *payment::decide(before, world.capture(), payment::Policy{}, world.now(), 0.5);
  payment::Payment after = before;
  for (const auto& event : decision.events) after = payment::evolve(std::move(after), event);
  world.faults->foreign = actors::live::make_append(
      before, after, decision.events, payment::Policy{}, [&world] { return world.rng(); }, {},
      api::render(after), "");
  (void)world.create();
  world.pass(5s);
  ASSERT_EQ(world.status(id), "processing");
  world.pass(60s);
  EXPECT_EQ(world.status(id), "captured");
  EXPECT_EQ(world.wire->effects_of(id.to_string()), 2U);
  world.check_invariants();
}

TEST(UnknownOutcome, APaymentThatWaitsForHoursHoldsNoActorAndIsWokenByItsTimer) {
  ActorWorld world;
  world.wire->script = {Fault::lost_after};
  for (int i = 0; i < 9; ++i) world.wire->inquiry_script.push_back(Fault::garbage);
  const auto created = world.create();
  world.pass(20min);
  EXPECT_EQ(world.live_payments(), 0);
  EXPECT_EQ(world.status(created.id), "processing");
  world.pass(std::chrono::minutes{300});
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.live_payments(), 0);
  EXPECT_EQ(world.wire->effects_of(created.id.to_string()), 1U);
  world.check_invariants();
}

}  // namespace
}  // namespace cambist::test
