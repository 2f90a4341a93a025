// What becomes of a stored webhook: applied once, in order, or tried again, or given up and shown.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using payment::CaptureMethod;

/// The places in the payment's story at which `event` took effect.
std::vector<std::uint64_t> effects_of(ActorWorld& world, const PaymentId& id,
                                      const std::string& event) {
  std::vector<std::uint64_t> places;
  const auto story = world.reader().events(id);
  for (const auto& stored : *story) {
    if (stored.event.json.find('"' + event + '"') != std::string::npos) {
      places.push_back(stored.sequence);
    }
  }
  return places;
}

/// A payment whose id the test knows before it exists.
AskedPtr create_as(ActorWorld& world, const PaymentId& id, std::string description = {}) {
  payment::Details details;
  details.amount = Money{10'000, *Currency::parse("USD")};
  details.provider = "stub";
  details.method = {"card", "pm_card_visa"};
  details.description = std::move(description);
  const auto operation = OperationId::make(world.now(), [&world] { return world.rng(); });
  return world.perform(id, payment::Create{id, default_tenant(), details, operation});
}

PaymentId fresh_id(ActorWorld& world) {
  return PaymentId::make(world.now(), [&world] { return world.rng(); });
}

TEST(WebhookWork, TakesEffectOnceHoweverOftenItIsSent) {
  ActorWorld world;
  const PaymentId id = world.captured();
  std::vector<TakenPtr> all;
  for (int i = 0; i < 50; ++i) all.push_back(world.webhook("evt_1", "dispute dp_1 500 open", id));
  world.pass(5s);
  int first = 0;
  for (const auto& taken : all) {
    ASSERT_EQ(taken->count(), 1U);
    EXPECT_TRUE(taken->stored());
    first += taken->duplicate() ? 0 : 1;
  }
  EXPECT_EQ(first, 1);
  EXPECT_EQ(effects_of(world, id, "evt_1").size(), 1U);
  EXPECT_EQ(world.webhook_status("evt_1"), "applied");
  EXPECT_EQ(world.stored_webhook("evt_1")->payment, id);
  world.check_invariants();
}

TEST(WebhookWork, OfOnePaymentIsDoneInTheOrderOfReceipt) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    ActorWorld world{seed};
    const PaymentId id = world.captured();
    for (int i = 10; i < 30; ++i) {
      const auto n = std::to_string(i);
      // Every other one names the payment only as the provider knows it.
      const auto request =
          i % 2 == 0 ? scripted_webhook("evt_" + n, "dispute dp_" + n + " 1 open", id.to_string())
                     : scripted_webhook("evt_" + n, "dispute dp_" + n + " 1 open", "-",
                                        "prov_" + id.to_string());
      const auto taken = world.webhook(request);
      while (taken->count() == 0) ASSERT_TRUE(world.step());
    }
    world.pass(5s);
    std::uint64_t last = 0;
    for (int i = 10; i < 30; ++i) {
      const auto places = effects_of(world, id, "evt_" + std::to_string(i));
      ASSERT_EQ(places.size(), 1U) << "seed " << seed << " event " << i;
      EXPECT_GT(places[0], last) << "seed " << seed << " event " << i;
      last = places[0];
    }
  }
}

TEST(WebhookWork, FindsThePaymentOfALostAnswerByTheIdThatWeChose) {
  ActorWorld world;
  world.wire->script = {Fault::lost_after};
  for (int i = 0; i < 20; ++i) world.wire->inquiry_script.push_back(Fault::garbage);
  const PaymentId id = fresh_id(world);
  (void)create_as(world, id, "id of ours");
  world.pass(9s);
  ASSERT_EQ(world.status(id), "processing");
  (void)world.webhook(scripted_webhook("evt_1", "charged 10000", "-", "prov_" + id.to_string()));
  world.pass(2s);
  EXPECT_EQ(world.status(id), "captured");
  EXPECT_EQ(world.webhook_status("evt_1"), "applied");
  world.check_invariants();
}

TEST(WebhookWork, ACaptureToldWhileTheAuthorizationIsUnknownIsNotForgotten) {
  ActorWorld world;
  world.wire->script = {Fault::lost_after};
  for (int i = 0; i < 3; ++i) world.wire->inquiry_script.push_back(Fault::garbage);
  const auto created = world.create(CaptureMethod::manual);
  world.pass(9s);
  (void)world.webhook("evt_1", "captured 10000", created.id);
  (void)world.webhook("evt_2", "happened", created.id);
  world.pass(2s);
  ASSERT_EQ(world.status(created.id), "processing");
  EXPECT_EQ(world.webhook_status("evt_1"), "retrying");
  EXPECT_EQ(world.webhook_status("evt_2"), "applied");  // it only bade us ask
  world.pass(3min);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.webhook_status("evt_1"), "applied");
  EXPECT_EQ(effects_of(world, created.id, "evt_1").size(), 1U);
}

TEST(WebhookWork, InTheWrongOrderEndsInTheRightState) {
  ActorWorld world;
  const PaymentId id = world.captured();
  (void)world.webhook("evt_2", "dispute dp_1 500 won", id);
  world.pass(1s);
  (void)world.webhook("evt_1", "dispute dp_1 500 open", id);
  world.pass(1s);
  EXPECT_EQ(world.webhook_status("evt_2"), "applied");
  EXPECT_EQ(world.webhook_status("evt_1"), "ignored");  // old news
  const auto row = *world.reader().payment(default_tenant(), id);
  EXPECT_NE(row->json.find("won"), std::string::npos);
  world.check_invariants();
}

TEST(WebhookWork, OfAnUnknownPaymentIsParkedAndAppliedOnceThePaymentExists) {
  ActorWorld world;
  const PaymentId id = fresh_id(world);
  (void)world.webhook("evt_1", "dispute dp_1 500 open", id);
  world.pass(1s);
  const auto parked = world.stored_webhook("evt_1");
  EXPECT_EQ(parked->status, "parked");
  EXPECT_EQ(parked->attempts, 1);
  EXPECT_GE(*parked->due - parked->received_at, 45s);
  EXPECT_LE(*parked->due - parked->received_at, 77s);
  const auto created = create_as(world, id);
  world.pass(10s);
  EXPECT_EQ(created->status(), 201);
  EXPECT_EQ(world.webhook_status("evt_1"), "parked");
  world.pass(80s);
  EXPECT_EQ(world.webhook_status("evt_1"), "applied");
  EXPECT_EQ(effects_of(world, id, "evt_1").size(), 1U);
  world.pass(20s);
  EXPECT_EQ(world.live_payments(), 0);
}

TEST(WebhookWork, AnObjectThatNobodyKnowsIsParkedToo) {
  ActorWorld world;
  (void)world.webhook(scripted_webhook("evt_1", "happened", "-", "prov_nobody"));
  (void)world.webhook(scripted_webhook("evt_2", "happened"));
  world.pass(1s);
  EXPECT_EQ(world.webhook_status("evt_1"), "parked");
  EXPECT_EQ(world.webhook_status("evt_2"), "parked");
}

TEST(WebhookWork, AnotherProvidersWordAboutAPaymentIsNoWordAboutIt) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.providers["other"] = params.providers["stub"];
                   }};
  const PaymentId id = world.captured();
  (void)world.webhook(scripted_webhook("evt_1", "dispute dp_1 500 open", id.to_string()), "other");
  world.pass(1s);
  EXPECT_EQ(world.webhook_status("evt_1"), "parked");
  EXPECT_TRUE(effects_of(world, id, "evt_1").empty());
}

TEST(WebhookWork, IsGivenUpAfterFiveAttemptsAndAppliedWhenReplayed) {
  ActorWorld world;
  const PaymentId id = fresh_id(world);
  (void)world.webhook("evt_1", "dispute dp_1 500 open", id);
  world.pass(25min);
  const auto dead = world.stored_webhook("evt_1");
  EXPECT_EQ(dead->status, "dead");
  EXPECT_EQ(dead->attempts, 5);
  EXPECT_FALSE(dead->due);
  EXPECT_EQ(world.telemetry->settled_webhooks["dead"], 1);
  EXPECT_EQ(world.telemetry->settled_webhooks["parked"], 4);
  (void)create_as(world, id);
  world.pass(30min);
  EXPECT_EQ(world.webhook_status("evt_1"), "dead");  // nobody looks at it any more
  const auto replayed = world.replay({dead->id});
  EXPECT_EQ(replayed.replayed, 1U);
  world.pass(1s);
  EXPECT_EQ(world.webhook_status("evt_1"), "applied");
  EXPECT_EQ(effects_of(world, id, "evt_1").size(), 1U);
  const auto audit = *world.reader().audit(default_tenant(), std::nullopt, 10);
  ASSERT_EQ(audit.size(), 1U);
  EXPECT_EQ(audit[0].object, dead->id.to_string());
  EXPECT_EQ(audit[0].action, "webhooks.replay");
}

TEST(WebhookWork, ReplayingWhatWasAppliedDoesNotDoubleItsEffect) {
  ActorWorld world;
  const PaymentId id = world.captured();
  (void)world.webhook("evt_1", "dispute dp_1 500 open", id);
  world.pass(1s);
  ASSERT_EQ(world.webhook_status("evt_1"), "applied");
  EXPECT_EQ(world.replay({world.stored_webhook("evt_1")->id}).replayed, 1U);
  world.pass(1s);
  EXPECT_EQ(world.webhook_status("evt_1"), "ignored");
  EXPECT_EQ(effects_of(world, id, "evt_1").size(), 1U);
  world.check_invariants();
}

TEST(WebhookWork, ReplayTakesAFilterAndSaysWhetherThereIsMore) {
  ActorWorld world;
  for (int i = 0; i < 5; ++i) {
    (void)world.webhook(scripted_webhook("evt_" + std::to_string(i), "customer.created"));
  }
  world.pass(1s);
  storage::WebhookQuery filter{default_tenant()};
  filter.type = "customer.created";
  filter.limit = 3;
  auto replayed = world.replay({}, filter);
  EXPECT_EQ(replayed.replayed, 3U);
  EXPECT_TRUE(replayed.more);
  filter.limit = 100;
  replayed = world.replay({}, filter);
  EXPECT_EQ(replayed.replayed, 5U);
  EXPECT_FALSE(replayed.more);
  world.pass(1s);
  EXPECT_EQ(world.webhook_status("evt_0"), "ignored");
  EXPECT_EQ(world.reader().audit(default_tenant(), std::nullopt, 100)->size(), 8U);
}

TEST(WebhookWork, ReplayNamesWhatIsNotThereAndRefusesTooMany) {
  ActorWorld world;
  (void)world.webhook(scripted_webhook("evt_1", "customer.created"));
  world.pass(1s);
  const auto nobody = WebhookId::make(world.now(), [&world] { return world.rng(); });
  const auto replayed = world.replay({world.stored_webhook("evt_1")->id, nobody});
  EXPECT_EQ(replayed.replayed, 1U);
  EXPECT_EQ(replayed.missing, std::vector<WebhookId>{nobody});
  EXPECT_FALSE(replayed.error);
  const auto refused = world.replay(std::vector<WebhookId>(101, nobody));
  EXPECT_EQ(refused.error.value().code, ErrorCode::invalid_request);
}

TEST(WebhookWork, ThatOvertakesTheApiAnswerIsHarmless) {
  ActorWorld world;
  world.wire->latency = 2s;
  const auto created = world.create();
  world.pass(1500ms);  // the effect has happened, its answer is on the way
  ASSERT_EQ(world.wire->effects.size(), 1U);
  const auto happened = world.webhook("evt_1", "happened", created.id);
  const auto captured = world.webhook("evt_2", "captured 10000", created.id);
  world.pass(60s);
  EXPECT_TRUE(happened->stored());
  EXPECT_TRUE(captured->stored());
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.wire->effects.size(), 1U);
  for (const auto* event : {"evt_1", "evt_2"}) {
    const auto status = world.webhook_status(event);
    EXPECT_TRUE(status == "applied" || status == "ignored") << status;
  }
  world.check_invariants();
}

TEST(WebhookWork, ThatMakesUsAskDoesNotSwallowTheConfirmThatComesMeanwhile) {
  ActorWorld world;
  world.wire->latency = 200ms;
  world.wire->script = {Fault::action};
  const auto created = world.create();
  world.pass(1s);
  ASSERT_EQ(world.status(created.id), "requires_action");
  (void)world.webhook("evt_1", "happened", created.id);
  world.pass(50ms);  // the question is on its way
  world.wire->act();
  const auto confirmed = world.perform(created.id, payment::Confirm{});
  world.pass(2s);
  EXPECT_EQ(confirmed->status(), 200);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.wire->in_flight_most, 1) << "never two calls at once";
}

TEST(WebhookWork, SettlesAnUnknownOutcomeLongBeforeTheNextQuestion) {
  // A breaker that opens on the answers nobody understands would turn the question away.
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.providers["stub"].breaker.consecutive_failures_max = 1'000;
                     params.providers["stub"].breaker.window_calls_min = 1'000;
                   }};
  world.wire->script = {Fault::error_after};
  for (int i = 0; i < 8; ++i) world.wire->inquiry_script.push_back(Fault::garbage);
  const auto created = world.create();
  while (!world.wire->inquiry_script.empty()) world.pass(1min);
  ASSERT_EQ(world.status(created.id), "processing");
  const TimePoint before = world.now();
  (void)world.webhook("evt_1", "happened", created.id);
  world.pass(1s);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_LE(world.now() - before, 2s);
  EXPECT_EQ(world.webhook_status("evt_1"), "applied");
  EXPECT_EQ(world.wire->effects.size(), 1U);
  ASSERT_EQ(world.telemetry->resolved.size(), 1U);
  EXPECT_EQ(world.telemetry->resolved[0].first, "webhook");
  EXPECT_GT(world.telemetry->resolved[0].second, 5min);
}

TEST(WebhookWork, OfAPaymentThatCannotBeServedIsTriedAgainAndTouchesNoOther) {
  ActorWorld world;
  const PaymentId id = world.captured();
  const PaymentId other = world.captured();
  world.pass(31s);
  world.faults->corrupt_events = 1;
  (void)world.webhook("evt_1", "dispute dp_1 500 open", id);
  world.settle();
  (void)world.webhook("evt_2", "dispute dp_2 500 open", other);
  world.pass(1s);
  EXPECT_EQ(world.webhook_status("evt_1"), "retrying");
  EXPECT_EQ(world.webhook_status("evt_2"), "applied");
  world.pass(80s);
  EXPECT_EQ(world.webhook_status("evt_1"), "applied");
  EXPECT_EQ(effects_of(world, id, "evt_1").size(), 1U);
}

TEST(WebhookWork, APaymentThatHangsHoldsUpOnlyItselfAndNotForEver) {
  ActorWorld world;
  const PaymentId id = world.captured();
  world.frozen = "payment";
  (void)world.webhook("evt_1", "dispute dp_1 500 open", id);
  world.pass(32s);
  EXPECT_EQ(world.webhook_status("evt_1"), "retrying");
  world.frozen = "";
  world.pass(2min);  // the first delivery is late, and the second finds that it was enough
  EXPECT_EQ(world.webhook_status("evt_1"), "applied");
  EXPECT_EQ(effects_of(world, id, "evt_1").size(), 1U);
}

TEST(WebhookWork, WhatDoesNotFitIntoMemoryWaitsInTheStore) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.webhooks.queue_max = 4;
                     params.webhooks.in_flight_max = 2;
                   }};
  std::vector<PaymentId> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(world.captured());
  world.frozen = "payment";
  for (int i = 0; i < 20; ++i) {
    (void)world.webhook("evt_" + std::to_string(i), "dispute dp 500 open",
                        ids[static_cast<std::size_t>(i)]);
  }
  world.pass(5s);
  const auto tree = world.tree();
  for (const auto& part : tree.children) {
    if (part.name != "webhooks") continue;
    EXPECT_EQ(part.children.at(0).mailbox_depth, 4U);
  }
  world.frozen = "";
  world.pass(5s);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(world.webhook_status("evt_" + std::to_string(i)), "applied") << i;
  }
}

TEST(WebhookWork, AStreamThatFailsIsStartedAgainAndGoesOn) {
  ActorWorld world;
  const PaymentId id = world.captured();
  world.telemetry->throw_on_webhook = 1;
  const auto taken = world.webhook("evt_1", "dispute dp_1 500 open", id);
  world.settle();
  ASSERT_EQ(taken->count(), 1U);
  EXPECT_TRUE(taken->stored());
  const auto meanwhile = world.webhook("evt_2", "dispute dp_2 500 open", id);
  world.settle();
  EXPECT_EQ(meanwhile->code(), ErrorCode::unavailable);
  world.pass(1s);
  EXPECT_EQ(world.telemetry->restarts["webhook_stream"], 1);
  EXPECT_EQ(world.webhook_status("evt_1"), "applied");
  EXPECT_EQ(effects_of(world, id, "evt_1").size(), 1U);
  const auto again = world.webhook("evt_2", "dispute dp_2 500 open", id);
  world.pass(1s);
  EXPECT_TRUE(again->stored());
  EXPECT_EQ(world.webhook_status("evt_2"), "applied");
}

TEST(WebhookWork, AReaderThatFailsCostsNoAttempt) {
  ActorWorld world;
  const PaymentId id = world.captured();
  world.faults->refuse_appends = 1;
  (void)world.webhook("evt_0", "happened", id);
  world.pass(1s);
  world.faults->forget_appends = 1;  // in the store, and in nobody's memory
  world.faults->refuse_reads = 3;
  (void)world.webhook("evt_1", "dispute dp_1 500 open", id);
  world.pass(5s);
  EXPECT_EQ(world.webhook_status("evt_1"), "applied");
  EXPECT_EQ(world.stored_webhook("evt_1")->attempts, 1);
}

}  // namespace
}  // namespace cambist::test
