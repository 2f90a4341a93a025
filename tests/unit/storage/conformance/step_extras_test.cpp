// What every store owes the rows that a step of a payment brings along: the mark on its webhook,
// events for merchants, tasks, audit rows, the reason of the timer, the provider's name for it.
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

class StoreStep : public StoreTest {
 protected:
  /// A first step of payment `number` that brings one of each.
  static Append full(std::uint64_t number, TenantId owner = tenant()) {
    auto made = step(payment_id(number), 0, 1, std::move(owner));
    made.outbox = {outgoing(number)};
    made.tasks = {task(number)};
    made.audit = {audit(number)};
    made.timer = TimerChange{at(5), "escalation"};
    return made;
  }
  std::size_t events(const std::string& owner = "acme") {
    return reader_->outbox(tenant(owner), 0, 100).value().size();
  }
  void expect_nothing() {
    EXPECT_TRUE(reader_->events(payment_id(1)).value().empty());
    EXPECT_EQ(events(), 0U);
    EXPECT_TRUE(reader_->tasks({.tenant = tenant()}).value().empty());
    EXPECT_TRUE(reader_->audit(tenant(), std::nullopt, 10).value().empty());
    EXPECT_TRUE(reader_->due_timers(at(100), 10).value().empty());
  }
};
CAMBIST_EACH_STORE(StoreStep);

TEST_P(StoreStep, AllOfItIsWrittenWithTheEventsAndBelongsToTheStep) {
  ASSERT_TRUE(is_appended(record({webhook(1)}), 0));
  auto made = full(1);
  made.audit[0].tenant = tenant("rival");  // the step's own tenant counts
  made.webhook = settled(1);
  made.webhook->payment = payment_id(1);
  ASSERT_TRUE(is_appended(append(made), 1));
  const auto rows = reader_->outbox(tenant(), 0, 10).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].position, 1U);
  EXPECT_EQ(rows[0].row.payment, payment_id(1));
  EXPECT_EQ(reader_->task(tenant(), task_id(1)).value()->payment, payment_id(1));
  EXPECT_EQ(reader_->audit(tenant(), std::nullopt, 10).value().size(), 1U);
  EXPECT_EQ(reader_->due_timers(at(5), 10).value()[0].kind, "escalation");
  const auto hook = reader_->webhook(tenant(), webhook_id(1)).value();
  EXPECT_EQ(hook->status, "applied");
  EXPECT_EQ(hook->payment, payment_id(1));
  EXPECT_EQ(hook->settled_at, at(101));
}

TEST_P(StoreStep, ASettledWebhookHasNoSecondEffect) {
  ASSERT_TRUE(is_appended(record({webhook(1), settled(1, "ignored")}), 0));
  auto made = full(1);
  made.key = claim("k");
  made.webhook = settled(1);
  EXPECT_TRUE(is_there_already(append(made)));
  expect_nothing();
  EXPECT_FALSE(reader_->key(tenant(), "k").value());
  EXPECT_EQ(reader_->webhook(tenant(), webhook_id(1)).value()->status, "ignored");
}

TEST_P(StoreStep, TheSameWebhookTwiceInABatchTakesEffectOnce) {
  ASSERT_TRUE(is_appended(record({webhook(1)}), 0));
  auto first = step(payment_id(1), 0);
  first.webhook = settled(1);
  auto second = step(payment_id(1), 1);
  second.webhook = settled(1);
  const auto results = write({first, second, Records{{settled(1, "dead")}}});
  EXPECT_TRUE(is_appended(results[0], 1));
  EXPECT_TRUE(is_there_already(results[1]));
  EXPECT_TRUE(is_there_already(results[2]));
  EXPECT_EQ(reader_->events(payment_id(1)).value().size(), 1U);
}

TEST_P(StoreStep, AWebhookReceivedInTheSameBatchCanBeMarked) {
  auto made = step(payment_id(1), 0);
  made.webhook = settled(1);
  const auto results = write({Records{{webhook(1)}}, made});
  EXPECT_TRUE(is_appended(results[1], 1));
  EXPECT_EQ(reader_->webhook(tenant(), webhook_id(1)).value()->status, "applied");
}

TEST_P(StoreStep, AnUnknownWebhookAndAnothersRefuseTheStep) {
  ASSERT_TRUE(is_appended(record({webhook(2, tenant("rival"))}), 0));
  for (const std::uint64_t number : {1, 2}) {
    auto made = full(1);
    made.webhook = settled(number);
    EXPECT_TRUE(is_error(append(made), ErrorCode::not_found));
  }
  expect_nothing();
  EXPECT_EQ(reader_->webhook(tenant("rival"), webhook_id(2)).value()->status, "received");
}

TEST_P(StoreStep, AMarkAloneIsAStepThatMustFitTheVersion) {
  ASSERT_TRUE(is_appended(record({webhook(1)}), 0));
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 0, 2)), 2));
  auto mark = step(payment_id(1), 1, 0);
  mark.webhook = settled(1, "ignored");
  EXPECT_TRUE(is_conflict(append(mark)));
  EXPECT_EQ(reader_->webhook(tenant(), webhook_id(1)).value()->status, "received");
  mark.expected_version = 2;
  EXPECT_TRUE(is_appended(append(mark), 2));
  EXPECT_EQ(reader_->webhook(tenant(), webhook_id(1)).value()->status, "ignored");
  // A stale writer learns that there is nothing left to do.
  mark.expected_version = 1;
  EXPECT_TRUE(is_there_already(append(mark)));
}

TEST_P(StoreStep, AMarkOnAPaymentThatIsNotThereIsAMistake) {
  ASSERT_TRUE(is_appended(record({webhook(1)}), 0));
  auto mark = step(payment_id(9), 0, 0);
  mark.webhook = settled(1);
  EXPECT_TRUE(is_error(append(mark), ErrorCode::internal));
  EXPECT_EQ(reader_->webhook(tenant(), webhook_id(1)).value()->status, "received");
}

TEST_P(StoreStep, ATakenKeyIsAnsweredBeforeTheWebhook) {
  auto owner = step(payment_id(1), 0);
  owner.key = claim("k");
  ASSERT_TRUE(is_appended(append(owner), 1));
  ASSERT_TRUE(is_appended(record({webhook(1), settled(1)}), 0));
  auto late = step(payment_id(2), 0);
  late.key = claim("k");
  late.webhook = settled(1);
  EXPECT_TRUE(is_duplicate_of(append(late), payment_id(1)));
}

TEST_P(StoreStep, WhatIsRefusedBringsNothingAlong) {
  auto stale = full(1);
  stale.expected_version = 3;
  EXPECT_TRUE(is_conflict(append(stale)));
  expect_nothing();
  ASSERT_TRUE(is_appended(append(step(payment_id(2), 0, 1, tenant("rival"))), 1));
  EXPECT_TRUE(is_conflict(append(full(2))));
  expect_nothing();
}

TEST_P(StoreStep, AnEventsIdThatIsTakenIsAMistakeThatCostsOnlyItself) {
  ASSERT_TRUE(is_appended(append(full(1)), 1));
  auto same_event = full(2);
  same_event.outbox = {outgoing(20), outgoing(1)};
  auto twice = full(3);
  twice.outbox = {outgoing(30), outgoing(30)};
  auto same_audit = full(4);
  same_audit.audit = {audit(1)};
  const auto results = append_all({same_event, twice, same_audit, full(5)});
  EXPECT_TRUE(is_error(results[0], ErrorCode::internal));
  EXPECT_TRUE(is_error(results[1], ErrorCode::internal));
  EXPECT_TRUE(is_error(results[2], ErrorCode::internal));
  EXPECT_TRUE(is_appended(results[3], 1));
  EXPECT_TRUE(reader_->events(payment_id(2)).value().empty());
  const auto rows = reader_->outbox(tenant(), 0, 10).value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].position, 2U);
  // Another tenant's ids are its own.
  EXPECT_TRUE(is_appended(append(full(1'001, tenant("rival"))), 1));
  auto rival = step(payment_id(6), 0, 1, tenant("rival"));
  rival.outbox = {outgoing(1)};
  EXPECT_TRUE(is_appended(append(rival), 1));
}

TEST_P(StoreStep, WhatIsMalformedIsAMistake) {
  const auto refused = [&](const std::function<void(Append&)>& spoil) {
    auto made = full(1);
    spoil(made);
    return is_error(append(made), ErrorCode::internal);
  };
  EXPECT_TRUE(refused([](Append& a) { a.outbox[0].id = {}; }));
  EXPECT_TRUE(refused([](Append& a) { a.outbox[0].type.clear(); }));
  EXPECT_TRUE(refused([](Append& a) { a.tasks[0].id = {}; }));
  EXPECT_TRUE(refused([](Append& a) { a.tasks[0].status = "half"; }));
  EXPECT_TRUE(refused([](Append& a) { a.audit[0].id = {}; }));
  EXPECT_TRUE(refused([](Append& a) { a.webhook = WebhookUpdate{}; }));
  EXPECT_TRUE(refused([](Append& a) { a.webhook = settled(1, "parked"); }));
  EXPECT_TRUE(refused([](Append& a) { a.events.clear(); }));
  expect_nothing();
}

TEST_P(StoreStep, TheReasonOfATimerMovesWithItAndOpenPaymentsKnowIt) {
  auto made = step(payment_id(1), 0);
  made.row.open = true;
  made.timer = TimerChange{at(5), "inquiry"};
  ASSERT_TRUE(is_appended(append(made), 1));
  EXPECT_EQ(reader_->open_payments(std::nullopt, 5).value()[0].kind, "inquiry");
  made = step(payment_id(1), 1);
  made.row.open = true;
  made.timer = TimerChange{at(9), "scheduled_capture"};
  ASSERT_TRUE(is_appended(append(made), 2));
  const auto due = reader_->due_timers(at(9), 5).value();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].kind, "scheduled_capture");
  made = step(payment_id(1), 2);
  made.row.open = true;
  made.timer = TimerChange{};
  ASSERT_TRUE(is_appended(append(made), 3));
  EXPECT_EQ(reader_->open_payments(std::nullopt, 5).value()[0].kind, "");
}

TEST_P(StoreStep, APaymentIsFoundByItsProvidersName) {
  const auto named = [&](std::uint64_t number, std::uint64_t version, const std::string& name) {
    auto made = step(payment_id(number), version);
    made.row.provider_payment_id = name;
    ASSERT_TRUE(is_appended(append(made), version + 1));
  };
  named(1, 0, "");
  EXPECT_FALSE(reader_->payment_at_provider("stripe", "").value());
  EXPECT_FALSE(reader_->payment_at_provider("stripe", "pi_1").value());
  named(2, 0, "pi_1");
  named(1, 1, "pi_1");
  EXPECT_EQ(reader_->payment_at_provider("stripe", "pi_1").value(), payment_id(2));
  EXPECT_FALSE(reader_->payment_at_provider("paypal", "pi_1").value());
  named(2, 1, "pi_2");
  EXPECT_EQ(reader_->payment_at_provider("stripe", "pi_1").value(), payment_id(1));
  EXPECT_EQ(reader_->payment_at_provider("stripe", "pi_2").value(), payment_id(2));
}

}  // namespace
}  // namespace cambist::storage::testing
