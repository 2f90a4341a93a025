// One key, one request, one effect, one answer.
#include <gtest/gtest.h>

#include <set>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using payment::CaptureMethod;

TEST(Idempotency, AReplayIsByteEqualAndHasNoEffect) {
  ActorWorld world;
  const auto first = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  const auto again = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  ASSERT_EQ(again.asked->count(), 1U);
  EXPECT_EQ(again.asked->status(), 201);
  EXPECT_TRUE(again.asked->answers[0].replayed);
  EXPECT_EQ(again.asked->body(), first.asked->body());
  EXPECT_EQ(again.asked->answers[0].location, first.asked->answers[0].location);
  EXPECT_EQ(world.wire->effects.size(), 1U);
  EXPECT_EQ(world.status(again.id), "none");
}

TEST(Idempotency, ADeclineIsReplayedToo) {
  ActorWorld world;
  world.wire->script = {Fault::decline};
  const auto first = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  const auto again = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  EXPECT_EQ(again.asked->status(), 402);
  EXPECT_TRUE(again.asked->answers.at(0).problem);
  EXPECT_EQ(again.asked->body(), first.asked->body());
  EXPECT_EQ(world.wire->requests.size(), 1U);
}

TEST(Idempotency, TheSameKeyWithAnotherRequestIs422) {
  ActorWorld world;
  (void)world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  const auto other = world.create(CaptureMethod::automatic, "key-1", "another body");
  world.pass(1s);
  EXPECT_EQ(other.asked->status(), 422);
  EXPECT_NE(other.asked->body().find("idempotency_key_reused"), std::string::npos);
  EXPECT_EQ(world.wire->effects.size(), 1U);
}

TEST(Idempotency, TheSameKeyOfAnotherTenantIsAnotherKey) {
  ActorWorld world;
  const auto first = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  const auto random = [&] { return world.rng(); };
  const auto id = PaymentId::make(world.now(), random);
  payment::Details details;
  details.amount = Money{100, *Currency::parse("EUR")};
  details.provider = "stub";
  details.method = {"card", "pm_1"};
  const TenantId other{"other"};
  const auto second =
      world.perform(id, payment::Create{id, other, details, OperationId::make(world.now(), random)},
                    "key-1", "body", other);
  world.pass(1s);
  EXPECT_EQ(first.asked->status(), 201);
  EXPECT_EQ(second->status(), 201);
  EXPECT_EQ(world.wire->effects.size(), 2U);
}

TEST(Idempotency, WhileTheFirstIsRunningTheSecondIs409) {
  ActorWorld world;
  const auto first = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(5ms);
  const auto second = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(5ms);
  EXPECT_EQ(second.asked->status(), 409);
  EXPECT_NE(second.asked->body().find("idempotency_in_progress"), std::string::npos);
  EXPECT_EQ(second.asked->answers.at(0).retry_after_s, 1);
  world.pass(1s);
  EXPECT_EQ(first.asked->status(), 201);
}

TEST(Idempotency, TwoHundredAtOnceMakeOnePaymentAndOneEffect) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    ActorWorld world{seed};
    std::vector<ActorWorld::Created> all;
    for (int i = 0; i < 200; ++i)
      all.push_back(world.create(CaptureMethod::automatic, "key-1", "body"));
    world.pass(1s);
    std::set<std::string> bodies;
    int created = 0;
    for (const auto& one : all) {
      ASSERT_EQ(one.asked->count(), 1U) << "seed " << seed;
      if (one.asked->status() == 201) {
        ++created;
        bodies.insert(one.asked->body());
      } else {
        EXPECT_EQ(one.asked->status(), 409) << one.asked->body();
      }
    }
    EXPECT_GE(created, 1);
    EXPECT_EQ(bodies.size(), 1U);
    EXPECT_EQ(world.wire->effects.size(), 1U);
    const auto later = world.create(CaptureMethod::automatic, "key-1", "body");
    world.pass(100ms);
    EXPECT_EQ(later.asked->status(), 201);
    EXPECT_EQ(later.asked->body(), *bodies.begin());
    EXPECT_LE(world.live_payments(), 1);  // those that came to nothing are gone already
    world.check_invariants();
  }
}

TEST(Idempotency, ACaptureIsReplayedAlthoughThePaymentIsCapturedByNow) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  const auto first = world.perform(id, world.capture(), "key-c", "capture");
  world.pass(1s);
  const auto again = world.perform(id, world.capture(), "key-c", "capture");
  const auto other = world.perform(id, world.capture(), "key-d", "capture");
  world.pass(1s);
  EXPECT_EQ(first->status(), 200);
  EXPECT_EQ(again->status(), 200);
  EXPECT_EQ(again->body(), first->body());
  EXPECT_EQ(other->status(), 409);  // a new request, and the payment is captured
  EXPECT_EQ(world.wire->effects_of(id.to_string()), 2U);
}

TEST(Idempotency, APartialRefundIsNotRefundedTwiceByARepeatThatWouldBeAllowed) {
  ActorWorld world;
  const PaymentId id = world.captured();
  const auto first = world.perform(id, world.refund(1'000), "key-r", "refund");
  world.pass(1s);
  const auto again = world.perform(id, world.refund(1'000), "key-r", "refund");
  world.pass(1s);
  EXPECT_EQ(first->status(), 200);
  EXPECT_EQ(again->body(), first->body());
  EXPECT_TRUE(again->answers.at(0).replayed);
  EXPECT_EQ(world.wire->effects_of(id.to_string()), 2U);  // the charge and one refund
}

TEST(Idempotency, AKeyUsedOnAnotherPaymentIs422ByItsFingerprint) {
  ActorWorld world;
  const PaymentId one = world.authorized();
  const PaymentId two = world.authorized();
  const auto first = world.perform(one, world.capture(), "key-c", "capture one");
  world.pass(1s);
  const auto second = world.perform(two, world.capture(), "key-c", "capture two");
  world.pass(1s);
  EXPECT_EQ(first->status(), 200);
  EXPECT_EQ(second->status(), 422);
  EXPECT_EQ(world.status(two), "authorized");
}

TEST(Idempotency, AnOutageFreesTheKeyAndTheNextRequestWithItIsANewOne) {
  ActorWorld world;
  world.wire->script = {Fault::outage, Fault::outage, Fault::outage};
  const auto first = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(10s);
  EXPECT_EQ(first.asked->status(), 503);
  const auto again = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  EXPECT_EQ(again.asked->status(), 201);
  EXPECT_FALSE(again.asked->answers.at(0).replayed);
  EXPECT_EQ(world.status(again.id), "captured");
}

TEST(Idempotency, ARefusalThatWroteNothingLeavesTheKeyFree) {
  ActorWorld world;
  const PaymentId id = world.captured();
  const auto refused = world.perform(id, world.refund(20'000), "key-r", "refund");
  world.pass(100ms);
  EXPECT_EQ(refused->status(), 422);
  EXPECT_FALSE(world.reader().key(default_tenant(), "key-r")->has_value());
  const auto good = world.perform(id, world.refund(1'000), "key-r", "other refund");
  world.pass(1s);
  EXPECT_EQ(good->status(), 200);
}

TEST(Idempotency, AKeyIsCompletedByAVerdictThatComesAfterTheClientHasGone) {
  ActorWorld world;
  world.wire->script = {Fault::error_after};
  for (int i = 0; i < 6; ++i) world.wire->inquiry_script.push_back(Fault::garbage);
  const auto first = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(20s);
  EXPECT_EQ(first.asked->status(), 202);
  const auto early = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(100ms);
  EXPECT_EQ(early.asked->status(), 409);
  world.pass(60min);
  const auto late = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  EXPECT_EQ(late.asked->status(), 201);
  EXPECT_TRUE(late.asked->answers.at(0).replayed);
  EXPECT_EQ(world.wire->effects.size(), 1U);
}

TEST(Idempotency, WhatFollowsTheAnswerDoesNotChangeIt) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { params.policy.action_wait = 1min; }};
  world.wire->script = {Fault::action};
  const auto created = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  world.wire->act();  // and nobody confirms: the provider is asked in the end
  world.pass(2min);
  EXPECT_EQ(world.status(created.id), "captured");
  const auto again = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  EXPECT_EQ(again.asked->status(), 201);
  EXPECT_EQ(again.asked->body(), created.asked->body());
}

TEST(Idempotency, TheActionAnswersTheCreateAndConfirmHasAKeyOfItsOwn) {
  ActorWorld world;
  world.wire->script = {Fault::action};
  const auto created = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  world.wire->act();
  const auto confirmed = world.perform(created.id, payment::Confirm{}, "key-2", "confirm");
  world.pass(1s);
  EXPECT_EQ(confirmed->status(), 200);
  const auto create_again = world.create(CaptureMethod::automatic, "key-1", "body");
  const auto confirm_again = world.perform(created.id, payment::Confirm{}, "key-2", "confirm");
  world.pass(1s);
  EXPECT_EQ(create_again.asked->body(),
            created.asked->body());  // still "requires_action": the same bytes
  EXPECT_EQ(confirm_again->body(), confirmed->body());
  EXPECT_EQ(confirm_again->status(), 200);
}

TEST(Idempotency, AKeyUnderWhichAClientWasTold202MakesNoOtherPayment) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { params.reply_max = 4s; }};
  world.wire->usual = Fault::outage;
  world.wire->latency = 5s;
  const auto created = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(60s);
  ASSERT_EQ(created.asked->status(), 202);
  ASSERT_EQ(world.status(created.id), "failed");
  const auto again = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(5s);
  EXPECT_EQ(again.asked->status(), 424);
  EXPECT_NE(again.asked->body().find(created.id.to_string()), std::string::npos);
  EXPECT_FALSE(world.reader().payment(default_tenant(), again.id)->has_value());
  const auto other = world.create(CaptureMethod::automatic, "key-1", "another body");
  world.pass(5s);
  EXPECT_EQ(other.asked->status(), 422);
}

}  // namespace
}  // namespace cambist::test
