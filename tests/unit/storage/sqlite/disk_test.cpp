// A disk that is full or fails: nothing half-written, nothing answered as done, and all well again
// afterwards.
#include "storage/sqlite/store.hpp"
#include "tests/unit/storage/sqlite/disk_faults.hpp"
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

class SqliteDisk : public ::testing::Test {
 protected:
  SqliteDisk() { open(); }

  void open() {
    store_ = std::move(sqlite::open(dir_.path()).value());
    journal_ = store_->open_journal();
    reader_ = store_->open_reader();
  }
  void reopen() {
    reader_.reset();
    journal_.reset();
    store_.reset();
    open();
  }
  /// Three payments that fill several pages each, with all that an append can carry.
  static std::vector<Append> batch(std::uint64_t first) {
    std::vector<Append> made;
    for (std::uint64_t number = first; number < first + 3; ++number) {
      made.push_back(step(payment_id(number), 0, 2));
      made.back().events[0].json = std::string(9000, 'e');
      made.back().row.json = std::string(9000, 'r');
      made.back().operations = {operation(number)};
      made.back().ledger = {{operation_id(number), "merchant:payable", usd(5)},
                            {operation_id(number), "provider:stripe:receivable", usd(-5)}};
      made.back().key = claim("key-" + std::to_string(number));
      made.back().timer = TimerChange{at(1)};
      made.back().outbox = {outgoing(number)};
      made.back().tasks = {task(number)};
      made.back().audit = {audit(number)};
    }
    return made;
  }
  void expect_unavailable(const std::vector<AppendResult>& results) {
    for (const auto& result : results) EXPECT_TRUE(is_error(result, ErrorCode::unavailable));
  }
  void expect_absent(std::uint64_t number) {
    EXPECT_TRUE(reader_->events(payment_id(number)).value().empty()) << number;
    EXPECT_FALSE(reader_->payment(tenant(), payment_id(number)).value()) << number;
    EXPECT_FALSE(reader_->key(tenant(), "key-" + std::to_string(number)).value()) << number;
    EXPECT_TRUE(reader_->ledger(payment_id(number)).value().empty()) << number;
    EXPECT_TRUE(reader_->operations(payment_id(number)).value().empty()) << number;
    EXPECT_FALSE(reader_->outbox_event(tenant(), event_id(number)).value()) << number;
    EXPECT_FALSE(reader_->task(tenant(), task_id(number)).value()) << number;
  }
  void expect_whole(std::uint64_t number) {
    EXPECT_EQ(reader_->events(payment_id(number)).value().size(), 2U) << number;
    EXPECT_TRUE(reader_->payment(tenant(), payment_id(number)).value()) << number;
    EXPECT_TRUE(reader_->key(tenant(), "key-" + std::to_string(number)).value()) << number;
    EXPECT_EQ(reader_->ledger(payment_id(number)).value().size(), 2U) << number;
    EXPECT_EQ(reader_->operations(payment_id(number)).value().size(), 1U) << number;
    EXPECT_TRUE(reader_->outbox_event(tenant(), event_id(number)).value()) << number;
    EXPECT_TRUE(reader_->task(tenant(), task_id(number)).value()) << number;
  }

  TempDir dir_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Reader> reader_;
};

TEST_F(SqliteDisk, ACommitIsSyncedBeforeItIsAnswered) {
  for (std::uint64_t number = 1; number <= 5; ++number) {
    const auto before = syncs();
    ASSERT_TRUE(is_appended(journal_->append(std::vector{step(payment_id(number), 0)}).front(), 1));
    EXPECT_GT(syncs(), before);
  }
}

TEST_F(SqliteDisk, ABatchIsSyncedOnce) {
  std::vector<Append> many;
  for (std::uint64_t number = 1; number <= 50; ++number)
    many.push_back(step(payment_id(number), 0));
  ASSERT_EQ(journal_->append(std::vector{step(payment_id(99), 0)}).size(), 1U);
  const auto before = syncs();
  ASSERT_EQ(journal_->append(many).size(), 50U);
  EXPECT_EQ(syncs(), before + 1);
}

// The disk fills at the first write of the commit, at the second, and so on, until the commit fits.
TEST_F(SqliteDisk, FullAtAnyWriteOfACommitLeavesNothingBehind) {
  ASSERT_TRUE(is_appended(journal_->append(batch(1)).front(), 2));
  std::uint64_t number = 10;
  int failures = 0;
  for (bool full = true; full; number += 10) {
    FullDisk disk{failures};
    const auto results = journal_->append(batch(number));
    full = disk.struck();
    if (full) {
      ++failures;
      expect_unavailable(results);
      expect_unavailable(journal_->append(batch(number)));  // still full
      expect_absent(number);
      expect_absent(number + 2);
    }
    disk.heal();
    if (full) {
      for (const auto& result : journal_->append(batch(number))) {
        EXPECT_TRUE(is_appended(result, 2));
      }
    }
    expect_whole(number);
  }
  EXPECT_GE(failures, 2);  // the log leaves in one piece; its end and what follows are others
  reopen();
  for (std::uint64_t written = 10; written < number; written += 10) expect_whole(written);
  expect_whole(1);
  for (const auto& balance : reader_->balances(tenant()).value()) {
    EXPECT_EQ(std::abs(balance.amount.minor), 5 * 3 * static_cast<std::int64_t>(number / 10));
  }
}

TEST_F(SqliteDisk, AFullDiskCostsReadersNothing) {
  ASSERT_TRUE(is_appended(journal_->append(batch(1)).front(), 2));
  const FullDisk disk{0};
  expect_unavailable(journal_->append(batch(10)));
  expect_whole(1);
}

TEST_F(SqliteDisk, WhatCouldNotBeSyncedIsNotAnsweredAsDone) {
  {
    const FailingSync failing;
    expect_unavailable(journal_->append(batch(1)));
    expect_absent(1);
  }
  for (const auto& result : journal_->append(batch(10))) EXPECT_TRUE(is_appended(result, 2));
  reopen();
  expect_whole(10);
  expect_absent(1);
}

TEST_F(SqliteDisk, RecordsThatCouldNotBeSyncedAreNotAnsweredAsDone) {
  const std::vector<Entry> first{Records{{webhook(1)}}, Records{{endpoint(1), audit(1)}}};
  {
    const FailingSync failing;
    expect_unavailable(journal_->write(first));
    EXPECT_FALSE(reader_->webhook(tenant(), webhook_id(1)).value());
  }
  for (const auto& result : journal_->write(first)) EXPECT_TRUE(is_appended(result, 0));
  const std::vector<Entry> old{Records{{webhook(2), settled(2)}}};
  ASSERT_TRUE(is_appended(journal_->write(old).front(), 0));
  {
    const FailingSync failing;
    expect_unavailable(journal_->write(std::vector<Entry>{Records{{settled(1)}}}));
    EXPECT_EQ(journal_->forget(at(1000), 10).error().code, ErrorCode::unavailable);
  }
  reopen();
  EXPECT_EQ(reader_->webhook(tenant(), webhook_id(1)).value()->status, "received");
  EXPECT_EQ(reader_->webhook(tenant(), webhook_id(2)).value()->status, "applied");
  EXPECT_EQ(reader_->endpoints(tenant()).value().size(), 1U);
}

TEST_F(SqliteDisk, RecordsTooBigToHoldCostOnlyThemselves) {
  auto huge = webhook(2);
  huge.row.body = std::string(std::size_t{17} << 20U, 'x');
  const auto results = journal_->write(
      std::vector<Entry>{Records{{webhook(1)}}, Records{{audit(1), huge}}, Records{{webhook(3)}}});
  EXPECT_TRUE(is_appended(results[0], 0));
  EXPECT_TRUE(is_error(results[1], ErrorCode::internal));
  EXPECT_TRUE(is_appended(results[2], 0));
  EXPECT_TRUE(reader_->audit(tenant(), std::nullopt, 10).value().empty());
  EXPECT_EQ(reader_->webhooks({.tenant = tenant()}).value().size(), 2U);
}

TEST_F(SqliteDisk, KeysAndExpiryOnAFullDiskAreUnavailableToo) {
  auto made = step(payment_id(1), 0);
  made.key = claim("k", at(5));
  ASSERT_TRUE(is_appended(journal_->append(std::vector{made}).front(), 1));
  made = step(payment_id(1), 1);
  made.key = KeyAnswer{"k", 200, "{}"};
  ASSERT_TRUE(is_appended(journal_->append(std::vector{made}).front(), 2));
  const ApiKeyRow key{"key_1", tenant("new"), sha256("x"), at(1)};
  FullDisk disk{0};
  EXPECT_EQ(store_->put_api_key(key).error().code, ErrorCode::unavailable);
  EXPECT_EQ(journal_->expire_keys(at(9), 10).error().code, ErrorCode::unavailable);
  disk.heal();
  EXPECT_TRUE(reader_->api_keys().value().empty());
  EXPECT_TRUE(store_->put_api_key(key));
  EXPECT_EQ(journal_->expire_keys(at(9), 10).value(), 1U);
}

TEST_F(SqliteDisk, AStepTooBigToHoldCostsOnlyItself) {
  auto huge = step(payment_id(2), 0);
  huge.events[0].json = std::string(std::size_t{17} << 20U, 'x');
  const auto results = journal_->append(
      std::vector{step(payment_id(1), 0), huge, step(payment_id(3), 0), step(payment_id(1), 0)});
  EXPECT_TRUE(is_appended(results[0], 1));
  EXPECT_TRUE(is_error(results[1], ErrorCode::internal));
  EXPECT_TRUE(is_appended(results[2], 1));
  EXPECT_TRUE(is_conflict(results[3]));
  expect_absent(2);
  EXPECT_EQ(reader_->events(payment_id(3)).value().size(), 1U);
}

// The writer remembers what it wrote; what was rolled back must not be among it.
TEST_F(SqliteDisk, AStepThatCouldNotBeSyncedIsNotRememberedAndItsRivalStillConflicts) {
  ASSERT_TRUE(is_appended(journal_->append(std::vector{step(payment_id(1), 0)}).front(), 1));
  auto second = step(payment_id(1), 1);
  second.ledger = {{operation_id(1), "merchant:payable", usd(5)}};
  second.timer = TimerChange{at(5), "inquiry"};
  second.row.status = "captured";
  {
    const FailingSync failing;
    expect_unavailable(journal_->append(std::vector{second}));
  }
  EXPECT_TRUE(is_conflict(journal_->append(std::vector{step(payment_id(1), 2)}).front()));
  EXPECT_TRUE(is_appended(journal_->append(std::vector{second}).front(), 2));
  EXPECT_TRUE(is_conflict(journal_->append(std::vector{second}).front()));
  EXPECT_EQ(reader_->ledger(payment_id(1)).value().size(), 1U);
  EXPECT_EQ(reader_->due_timers(at(9), 10).value().size(), 1U);
  EXPECT_EQ(reader_->payments({.tenant = tenant(), .status = "captured"}).value().size(), 1U);
}

TEST_F(SqliteDisk, StepsBesideOneTooBigToHoldAreWrittenFromWhatIsTrueBeforeThem) {
  ASSERT_TRUE(is_appended(journal_->append(std::vector{step(payment_id(1), 0)}).front(), 1));
  auto known = step(payment_id(1), 1);
  known.timer = TimerChange{at(5), "inquiry"};
  auto huge = step(payment_id(2), 0);
  huge.events[0].json = std::string(std::size_t{17} << 20U, 'x');
  const auto results = journal_->append(std::vector{known, step(payment_id(3), 0), huge});
  EXPECT_TRUE(is_appended(results[0], 2));
  EXPECT_TRUE(is_appended(results[1], 1));
  EXPECT_TRUE(is_error(results[2], ErrorCode::internal));
  EXPECT_EQ(reader_->due_timers(at(9), 10).value().size(), 1U);
}

// The last position is kept in the table itself, also when its event is forgotten.
TEST_F(SqliteDisk, PositionsOfTheOutboxAreNotUsedTwiceAfterAllWasForgottenAndTheStoreWasReopened) {
  auto made = step(payment_id(1), 0);
  made.outbox = {outgoing(1), outgoing(2)};
  ASSERT_TRUE(is_appended(journal_->append(std::vector{made}).front(), 1));
  ASSERT_EQ(journal_->forget(at(1'000'000), 10).value(), 2U);
  reopen();
  EXPECT_TRUE(reader_->outbox(tenant(), 0, 10).value().empty());
  ASSERT_EQ(journal_->forget(at(1'000'000), 10).value(), 0U);
  ASSERT_TRUE(is_appended(journal_->write(std::vector<Entry>{Records{{announced(3)}}}).front(), 0));
  EXPECT_EQ(reader_->outbox(tenant(), 0, 10).value().at(0).position, 3U);
}

}  // namespace
}  // namespace cambist::storage::testing
