// What every store owes the journal port: versions, conflicts, and one failing append costing only
// itself.
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

class StoreAppend : public StoreTest {};
CAMBIST_EACH_STORE(StoreAppend);

TEST_P(StoreAppend, TheFirstEventsMakeThePayment) {
  EXPECT_TRUE(is_appended(append(step(payment_id(1), 0, 2)), 2));
  const auto events = reader_->events(payment_id(1)).value();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].sequence, 1U);
  EXPECT_EQ(events[1].sequence, 2U);
  EXPECT_EQ(events[1].event.id, event_id(2));
  EXPECT_EQ(events[1].event.at, at(2));
  EXPECT_EQ(events[1].event.type, "payment_created");
  EXPECT_EQ(events[1].event.schema_version, 1);
  EXPECT_EQ(events[1].event.json, "{}");
}

TEST_P(StoreAppend, TheRowComesBackAsItWasWritten) {
  auto made = step(payment_id(1), 0);
  made.row.status = "partially_refunded";
  made.row.amount = Money{123456789012345, *Currency::parse("TZS")};
  made.row.captured_minor = 5;
  made.row.refunded_minor = 4;
  made.row.provider_payment_id = "pi_1";
  made.row.reference = "order-7";
  made.row.customer_id = "cus_1";
  made.row.open = true;
  made.row.created_at = TimePoint{std::chrono::microseconds{1'700'000'000'123'457}};
  ASSERT_TRUE(is_appended(append(made), 1));
  const auto found = reader_->payment(tenant(), payment_id(1)).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, payment_id(1));
  EXPECT_EQ(found->tenant, tenant());
  EXPECT_EQ(found->version, 1U);
  EXPECT_EQ(found->status, made.row.status);
  EXPECT_EQ(found->amount, made.row.amount);
  EXPECT_EQ(found->captured_minor, 5);
  EXPECT_EQ(found->refunded_minor, 4);
  EXPECT_EQ(found->provider, "stripe");
  EXPECT_EQ(found->provider_payment_id, "pi_1");
  EXPECT_EQ(found->reference, "order-7");
  EXPECT_EQ(found->customer_id, "cus_1");
  EXPECT_TRUE(found->open);
  EXPECT_EQ(found->created_at, made.row.created_at);
  EXPECT_EQ(found->updated_at, made.row.updated_at);
  EXPECT_EQ(found->json, made.row.json);
}

TEST_P(StoreAppend, EveryFieldOfTheRowFollowsTheLatestAppend) {
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 0)), 1));
  auto next = step(payment_id(1), 1);
  next.row.status = "failed";
  next.row.provider = "paypal";
  next.row.reference = "order-8";
  next.row.customer_id = "cus_8";
  next.row.amount = usd(7);
  ASSERT_TRUE(is_appended(append(next), 2));
  const auto found = reader_->payment(tenant(), payment_id(1)).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->version, 2U);
  EXPECT_EQ(found->status, "failed");
  EXPECT_EQ(found->provider, "paypal");
  EXPECT_EQ(found->reference, "order-8");
  EXPECT_EQ(found->customer_id, "cus_8");
  EXPECT_EQ(found->amount, usd(7));
  EXPECT_EQ(found->json, next.row.json);
}

TEST_P(StoreAppend, AStaleWriterMeetsAConflictAndChangesNothing) {
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 0, 2)), 2));
  auto stale = step(payment_id(1), 1);
  stale.row.status = "failed";
  stale.operations = {operation(1)};
  stale.ledger = {{operation_id(1), "merchant:payable", usd(5)}};
  stale.timer = TimerChange{at(5)};
  stale.key = claim("k");
  EXPECT_TRUE(is_conflict(append(stale)));
  EXPECT_EQ(reader_->events(payment_id(1)).value().size(), 2U);
  EXPECT_EQ(reader_->payment(tenant(), payment_id(1)).value()->status, "processing");
  EXPECT_TRUE(reader_->operations(payment_id(1)).value().empty());
  EXPECT_TRUE(reader_->ledger(payment_id(1)).value().empty());
  EXPECT_TRUE(reader_->due_timers(at(10), 10).value().empty());
  EXPECT_FALSE(reader_->key(tenant(), "k").value());
}

TEST_P(StoreAppend, AVersionFromTheFutureIsAConflict) {
  EXPECT_TRUE(is_conflict(append(step(payment_id(1), 1))));
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 0)), 1));
  EXPECT_TRUE(is_conflict(append(step(payment_id(1), 5))));
  EXPECT_EQ(reader_->events(payment_id(1)).value().size(), 1U);
}

TEST_P(StoreAppend, SeveralStepsOfOnePaymentShareABatch) {
  const auto results =
      append_all({step(payment_id(1), 0), step(payment_id(1), 1, 3), step(payment_id(1), 4)});
  EXPECT_TRUE(is_appended(results[0], 1));
  EXPECT_TRUE(is_appended(results[1], 4));
  EXPECT_TRUE(is_appended(results[2], 5));
  EXPECT_EQ(reader_->events(payment_id(1)).value().size(), 5U);
}

TEST_P(StoreAppend, AFailingAppendCostsOnlyItself) {
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 0)), 1));
  Append nameless = step(payment_id(4), 0);
  nameless.tenant.value.clear();
  const auto results =
      append_all({step(payment_id(2), 0), step(payment_id(1), 0), nameless, step(payment_id(3), 0),
                  step(payment_id(2), 0), step(payment_id(2), 1)});
  EXPECT_TRUE(is_appended(results[0], 1));
  EXPECT_TRUE(is_conflict(results[1]));
  EXPECT_TRUE(is_error(results[2], ErrorCode::internal));
  EXPECT_TRUE(is_appended(results[3], 1));
  EXPECT_TRUE(is_conflict(results[4]));
  EXPECT_TRUE(is_appended(results[5], 2));
  EXPECT_EQ(reader_->events(payment_id(1)).value().size(), 1U);
  EXPECT_EQ(reader_->events(payment_id(2)).value().size(), 2U);
  EXPECT_EQ(reader_->events(payment_id(3)).value().size(), 1U);
  EXPECT_TRUE(reader_->events(payment_id(4)).value().empty());
}

TEST_P(StoreAppend, AnotherTenantCannotWriteToAPayment) {
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 0)), 1));
  auto stranger = step(payment_id(1), 0, 1, tenant("rival"));
  stranger.key = claim("k");
  EXPECT_TRUE(is_conflict(append(stranger)));
  EXPECT_TRUE(is_conflict(append(step(payment_id(1), 1, 1, tenant("rival")))));
  EXPECT_EQ(reader_->events(payment_id(1)).value().size(), 1U);
  EXPECT_FALSE(reader_->key(tenant("rival"), "k").value());
  EXPECT_FALSE(reader_->payment(tenant("rival"), payment_id(1)).value());
}

TEST_P(StoreAppend, WithoutEventsOnlyTheRowStaysAsItIs) {
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 0)), 1));
  auto quiet = step(payment_id(1), 1, 0);
  quiet.row.status = "captured";
  quiet.timer = TimerChange{at(7)};
  quiet.operations = {operation(1)};
  EXPECT_TRUE(is_appended(append(quiet), 1));
  EXPECT_EQ(reader_->payment(tenant(), payment_id(1)).value()->status, "processing");
  EXPECT_EQ(reader_->due_timers(at(7), 10).value().size(), 1U);
  EXPECT_EQ(reader_->operations(payment_id(1)).value().size(), 1U);
  EXPECT_TRUE(is_conflict(append(step(payment_id(1), 0, 0))));
}

TEST_P(StoreAppend, APaymentWithoutEventsCannotHaveAnOperation) {
  auto hollow = step(payment_id(1), 0, 0);
  hollow.operations = {operation(1)};
  EXPECT_TRUE(is_error(append(hollow), ErrorCode::internal));
  hollow.operations.clear();
  hollow.timer = TimerChange{at(1)};
  EXPECT_TRUE(is_error(append(hollow), ErrorCode::internal));
  hollow.timer.reset();
  hollow.payment = PaymentId{};
  EXPECT_TRUE(is_error(append(hollow), ErrorCode::internal));
}

TEST_P(StoreAppend, AnEmptyBatchIsFine) {
  EXPECT_TRUE(append_all({}).empty());
}

TEST_P(StoreAppend, ThereIsOneJournalAtATime) {
  EXPECT_EQ(store_->open_journal(), nullptr);
  journal_.reset();
  journal_ = store_->open_journal();
  ASSERT_NE(journal_, nullptr);
  EXPECT_TRUE(is_appended(append(step(payment_id(1), 0)), 1));
}

TEST_P(StoreAppend, BigPayloadsComeBackWhole) {
  auto made = step(payment_id(1), 0);
  std::string big(std::size_t{1} << 20U, 'x');
  for (std::size_t i = 0; i < big.size(); i += 97) big[i] = static_cast<char>('a' + i % 26);
  made.events[0].json = big;
  made.row.json = big + "!";
  made.key = claim("k");
  ASSERT_TRUE(is_appended(append(made), 1));
  EXPECT_EQ(reader_->events(payment_id(1)).value().at(0).event.json, big);
  EXPECT_EQ(reader_->payment(tenant(), payment_id(1)).value()->json, big + "!");
}

TEST_P(StoreAppend, TextIsKeptByteForByte) {
  const std::string text = std::string{"Z\u00fcrich \u6771\u4eac \U0001F4B8 'quoted' \"x\" "} +
                           std::string{"nul\0inside", 10} + "; DROP TABLE payments; --";
  auto made = step(payment_id(1), 0);
  made.events[0].json = text;
  made.row.json = text;
  made.row.reference = text;
  made.row.customer_id = text;
  made.key = claim(text);
  ASSERT_TRUE(is_appended(append(made), 1));
  EXPECT_EQ(reader_->events(payment_id(1)).value().at(0).event.json, text);
  const auto listed = reader_->payments({.tenant = tenant(), .reference = text}).value();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].json, text);
  EXPECT_EQ(listed[0].customer_id, text);
  EXPECT_EQ(reader_->payments({.tenant = tenant(), .customer_id = text}).value().size(), 1U);
  EXPECT_TRUE(reader_->key(tenant(), text).value());
}

}  // namespace
}  // namespace cambist::storage::testing
