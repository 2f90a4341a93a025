// A webhook comes in: verified, durable, answered; and nothing else is kept.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

TEST(WebhookIntake, IsDurableBeforeItIsAnswered) {
  ActorWorld world;
  const PaymentId id = world.captured();
  const auto taken = world.webhook("evt_1", "happened", id);
  while (taken->count() == 0) {
    ASSERT_TRUE(world.step());
    if (taken->count() > 0) EXPECT_NE(world.webhook_status("evt_1"), "none");
  }
  EXPECT_TRUE(taken->stored());
  EXPECT_FALSE(taken->duplicate());
  const auto row = world.stored_webhook("evt_1");
  const auto with_body = *world.reader().webhook(default_tenant(), row->id);
  EXPECT_EQ(with_body->body, "evt_1 " + id.to_string() + " - happened");
  EXPECT_EQ(row->provider, "stub");
  EXPECT_EQ(world.telemetry->webhooks["stored"], 1);
}

TEST(WebhookIntake, AForgedOneIsRefusedAndNothingOfItIsStored) {
  ActorWorld world;
  const PaymentId id = world.captured();
  auto forged = scripted_webhook("evt_1", "happened", id.to_string());
  forged.headers.front().value[0] = forged.headers.front().value[0] == 'a' ? 'b' : 'a';
  auto unsigned_one = scripted_webhook("evt_2", "happened", id.to_string());
  unsigned_one.headers.clear();
  auto tampered = scripted_webhook("evt_3", "happened", id.to_string());
  tampered.body += " ";
  const auto before = world.telemetry->committed;
  for (const auto& request : {forged, unsigned_one, tampered}) {
    const auto taken = world.webhook(request);
    world.pass(1s);
    ASSERT_EQ(taken->count(), 1U);
    EXPECT_EQ(taken->code(), ErrorCode::unauthenticated);
  }
  EXPECT_EQ(world.telemetry->committed, before);
  EXPECT_TRUE(world.reader().webhooks({default_tenant()})->empty());
  EXPECT_EQ(world.telemetry->webhooks["unverified"], 3);
}

TEST(WebhookIntake, OfAProviderThatIsNotThereIsNotFound) {
  ActorWorld world;
  const auto taken = world.webhook(scripted_webhook("evt_1", "happened"), "nobody");
  world.settle();
  ASSERT_EQ(taken->count(), 1U);
  EXPECT_EQ(taken->code(), ErrorCode::not_found);
}

TEST(WebhookIntake, WhatTheAdapterCannotReadIsADeadLetterAndCostsNobodyElse) {
  ActorWorld world;
  const PaymentId id = world.captured();
  const auto thrown = world.webhook(scripted_webhook("evt_1", "throw"));
  const auto empty = world.webhook(scripted_webhook("", ""));
  const auto fine = world.webhook("evt_2", "happened", id);
  world.pass(1s);
  EXPECT_TRUE(thrown->stored());
  EXPECT_TRUE(empty->stored());
  EXPECT_TRUE(fine->stored());
  EXPECT_EQ(world.telemetry->restarts["webhook_stream"], 0);
  EXPECT_EQ(world.telemetry->settled_webhooks["dead"], 2);
  storage::WebhookQuery dead{default_tenant()};
  dead.status = "dead";
  const auto rows = world.reader().webhooks(dead).value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].type, "unreadable");
  EXPECT_FALSE(rows[0].error.empty());
  EXPECT_EQ(world.webhook_status("evt_1"), "none");  // its id could not be read either
}

TEST(WebhookIntake, WhatCannotBeReadIsKeptOnceAndTriedAgainWhenReplayed) {
  ActorWorld world;
  const auto unreadable = scripted_webhook("evt_1", "throw");
  (void)world.webhook(unreadable);
  world.pass(1s);
  const auto again = world.webhook(unreadable);
  world.pass(1s);
  EXPECT_TRUE(again->duplicate());
  storage::WebhookQuery dead{default_tenant()};
  dead.status = "dead";
  const auto rows = world.reader().webhooks(dead).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(world.reader().webhook(default_tenant(), rows[0].id).value()->body, unreadable.body);
  EXPECT_EQ(world.replay({rows[0].id}).replayed, 1U);
  world.pass(25min);
  EXPECT_EQ(world.reader().webhooks(dead).value().at(0).attempts, 5);
}

TEST(WebhookIntake, ALineOfAStatementThatCannotBeReadIsRefused) {
  ActorWorld world;
  const auto taken = world.webhook(scripted_webhook("evt_1", "throw"), "stub", true);
  world.pass(1s);
  EXPECT_EQ(taken->code(), ErrorCode::invalid_request);
}

TEST(WebhookIntake, WhatIsOfNoConsequenceIsStoredAsIgnored) {
  ActorWorld world;
  const auto taken = world.webhook(scripted_webhook("evt_1", "customer.created"));
  world.pass(1s);
  EXPECT_TRUE(taken->stored());
  EXPECT_EQ(world.webhook_status("evt_1"), "ignored");
  EXPECT_EQ(world.stored_webhook("evt_1")->attempts, 0);
}

TEST(WebhookIntake, ADuplicateIsAnsweredAndNothingMore) {
  ActorWorld world;
  const PaymentId id = world.captured();
  const auto first = world.webhook("evt_1", "happened", id);
  world.pass(1s);
  const auto second = world.webhook("evt_1", "happened", id);
  world.pass(1s);
  EXPECT_TRUE(first->stored());
  EXPECT_FALSE(first->duplicate());
  EXPECT_TRUE(second->duplicate());
  EXPECT_EQ(world.stored_webhook("evt_1")->attempts, 1);
  EXPECT_EQ(world.reader().webhooks({default_tenant()})->size(), 1U);
}

TEST(WebhookIntake, AStoreThatCannotBeWrittenIsUnavailableAndNothingIsLost) {
  ActorWorld world;
  const PaymentId id = world.captured();
  world.faults->refuse_appends = 1;
  const auto refused = world.webhook("evt_1", "happened", id);
  world.pass(1s);
  EXPECT_EQ(refused->code(), ErrorCode::unavailable);
  EXPECT_EQ(world.webhook_status("evt_1"), "none");
  const auto again = world.webhook("evt_1", "happened", id);  // so the provider sends it again
  world.pass(1s);
  EXPECT_TRUE(again->stored());
  EXPECT_FALSE(again->duplicate());
  EXPECT_EQ(world.webhook_status("evt_1"), "ignored");
}

TEST(WebhookIntake, ALostCommitIsADuplicateWhenItComesAgainAndIsWorkedOnAllTheSame) {
  ActorWorld world;
  const PaymentId id = world.captured();
  world.faults->forget_appends = 1;
  const auto refused = world.webhook("evt_1", "happened", id);
  world.pass(1s);
  EXPECT_EQ(refused->code(), ErrorCode::unavailable);
  world.pass(1s);  // the scheduler's reminder finds it
  EXPECT_EQ(world.webhook_status("evt_1"), "ignored");
  const auto again = world.webhook("evt_1", "happened", id);
  world.pass(1s);
  EXPECT_TRUE(again->duplicate());
  EXPECT_EQ(world.stored_webhook("evt_1")->attempts, 1);
}

TEST(WebhookIntake, OverItsBoundIsOverloadedAtOnce) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { params.webhooks.intake_max = 3; }};
  const PaymentId id = world.captured();
  world.frozen = "journal";
  std::vector<TakenPtr> all;
  for (int i = 0; i < 10; ++i) {
    all.push_back(world.webhook("evt_" + std::to_string(i), "happened", id));
  }
  world.settle();
  int overloaded = 0;
  for (const auto& taken : all) {
    if (taken->count() > 0 && taken->code() == ErrorCode::overloaded) ++overloaded;
  }
  EXPECT_EQ(overloaded, 7);
  world.frozen = "";
  world.pass(1s);
  int stored = 0;
  for (const auto& taken : all) stored += taken->stored() ? 1 : 0;
  EXPECT_EQ(stored, 3);
}

TEST(WebhookIntake, AStoreThatHangsIsAnsweredForAndTheProviderSendsItAgain) {
  ActorWorld world;
  const PaymentId id = world.captured();
  world.pass(31s);
  world.frozen = "journal";
  const auto taken = world.webhook("evt_1", "happened", id);
  world.pass(12s);
  ASSERT_EQ(taken->count(), 1U);
  EXPECT_EQ(taken->code(), ErrorCode::unavailable);
  world.frozen = "";
  world.pass(2s);
  EXPECT_EQ(taken->count(), 1U);
  const auto again = world.webhook("evt_1", "happened", id);
  world.pass(2s);
  EXPECT_TRUE(again->stored());
  EXPECT_EQ(world.webhook_status("evt_1"), "ignored");
}

TEST(WebhookIntake, AFullJournalIsOverloaded) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { params.journal_queue_max = 1; }};
  world.frozen = "journal";
  (void)world.create();
  world.settle();
  const auto taken = world.webhook(scripted_webhook("evt_1", "happened"));
  world.settle();
  ASSERT_EQ(taken->count(), 1U);
  EXPECT_EQ(taken->code(), ErrorCode::overloaded);
  world.frozen = "";
}

}  // namespace
}  // namespace cambist::test
