// What every store owes its readers: lists, pages, timers, open payments, operations, and tenants
// kept apart.
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

class StoreReads : public StoreTest {
 protected:
  using Change = std::function<void(Append&)>;
  void put(std::uint64_t number, const Change& change, const std::string& owner = "acme") {
    auto made = step(payment_id(number), 0, 1, tenant(owner));
    made.row.created_at = at(static_cast<std::int64_t>(number));
    change(made);
    ASSERT_TRUE(is_appended(append(made), 1));
  }
  void timer(std::uint64_t number, std::uint64_t version, std::optional<TimePoint> due) {
    auto made = step(payment_id(number), version);
    made.timer = TimerChange{due};
    ASSERT_TRUE(is_appended(append(made), version + 1));
  }
  std::vector<PaymentId> list(const PaymentQuery& query) {
    std::vector<PaymentId> ids;
    for (const auto& row : reader_->payments(query).value()) ids.push_back(row.id);
    return ids;
  }
};
CAMBIST_EACH_STORE(StoreReads);

using Ids = std::vector<PaymentId>;
Ids ids(std::initializer_list<std::uint64_t> numbers) {
  Ids made;
  for (const auto number : numbers) made.push_back(payment_id(number));
  return made;
}

TEST_P(StoreReads, WhatIsNotThereIsEmptyAndNotAnError) {
  EXPECT_TRUE(reader_->events(payment_id(9)).value().empty());
  EXPECT_FALSE(reader_->payment(tenant(), payment_id(9)).value());
  EXPECT_TRUE(reader_->payments({.tenant = tenant()}).value().empty());
  EXPECT_FALSE(reader_->key(tenant(), "k").value());
  EXPECT_TRUE(reader_->operations(payment_id(9)).value().empty());
  EXPECT_TRUE(reader_->ledger(payment_id(9)).value().empty());
  EXPECT_TRUE(reader_->balances(tenant()).value().empty());
  EXPECT_TRUE(reader_->open_payments(std::nullopt, 10).value().empty());
  EXPECT_TRUE(reader_->due_timers(at(1000), 10).value().empty());
  EXPECT_TRUE(reader_->api_keys().value().empty());
}

TEST_P(StoreReads, EachFilterOfTheListHoldsAloneAndTogether) {
  put(1, [](Append& a) { a.row.status = "failed"; });
  put(2, [](Append& a) { a.row.reference = "order-7"; });
  put(3, [](Append& a) { a.row.customer_id = "cus_1"; });
  put(4, [](Append& a) { a.row.provider = "paypal"; });
  put(5, [](Append& a) {
    a.row.reference = "order-7";
    a.row.customer_id = "cus_1";
    a.row.status = "failed";
  });
  EXPECT_EQ(list({.tenant = tenant()}), ids({5, 4, 3, 2, 1}));
  EXPECT_EQ(list({.tenant = tenant(), .status = "failed"}), ids({5, 1}));
  EXPECT_EQ(list({.tenant = tenant(), .reference = "order-7"}), ids({5, 2}));
  EXPECT_EQ(list({.tenant = tenant(), .customer_id = "cus_1"}), ids({5, 3}));
  EXPECT_EQ(list({.tenant = tenant(), .provider = "paypal"}), ids({4}));
  EXPECT_EQ(list({.tenant = tenant(), .status = "processing", .reference = "order-7"}), ids({2}));
  EXPECT_EQ(list({.tenant = tenant(), .status = "failed", .customer_id = "cus_1"}), ids({5}));
  EXPECT_EQ(list({.tenant = tenant(), .reference = "order-7", .provider = "paypal"}), ids({}));
  EXPECT_EQ(list({.tenant = tenant(), .reference = "order"}), ids({}));
}

TEST_P(StoreReads, CreatedFromIsInclusiveAndCreatedToIsNot) {
  for (std::uint64_t i = 1; i <= 5; ++i) put(i, [](Append&) {});
  EXPECT_EQ(list({.tenant = tenant(), .created_from = at(3)}), ids({5, 4, 3}));
  EXPECT_EQ(list({.tenant = tenant(), .created_to = at(3)}), ids({2, 1}));
  EXPECT_EQ(list({.tenant = tenant(), .created_from = at(2), .created_to = at(4)}), ids({3, 2}));
  EXPECT_EQ(list({.tenant = tenant(), .created_from = at(4), .created_to = at(2)}), ids({}));
}

TEST_P(StoreReads, PagesFollowEachOtherWithoutGapOrRepeat) {
  for (std::uint64_t i = 1; i <= 7; ++i) {
    put(i, [&](Append& a) { a.row.reference = i % 2 == 1 ? "odd" : "even"; });
  }
  Ids seen;
  PaymentQuery query{.tenant = tenant(), .limit = 3};
  for (auto page = list(query); !page.empty(); page = list(query)) {
    EXPECT_LE(page.size(), 3U);
    seen.insert(seen.end(), page.begin(), page.end());
    query.before = page.back();
  }
  EXPECT_EQ(seen, ids({7, 6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(list({.tenant = tenant(), .reference = "odd", .before = payment_id(5)}), ids({3, 1}));
  EXPECT_EQ(list({.tenant = tenant(), .before = payment_id(1)}), ids({}));
  EXPECT_EQ(list({.tenant = tenant(), .limit = 0}), ids({}));
}

TEST_P(StoreReads, TheGreatestIdIsOnTheFirstPage) {
  Uuid greatest;
  greatest.fill(0xff);
  ASSERT_TRUE(is_appended(append(step(PaymentId{greatest}, 0)), 1));
  EXPECT_EQ(list({.tenant = tenant()}), Ids{PaymentId{greatest}});
}

TEST_P(StoreReads, TenantsSeeOnlyTheirOwn) {
  put(1, [](Append& a) { a.ledger = {{operation_id(1), "merchant:payable", usd(5)}}; });
  put(
      2,
      [](Append& a) {
        a.ledger = {{operation_id(2), "merchant:payable", usd(7)}};
      },
      "rival");
  EXPECT_EQ(list({.tenant = tenant()}), ids({1}));
  EXPECT_EQ(list({.tenant = tenant("rival")}), ids({2}));
  EXPECT_EQ(list({.tenant = tenant("acm")}), ids({}));
  EXPECT_FALSE(reader_->payment(tenant(), payment_id(2)).value());
  EXPECT_TRUE(reader_->payment(tenant("rival"), payment_id(2)).value());
  const auto balances = reader_->balances(tenant("rival")).value();
  ASSERT_EQ(balances.size(), 1U);
  EXPECT_EQ(balances[0].amount, usd(7));
}

TEST_P(StoreReads, TimersComeInTheOrderOfTheirTime) {
  timer(1, 0, at(30));
  timer(2, 0, at(10));
  timer(3, 0, at(20));
  timer(4, 0, at(10));
  const auto due = reader_->due_timers(at(20), 10).value();
  ASSERT_EQ(due.size(), 3U);
  EXPECT_EQ(due[0].payment, payment_id(2));
  EXPECT_EQ(due[0].due, at(10));
  EXPECT_EQ(due[0].tenant, tenant());
  EXPECT_EQ(due[1].payment, payment_id(4));
  EXPECT_EQ(due[2].payment, payment_id(3));
  EXPECT_EQ(reader_->due_timers(at(20), 1).value().size(), 1U);
  EXPECT_TRUE(reader_->due_timers(at(9), 10).value().empty());
}

TEST_P(StoreReads, APaymentHasOneTimerWhichMovesAndClears) {
  timer(1, 0, at(10));
  timer(1, 1, at(30));
  EXPECT_TRUE(reader_->due_timers(at(20), 10).value().empty());
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 2)), 3));  // says nothing about the timer
  ASSERT_EQ(reader_->due_timers(at(30), 10).value().size(), 1U);
  timer(1, 3, std::nullopt);
  EXPECT_TRUE(reader_->due_timers(at(1000), 10).value().empty());
  timer(1, 4, std::nullopt);
}

TEST_P(StoreReads, OpenPaymentsAreListedInPagesUntilTheySettle) {
  for (std::uint64_t i = 1; i <= 5; ++i) {
    put(i, [&](Append& a) {
      a.row.open = i != 3;
      if (i == 2) a.timer = TimerChange{at(99)};
    });
  }
  auto page = reader_->open_payments(std::nullopt, 2).value();
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].payment, payment_id(1));
  EXPECT_EQ(page[0].due, TimePoint{});
  EXPECT_EQ(page[1].payment, payment_id(2));
  EXPECT_EQ(page[1].due, at(99));
  EXPECT_EQ(page[1].tenant, tenant());
  page = reader_->open_payments(payment_id(2), 10).value();
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].payment, payment_id(4));
  EXPECT_EQ(page[1].payment, payment_id(5));
  ASSERT_TRUE(is_appended(append(step(payment_id(4), 1)), 2));
  EXPECT_EQ(reader_->open_payments(payment_id(2), 10).value().size(), 1U);
  EXPECT_TRUE(reader_->open_payments(payment_id(5), 10).value().empty());
}

TEST_P(StoreReads, OperationsKeepTheirLatestShapeInTheOrderOfTheirStart) {
  auto made = step(payment_id(1), 0);
  made.operations = {operation(2), operation(1)};
  ASSERT_TRUE(is_appended(append(made), 1));
  auto next = step(payment_id(1), 1);
  auto settled = operation(1, "succeeded");
  settled.kind = "authorize";
  settled.amount = Money{500, *Currency::parse("JPY")};
  settled.attempts = 3;
  settled.provider_object = "re_1";
  next.operations = {settled};
  ASSERT_TRUE(is_appended(append(next), 2));
  const auto rows = reader_->operations(payment_id(1)).value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].id, operation_id(1));
  EXPECT_EQ(rows[0].kind, "authorize");
  EXPECT_EQ(rows[0].status, "succeeded");
  EXPECT_EQ(rows[0].amount, settled.amount);
  EXPECT_EQ(rows[0].attempts, 3);
  EXPECT_EQ(rows[0].idempotency_key, "op-key-1");
  EXPECT_EQ(rows[0].provider_object, "re_1");
  EXPECT_EQ(rows[0].started_at, at(1));
  EXPECT_EQ(rows[1].id, operation_id(2));
  EXPECT_EQ(rows[1].status, "pending");
}

TEST_P(StoreReads, TheLedgerKeepsItsOrderAndBalancesPerAccountAndCurrency) {
  const Money yen{-300, *Currency::parse("JPY")};
  auto made = step(payment_id(1), 0);
  made.ledger = {{operation_id(1), "provider:stripe:receivable", usd(1000)},
                 {operation_id(1), "merchant:payable", usd(-1000)}};
  ASSERT_TRUE(is_appended(append(made), 1));
  made = step(payment_id(1), 1);
  made.ledger = {{operation_id(2), "merchant:payable", usd(400)},
                 {operation_id(2), "provider:stripe:receivable", usd(-400)},
                 {operation_id(2), "merchant:payable", yen}};
  ASSERT_TRUE(is_appended(append(made), 2));
  const auto rows = reader_->ledger(payment_id(1)).value();
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[0].account, "provider:stripe:receivable");
  EXPECT_EQ(rows[0].operation, operation_id(1));
  EXPECT_EQ(rows[2].amount, usd(400));
  EXPECT_EQ(rows[4].amount, yen);
  const auto balances = reader_->balances(tenant()).value();
  ASSERT_EQ(balances.size(), 3U);
  EXPECT_EQ(balances[0].account, "merchant:payable");
  EXPECT_EQ(balances[0].amount, yen);
  EXPECT_EQ(balances[1].amount, usd(-600));
  EXPECT_EQ(balances[2].account, "provider:stripe:receivable");
  EXPECT_EQ(balances[2].amount, usd(600));
}

TEST_P(StoreReads, ABalanceOutOfRangeIsAnErrorAndNeverWrapsAround) {
  const auto huge = usd(std::numeric_limits<std::int64_t>::max());
  put(1, [&](Append& a) {
    a.ledger = {{operation_id(1), "merchant:payable", huge},
                {operation_id(1), "merchant:payable", huge}};
  });
  const auto balances = reader_->balances(tenant());
  ASSERT_TRUE(balances.has_error());
  EXPECT_EQ(balances.error().code, ErrorCode::unavailable);
  EXPECT_EQ(reader_->ledger(payment_id(1)).value().size(), 2U);
}

TEST_P(StoreReads, ApiKeysAreReplacedByTheirId) {
  ASSERT_TRUE(store_->put_api_key({"key_b", tenant(), sha256("one"), at(1)}));
  ASSERT_TRUE(store_->put_api_key({"key_a", tenant("rival"), sha256("two"), at(2)}));
  ASSERT_TRUE(store_->put_api_key({"key_b", tenant(), sha256("three"), at(3)}));
  const auto rows = reader_->api_keys().value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].id, "key_a");
  EXPECT_EQ(rows[0].tenant, tenant("rival"));
  EXPECT_EQ(rows[1].id, "key_b");
  EXPECT_EQ(rows[1].hash, sha256("three"));
  EXPECT_EQ(rows[1].created_at, at(3));
}

TEST_P(StoreReads, EveryReaderSeesWhatIsCommitted) {
  const auto second = store_->open_reader();
  put(1, [](Append&) {});
  EXPECT_EQ(second->events(payment_id(1)).value().size(), 1U);
  EXPECT_EQ(reader_->events(payment_id(1)).value().size(), 1U);
}

}  // namespace
}  // namespace cambist::storage::testing
