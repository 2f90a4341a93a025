// The way of one payment through the whole tree: what clients are answered, and what is durable by
// then.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using payment::CaptureMethod;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(PaymentPath, AManualCreateIsAuthorizedAnd201) {
  ActorWorld world;
  const auto created = world.create(CaptureMethod::manual);
  world.pass(1s);
  ASSERT_EQ(created.asked->count(), 1U);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_TRUE(contains(created.asked->body(), R"("status":"authorized")"));
  EXPECT_EQ(created.asked->answers[0].location, "/api/v1/payments/" + created.id.to_string());
  EXPECT_EQ(world.status(created.id), "authorized");
  world.check_invariants();
}

TEST(PaymentPath, AnAutomaticCreateIsCaptured) {
  ActorWorld world;
  const auto created = world.create();
  world.pass(1s);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.telemetry->settled["charge:succeeded"], 1);
  world.check_invariants();
}

TEST(PaymentPath, TheIntentIsDurableBeforeTheCallLeaves) {
  ActorWorld world;
  world.shuffle = false;
  const auto created = world.create();
  while (world.wire->requests.empty()) ASSERT_TRUE(world.step());
  EXPECT_EQ(world.status(created.id), "processing");
  EXPECT_EQ(created.asked->count(), 0U);
}

TEST(PaymentPath, TheAnswerIsDurableBeforeItIsGiven) {
  ActorWorld world;
  const auto created = world.create();
  while (created.asked->count() == 0) {
    if (world.status(created.id) != "captured") {
      ASSERT_EQ(created.asked->count(), 0U);
    }
    if (!world.step()) world.pass(1ms);
  }
  EXPECT_EQ(world.status(created.id), "captured");
}

TEST(PaymentPath, CaptureRefundAndCancelAnswer200) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  const auto captured = world.perform(id, world.capture(6'000));
  world.pass(1s);
  EXPECT_EQ(captured->status(), 200);
  const auto refunded = world.perform(id, world.refund(1'000));
  world.pass(1s);
  EXPECT_EQ(refunded->status(), 200);
  EXPECT_TRUE(contains(refunded->body(), R"("refunded":{"value":"10.00","currency":"USD"})"));
  EXPECT_EQ(world.status(id), "partially_refunded");
  const PaymentId other = world.authorized();
  const auto canceled = world.perform(other, world.cancel());
  world.pass(1s);
  EXPECT_EQ(canceled->status(), 200);
  EXPECT_EQ(world.status(other), "voided");
  world.check_invariants();
}

TEST(PaymentPath, ADeclineIs402AndThePaymentFailed) {
  ActorWorld world;
  world.wire->script = {Fault::decline};
  const auto created = world.create();
  world.pass(1s);
  EXPECT_EQ(created.asked->status(), 402);
  EXPECT_TRUE(contains(created.asked->body(), R"("code":"insufficient_funds")"));
  EXPECT_TRUE(contains(created.asked->body(), created.id.to_string()));
  EXPECT_EQ(world.status(created.id), "failed");
  EXPECT_TRUE(world.wire->effects.empty());
}

TEST(PaymentPath, ARefusedCallIsRepeatedWithTheSameKey) {
  ActorWorld world;
  world.wire->script = {Fault::outage, Fault::not_sent};
  const auto created = world.create();
  world.pass(10s);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_EQ(world.wire->requests.size(), 3U);
  EXPECT_EQ(world.wire->effects_of(created.id.to_string()), 1U);
}

TEST(PaymentPath, ARepeatIsMadeAlthoughItIsDueAfterTheIdleTime) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { params.idle_max = 10ms; }};
  world.wire->script = {Fault::outage, Fault::not_sent};
  const auto created = world.create();
  world.pass(10s);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_EQ(world.wire->requests.size(), 3U);
  EXPECT_EQ(world.live_payments(), 0);
}

TEST(PaymentPath, AnOutageThroughAllAttemptsIs503WithRetryAfter) {
  ActorWorld world;
  world.wire->script = {Fault::outage, Fault::outage, Fault::outage};
  const auto created = world.create();
  world.pass(10s);
  EXPECT_EQ(created.asked->status(), 503);
  EXPECT_TRUE(created.asked->answers[0].retry_after_s.has_value());
  EXPECT_EQ(world.status(created.id), "failed");
  EXPECT_TRUE(world.wire->effects.empty());
}

TEST(PaymentPath, ARequestTheProviderRejectsIs422) {
  ActorWorld world;
  world.wire->script = {Fault::reject};
  const auto created = world.create();
  world.pass(1s);
  EXPECT_EQ(created.asked->status(), 422);
  EXPECT_EQ(world.wire->requests.size(), 1U);
}

TEST(PaymentPath, AnActionIsAskedForAndConfirmCompletesIt) {
  ActorWorld world;
  world.wire->script = {Fault::action};
  const auto created = world.create();
  world.pass(1s);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_TRUE(contains(created.asked->body(), "https://example.test/3ds"));
  EXPECT_EQ(world.status(created.id), "requires_action");
  world.wire->act();
  const auto confirmed = world.perform(created.id, payment::Confirm{});
  world.pass(1s);
  EXPECT_EQ(confirmed->status(), 200);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(created.asked->count(), 1U);
  world.check_invariants();
}

TEST(PaymentPath, WhatTheProviderSettlesLaterIs202Now) {
  ActorWorld world;
  world.wire->script = {Fault::pending};
  const auto created = world.create();
  world.pass(1s);
  EXPECT_EQ(created.asked->status(), 202);
  EXPECT_EQ(world.status(created.id), "processing");
  world.wire->act();
  world.pass(10s);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(created.asked->count(), 1U);
}

TEST(PaymentPath, AnUnknownPaymentIs404AndLeavesNoActorBehind) {
  ActorWorld world;
  const auto id = PaymentId::make(world.now(), [&] { return world.rng(); });
  const auto asked = world.perform(id, world.capture());
  world.pass(10ms);
  EXPECT_EQ(asked->status(), 404);
  EXPECT_EQ(world.live_payments(), 0);
}

TEST(PaymentPath, AnotherTenantsPaymentIs404) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  const auto asked = world.perform(id, world.capture(), "", "", TenantId{"other"});
  world.pass(1s);
  EXPECT_EQ(asked->status(), 404);
  EXPECT_EQ(world.status(id), "authorized");
}

TEST(PaymentPath, WhatTheProviderCannotDoIsRefusedBeforeAnythingIsWritten) {
  ActorWorld world;
  const auto cash = world.create(CaptureMethod::automatic, "", "",
                                 [](payment::Details& details) { details.method.type = "cash"; });
  const auto nowhere = world.create(CaptureMethod::automatic, "", "",
                                    [](payment::Details& details) { details.provider = "nobody"; });
  world.pass(100ms);
  EXPECT_EQ(cash.asked->status(), 422);
  EXPECT_TRUE(contains(cash.asked->body(), R"("field":"payment_method.type")"));
  EXPECT_EQ(nowhere.asked->status(), 400);
  EXPECT_EQ(world.status(cash.id), "none");
  EXPECT_EQ(world.status(nowhere.id), "none");
  EXPECT_TRUE(world.wire->requests.empty());
  EXPECT_EQ(world.live_payments(), 0);
}

TEST(PaymentPath, AnIllegalCommandIs409AndChangesNothing) {
  ActorWorld world;
  const PaymentId id = world.captured();
  const auto calls = world.wire->requests.size();
  const auto asked = world.perform(id, world.cancel());
  const auto too_much = world.perform(id, world.refund(10'001));
  world.pass(1s);
  EXPECT_EQ(asked->status(), 409);
  EXPECT_EQ(too_much->status(), 422);
  EXPECT_EQ(world.wire->requests.size(), calls);
  EXPECT_EQ(world.status(id), "captured");
}

TEST(PaymentPath, AConflictingCommandIs409WhileACallIsUnderWay) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  const auto first = world.perform(id, world.capture());
  world.pass(5ms);
  const auto second = world.perform(id, world.cancel());
  world.pass(5ms);
  EXPECT_EQ(second->status(), 409);
  EXPECT_TRUE(contains(second->body(), "operation_in_progress"));
  EXPECT_TRUE(second->answers.at(0).retry_after_s.has_value());
  EXPECT_EQ(first->count(), 0U);
  world.pass(1s);
  EXPECT_EQ(first->status(), 200);
}

TEST(PaymentPath, AnAuthorizationThatExpiresIsExpired) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.policy.authorization_lifetime = 10min;
                     params.timer_poll = 10s;
                   }};
  const PaymentId id = world.authorized();
  world.pass(9min);
  EXPECT_EQ(world.status(id), "authorized");
  world.pass(2min);
  EXPECT_EQ(world.status(id), "expired");
  world.check_invariants();
}

}  // namespace
}  // namespace cambist::test
