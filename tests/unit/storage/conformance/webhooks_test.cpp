// What every store owes the webhooks of providers: one of each event, one effect, an order of work,
// lists and counts, and nothing forgotten too early.
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

class StoreWebhooks : public StoreTest {
 protected:
  void receive(std::initializer_list<std::uint64_t> numbers) {
    for (const auto number : numbers) ASSERT_TRUE(is_appended(record({webhook(number)}), 0));
  }
  WebhookRow stored(std::uint64_t number) {
    return reader_->webhook(tenant(), webhook_id(number)).value().value();
  }
  std::vector<WebhookId> list(const WebhookQuery& query) {
    std::vector<WebhookId> ids;
    for (const auto& row : reader_->webhooks(query).value()) ids.push_back(row.id);
    return ids;
  }
  std::vector<WebhookId> due(std::int64_t now, std::size_t limit = 10) {
    std::vector<WebhookId> ids;
    for (const auto& row : reader_->due_webhooks("stripe", at(now), limit).value()) {
      ids.push_back(row.id);
    }
    return ids;
  }
};
CAMBIST_EACH_STORE(StoreWebhooks);

using Ids = std::vector<WebhookId>;
Ids ids(std::initializer_list<std::uint64_t> numbers) {
  Ids made;
  for (const auto number : numbers) made.push_back(webhook_id(number));
  return made;
}

TEST_P(StoreWebhooks, WhatWasReceivedComesBackByteForByte) {
  auto made = webhook(7);
  made.row.livemode = true;
  made.row.object = "ch_1";
  made.row.payment = payment_id(3);
  made.row.created_at = at(5);
  made.row.attempts = 2;
  made.row.error = "none yet";
  made.row.body = std::string("\0{\xff\xfe\"a\":1}\n\0", 13);
  ASSERT_TRUE(is_appended(record({made}), 0));
  const auto row = stored(7);
  EXPECT_EQ(row.tenant, tenant());
  EXPECT_EQ(row.provider, "stripe");
  EXPECT_EQ(row.event, "evt_7");
  EXPECT_EQ(row.type, "charge.succeeded");
  EXPECT_TRUE(row.livemode);
  EXPECT_EQ(row.object, "ch_1");
  EXPECT_EQ(row.payment, payment_id(3));
  EXPECT_EQ(row.created_at, at(5));
  EXPECT_EQ(row.received_at, at(7));
  EXPECT_EQ(row.status, "received");
  EXPECT_EQ(row.attempts, 2);
  EXPECT_EQ(row.due, at(7));
  EXPECT_EQ(row.error, "none yet");
  EXPECT_EQ(row.settled_at, std::nullopt);
  EXPECT_EQ(row.position, 1U);
  EXPECT_EQ(row.body_bytes, 13U);
  EXPECT_EQ(row.body, made.row.body);
}

TEST_P(StoreWebhooks, TheSameEventIsStoredOnceWhateverElseDiffers) {
  receive({1});
  auto again = webhook(2, tenant("rival"));
  again.row.event = "evt_1";
  EXPECT_TRUE(is_there_already(record({again})));
  EXPECT_FALSE(reader_->webhook(tenant("rival"), webhook_id(2)).value());
  again.row.provider = "paypal";
  EXPECT_TRUE(is_appended(record({again}), 0));
}

TEST_P(StoreWebhooks, ADuplicateWithinABatchCostsOnlyItself) {
  auto copy = webhook(9);
  copy.row.event = "evt_1";
  const auto results = write({Records{{webhook(1)}}, Records{{copy}}, Records{{webhook(2)}}});
  EXPECT_TRUE(is_appended(results[0], 0));
  EXPECT_TRUE(is_there_already(results[1]));
  EXPECT_TRUE(is_appended(results[2], 0));
  EXPECT_EQ(list({.tenant = tenant()}), ids({2, 1}));
  EXPECT_EQ(stored(2).position, 2U);
}

TEST_P(StoreWebhooks, ADuplicateWithinItsOwnRowsTakesAllOfThemBack) {
  auto copy = webhook(9);
  copy.row.event = "evt_1";
  EXPECT_TRUE(is_there_already(record({webhook(1), audit(1), copy})));
  EXPECT_TRUE(list({.tenant = tenant()}).empty());
  EXPECT_TRUE(due(100).empty());
  EXPECT_TRUE(reader_->audit(tenant(), std::nullopt, 10).value().empty());
  receive({1});
  EXPECT_EQ(stored(1).position, 1U);
}

TEST_P(StoreWebhooks, AnIdThatIsTakenIsAMistakeAndTakesAllRowsBack) {
  receive({1});
  auto other = webhook(1);
  other.row.event = "evt_other";
  EXPECT_TRUE(is_error(record({webhook(2), other}), ErrorCode::internal));
  EXPECT_EQ(list({.tenant = tenant()}), ids({1}));
  receive({3});
  // Later than the first, and maybe not by one: what was taken back may leave a gap.
  EXPECT_GT(stored(3).position, 1U);
}

TEST_P(StoreWebhooks, WhatBecameOfItIsKeptAndItsPaymentStaysKnown) {
  receive({1});
  auto update = waiting(1, "retrying", at(60));
  update.attempts = 3;
  update.error = "the payment is busy";
  update.payment = payment_id(4);
  ASSERT_TRUE(is_appended(record({update}), 0));
  auto row = stored(1);
  EXPECT_EQ(row.status, "retrying");
  EXPECT_EQ(row.attempts, 3);
  EXPECT_EQ(row.due, at(60));
  EXPECT_EQ(row.error, "the payment is busy");
  EXPECT_EQ(row.payment, payment_id(4));
  EXPECT_EQ(row.settled_at, std::nullopt);
  ASSERT_TRUE(is_appended(record({settled(1)}), 0));
  row = stored(1);
  EXPECT_EQ(row.status, "applied");
  EXPECT_EQ(row.due, std::nullopt);
  EXPECT_EQ(row.error, "");
  EXPECT_EQ(row.payment, payment_id(4));
  EXPECT_EQ(row.settled_at, at(101));
  EXPECT_EQ(row.body, "{\"number\":1}");
}

TEST_P(StoreWebhooks, AppliedAndIgnoredAreFinalAndADeadOneIsNot) {
  receive({1, 2, 3});
  ASSERT_TRUE(is_appended(record({settled(1, "applied")}), 0));
  ASSERT_TRUE(is_appended(record({settled(2, "ignored")}), 0));
  ASSERT_TRUE(is_appended(record({settled(3, "dead")}), 0));
  EXPECT_TRUE(is_there_already(record({settled(1, "dead")})));
  EXPECT_TRUE(is_there_already(record({settled(2, "applied")})));
  EXPECT_EQ(stored(1).status, "applied");
  EXPECT_EQ(stored(2).status, "ignored");
  EXPECT_EQ(stored(3).settled_at, at(103));
  EXPECT_TRUE(is_appended(record({settled(3, "applied")}), 0));
}

TEST_P(StoreWebhooks, ThePaymentOfAnEventIsTheOneThatItWasAppliedTo) {
  receive({1, 2, 3});
  EXPECT_FALSE(reader_->payment_of_event("stripe", "evt_1").value());
  auto update = settled(1);
  update.payment = payment_id(4);
  ASSERT_TRUE(is_appended(record({update}), 0));
  EXPECT_EQ(reader_->payment_of_event("stripe", "evt_1").value(), payment_id(4));
  EXPECT_FALSE(reader_->payment_of_event("paypal", "evt_1").value());
  EXPECT_FALSE(reader_->payment_of_event("stripe", "evt_9").value());
  // What only named a payment took no effect on it, and a payment may not be known at all.
  update = settled(2, "dead");
  update.payment = payment_id(4);
  ASSERT_TRUE(is_appended(record({update}), 0));
  ASSERT_TRUE(is_appended(record({settled(3)}), 0));
  EXPECT_FALSE(reader_->payment_of_event("stripe", "evt_2").value());
  EXPECT_FALSE(reader_->payment_of_event("stripe", "evt_3").value());
}

TEST_P(StoreWebhooks, AnUnknownOneCannotBeUpdatedAndNothingIsWrittenWithIt) {
  EXPECT_TRUE(is_error(record({webhook(1), settled(2)}), ErrorCode::not_found));
  EXPECT_FALSE(reader_->webhook(tenant(), webhook_id(1)).value());
  EXPECT_TRUE(is_error(record({settled(1)}), ErrorCode::not_found));
}

TEST_P(StoreWebhooks, LaterRowsSeeTheEarlierOnes) {
  EXPECT_TRUE(is_appended(record({webhook(1), settled(1)}), 0));
  EXPECT_EQ(stored(1).status, "applied");
  EXPECT_TRUE(is_there_already(record({webhook(2), settled(2), settled(2, "dead")})));
  EXPECT_FALSE(reader_->webhook(tenant(), webhook_id(2)).value());
  EXPECT_TRUE(is_appended(
      record({WebhookReplayed{tenant(), webhook_id(1), at(200)}, settled(1, "ignored")}), 0));
  EXPECT_EQ(stored(1).status, "ignored");
}

TEST_P(StoreWebhooks, AReplayStartsOverWhateverBecameOfIt) {
  receive({1, 2});
  auto update = settled(1);
  update.attempts = 5;
  update.error = "old";
  update.payment = payment_id(4);
  ASSERT_TRUE(is_appended(record({update}), 0));
  ASSERT_TRUE(is_appended(record({settled(2, "dead")}), 0));
  ASSERT_TRUE(is_appended(record({WebhookReplayed{tenant(), webhook_id(1), at(50)},
                                  WebhookReplayed{tenant(), webhook_id(2), at(40)}}),
                          0));
  const auto row = stored(1);
  EXPECT_EQ(row.status, "received");
  EXPECT_EQ(row.attempts, 0);
  EXPECT_EQ(row.due, at(50));
  EXPECT_EQ(row.error, "");
  EXPECT_EQ(row.settled_at, std::nullopt);
  EXPECT_EQ(row.payment, payment_id(4));
  EXPECT_EQ(due(50), ids({2, 1}));
  EXPECT_TRUE(is_appended(record({settled(1)}), 0));
}

TEST_P(StoreWebhooks, AReplayOfAnUnknownOrAnothersChangesNothing) {
  receive({1});
  ASSERT_TRUE(is_appended(record({settled(1)}), 0));
  ASSERT_TRUE(is_appended(record({webhook(2, tenant("rival"))}), 0));
  EXPECT_TRUE(is_error(record({WebhookReplayed{tenant(), webhook_id(1), at(5)},
                               WebhookReplayed{tenant(), webhook_id(2), at(5)}}),
                       ErrorCode::not_found));
  EXPECT_TRUE(
      is_error(record({WebhookReplayed{tenant(), webhook_id(9), at(5)}}), ErrorCode::not_found));
  EXPECT_EQ(stored(1).status, "applied");
}

TEST_P(StoreWebhooks, DueOnesComeInTheOrderOfDueThenOfReceiptWithTheirBodies) {
  receive({4, 3, 2, 1});
  ASSERT_TRUE(is_appended(record({waiting(1, "parked", at(3))}), 0));
  ASSERT_TRUE(is_appended(record({settled(2)}), 0));
  auto other = webhook(5);
  other.row.provider = "paypal";
  ASSERT_TRUE(is_appended(record({other}), 0));
  EXPECT_EQ(due(10), ids({3, 1, 4}));
  EXPECT_EQ(due(3), ids({3, 1}));
  EXPECT_EQ(due(10, 1), ids({3}));
  EXPECT_TRUE(due(2).empty());
  EXPECT_EQ(reader_->due_webhooks("stripe", at(3), 1).value()[0].body, "{\"number\":3}");
  EXPECT_EQ(reader_->due_webhooks("paypal", at(10), 9).value().size(), 1U);
}

TEST_P(StoreWebhooks, EachFilterOfTheListHoldsAloneAndTogether) {
  receive({1, 2, 3, 4, 5});
  auto paypal = webhook(6);
  paypal.row.provider = "paypal";
  paypal.row.type = "CHECKOUT.ORDER.APPROVED";
  ASSERT_TRUE(is_appended(record({paypal}), 0));
  auto parked = waiting(2, "parked", at(90));
  parked.payment = payment_id(4);
  auto applied = settled(3);
  applied.payment = payment_id(4);
  ASSERT_TRUE(is_appended(record({parked, applied, settled(4)}), 0));
  EXPECT_EQ(list({.tenant = tenant()}), ids({6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(list({.tenant = tenant(), .provider = "paypal"}), ids({6}));
  EXPECT_EQ(list({.tenant = tenant(), .status = "applied"}), ids({4, 3}));
  EXPECT_EQ(list({.tenant = tenant(), .type = "charge.succeeded"}), ids({5, 4, 3, 2, 1}));
  EXPECT_EQ(list({.tenant = tenant(), .payment = payment_id(4)}), ids({3, 2}));
  EXPECT_EQ(list({.tenant = tenant(), .status = "applied", .payment = payment_id(4)}), ids({3}));
  EXPECT_EQ(list({.tenant = tenant(), .provider = "paypal", .status = "applied"}), ids({}));
  EXPECT_EQ(list({.tenant = tenant(), .received_from = at(2), .received_to = at(4)}), ids({3, 2}));
  EXPECT_EQ(list({.tenant = tenant(), .before = webhook_id(3), .limit = 1}), ids({2}));
  EXPECT_EQ(list({.tenant = tenant(), .status = "applied", .before = webhook_id(4)}), ids({3}));
  EXPECT_EQ(list({.tenant = tenant(), .payment = payment_id(4), .before = webhook_id(3)}),
            ids({2}));
  EXPECT_EQ(list({.tenant = tenant(), .limit = 0}), ids({}));
}

TEST_P(StoreWebhooks, ListsCarryTheSizeOfABodyAndNotTheBody) {
  receive({1});
  const auto rows = reader_->webhooks({.tenant = tenant()}).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].body_bytes, 12U);
  EXPECT_TRUE(rows[0].body.empty());
}

TEST_P(StoreWebhooks, TenantsSeeOnlyTheirOwn) {
  receive({1});
  ASSERT_TRUE(is_appended(record({webhook(2, tenant("rival"))}), 0));
  EXPECT_EQ(list({.tenant = tenant()}), ids({1}));
  EXPECT_EQ(list({.tenant = tenant("rival"), .status = "received"}), ids({2}));
  EXPECT_FALSE(reader_->webhook(tenant(), webhook_id(2)).value());
  EXPECT_EQ(reader_->webhook_counts(tenant("rival"), at(0)).value().size(), 1U);
  EXPECT_TRUE(reader_->webhook_counts(tenant("acm"), at(0)).value().empty());
}

TEST_P(StoreWebhooks, CountsAreByProviderAndStatusSinceATime) {
  receive({1, 2, 3, 4, 5});
  auto paypal = webhook(3);
  paypal.row.id = webhook_id(30);
  paypal.row.provider = "paypal";
  ASSERT_TRUE(is_appended(record({paypal, settled(1), settled(3), settled(4)}), 0));
  const auto counts = reader_->webhook_counts(tenant(), at(2)).value();
  ASSERT_EQ(counts.size(), 3U);
  EXPECT_EQ(counts[0].provider, "paypal");
  EXPECT_EQ(counts[0].status, "received");
  EXPECT_EQ(counts[0].count, 1U);
  EXPECT_EQ(counts[1].provider, "stripe");
  EXPECT_EQ(counts[1].status, "applied");
  EXPECT_EQ(counts[1].count, 2U);
  EXPECT_EQ(counts[1].last_received_at, at(4));
  EXPECT_EQ(counts[2].status, "received");
  EXPECT_EQ(counts[2].count, 2U);
  EXPECT_EQ(counts[2].last_received_at, at(5));
  EXPECT_TRUE(reader_->webhook_counts(tenant(), at(6)).value().empty());
}

TEST_P(StoreWebhooks, OnlySettledOnesOldEnoughAreForgottenAndDeadLettersStay) {
  receive({1, 2, 3, 4, 5});
  ASSERT_TRUE(
      is_appended(record({settled(1), settled(2, "dead"), settled(3, "ignored"), settled(4)}), 0));
  EXPECT_EQ(journal_->forget(at(101), 10).value(), 0U);
  EXPECT_EQ(journal_->forget(at(104), 1).value(), 1U);
  EXPECT_EQ(list({.tenant = tenant()}), ids({5, 4, 3, 2}));
  EXPECT_EQ(journal_->forget(at(104), 10).value(), 1U);
  EXPECT_EQ(list({.tenant = tenant()}), ids({5, 4, 2}));
  EXPECT_EQ(journal_->forget(at(1000), 10).value(), 1U);
  EXPECT_EQ(list({.tenant = tenant()}), ids({5, 2}));
  receive({1});  // forgotten: it is new again, and comes after all that there was
  EXPECT_EQ(stored(1).position, 6U);
}

TEST_P(StoreWebhooks, WhatIsMalformedIsAMistake) {
  const auto refused = [&](const std::function<void(WebhookRow&)>& spoil) {
    auto made = webhook(1);
    spoil(made.row);
    return is_error(record({made}), ErrorCode::internal);
  };
  EXPECT_TRUE(refused([](WebhookRow& row) { row.tenant = {}; }));
  EXPECT_TRUE(refused([](WebhookRow& row) { row.id = {}; }));
  EXPECT_TRUE(refused([](WebhookRow& row) { row.provider.clear(); }));
  EXPECT_TRUE(refused([](WebhookRow& row) { row.event.clear(); }));
  EXPECT_TRUE(refused([](WebhookRow& row) { row.status = "lost"; }));
  EXPECT_TRUE(refused([](WebhookRow& row) { row.due.reset(); }));
  EXPECT_TRUE(refused([](WebhookRow& row) { row.status = "ignored"; }));  // and still due
  EXPECT_TRUE(list({.tenant = tenant()}).empty());
  receive({1});
  EXPECT_TRUE(is_error(record({settled(1, "parked")}), ErrorCode::internal));
  EXPECT_TRUE(is_error(record({waiting(1, "applied", at(5))}), ErrorCode::internal));
  EXPECT_TRUE(is_error(record({webhook(2), settled(1, "")}), ErrorCode::internal));
  EXPECT_EQ(list({.tenant = tenant()}), ids({1}));
}

}  // namespace
}  // namespace cambist::storage::testing
