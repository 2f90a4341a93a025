// Batches in PostgreSQL: what is refused costs only itself, what is rare costs only time, and the
// order of the outbox holds between processes.
#include <atomic>
#include <thread>

#include "tests/support/postgres_cluster.hpp"
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

using test::PostgresSession;

class PostgresBatch : public ::testing::Test {
 protected:
  postgres::Options options_ = fresh_postgres();
  std::unique_ptr<Store> store_ = std::move(postgres::open(options_).value());
  std::unique_ptr<Journal> journal_ = store_->open_journal();
  std::unique_ptr<Reader> reader_ = store_->open_reader();
  PostgresSession session_{options_.url};
};

TEST_F(PostgresBatch, ABatchIsOneTransaction) {
  std::vector<Append> batch;
  for (std::uint64_t number = 1; number <= 20; ++number) {
    batch.push_back(step(payment_id(number), 0, 2));
    batch.back().key = claim("key-" + std::to_string(number));
    batch.back().timer = TimerChange{at(5), "inquiry"};
    batch.back().outbox = {outgoing(number)};
  }
  for (const auto& result : journal_->append(batch)) EXPECT_TRUE(is_appended(result, 2));
  EXPECT_EQ(session_.value("SELECT count(DISTINCT t) FROM (SELECT xmin::text AS t FROM payments"
                           " UNION ALL SELECT xmin::text FROM payment_events"
                           " UNION ALL SELECT xmin::text FROM idempotency_keys"
                           " UNION ALL SELECT xmin::text FROM timers"
                           " UNION ALL SELECT xmin::text FROM outbox) AS all_rows"),
            "1");
}

TEST_F(PostgresBatch, AnEntryThatNoColumnCanHoldCostsOnlyItself) {
  std::vector<Append> batch{step(payment_id(1), 0), step(payment_id(2), 0), step(payment_id(3), 0)};
  batch[1].events[0].type = std::string{"nul\0inside", 10};
  const auto results = journal_->append(batch);
  EXPECT_TRUE(is_appended(results[0], 1));
  EXPECT_TRUE(is_error(results[1], ErrorCode::internal));
  EXPECT_TRUE(is_appended(results[2], 1));
  EXPECT_TRUE(reader_->events(payment_id(2)).value().empty());
  EXPECT_EQ(reader_->events(payment_id(3)).value().size(), 1U);
}

TEST_F(PostgresBatch, AnAuditIdThatIsTakenCostsOnlyItsEntry) {
  auto one = step(payment_id(1), 0);
  one.audit = {audit(7)};
  ASSERT_TRUE(is_appended(journal_->append(std::vector{one}).front(), 1));
  auto again = step(payment_id(2), 0);
  again.audit = {audit(7)};
  const auto results = journal_->append(std::vector{again, step(payment_id(3), 0)});
  EXPECT_TRUE(is_error(results[0], ErrorCode::internal));
  EXPECT_TRUE(is_appended(results[1], 1));
}

TEST_F(PostgresBatch, AWebhookComesBackByteForByte) {
  auto made = webhook(1);
  made.row.body.clear();
  for (std::size_t i = 0; i < (std::size_t{1} << 20U); ++i) {
    made.row.body.push_back(static_cast<char>(i * 31 % 256));
  }
  ASSERT_TRUE(is_appended(journal_->write(std::vector<Entry>{Records{{made}}}).front(), 0));
  const auto found = reader_->webhook(tenant(), webhook_id(1)).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->body, made.row.body);
  EXPECT_EQ(found->body_bytes, made.row.body.size());
}

TEST_F(PostgresBatch, CopiesOfWebhooksAmongNewOnesAreToldApart) {
  ASSERT_TRUE(is_appended(journal_->write(std::vector<Entry>{Records{{webhook(1)}}}).front(), 0));
  auto copy = webhook(2);
  copy.row.id = webhook_id(9);
  const auto results = journal_->write(std::vector<Entry>{
      Records{{webhook(2)}}, Records{{webhook(1)}}, Records{{copy}}, Records{{webhook(3)}}});
  EXPECT_TRUE(is_appended(results[0], 0));
  EXPECT_TRUE(is_there_already(results[1]));
  EXPECT_TRUE(is_there_already(results[2]));
  EXPECT_TRUE(is_appended(results[3], 0));
  EXPECT_EQ(reader_->webhook(tenant(), webhook_id(3)).value()->position, 3U);
}

// Whoever reads the outbox by position while several processes write it must not miss one.
TEST_F(PostgresBatch, AReaderOfTheOutboxSkipsNothingThatTwoProcessesWrite) {
  constexpr std::uint64_t steps = 150;
  std::atomic<int> writing{2};
  const auto write = [&](std::uint64_t from, Journal& journal) {
    for (auto number = from; number < from + steps; ++number) {
      auto made = step(payment_id(number), 0);
      made.outbox = {outgoing(number)};
      EXPECT_TRUE(is_appended(journal.append(std::vector{made}).front(), 1));
    }
    --writing;
  };
  const auto other = std::move(postgres::open(options_).value());
  const auto other_journal = other->open_journal();
  std::thread one{[&] { write(1, *journal_); }};
  std::thread two{[&] { write(1000, *other_journal); }};
  std::uint64_t cursor = 0;
  std::size_t seen = 0;
  for (bool last = false; !last;) {
    last = writing == 0;
    for (const auto& stored : reader_->outbox(tenant(), cursor, 1000).value()) {
      EXPECT_EQ(stored.position, cursor + 1);
      cursor = stored.position;
      ++seen;
    }
  }
  one.join();
  two.join();
  EXPECT_EQ(seen, 2 * steps);
}

TEST_F(PostgresBatch, OfTwoProcessesThatMoveOnePaymentOneMeetsAConflict) {
  ASSERT_TRUE(is_appended(journal_->append(std::vector{step(payment_id(1), 0)}).front(), 1));
  const auto other = std::move(postgres::open(options_).value());
  const auto other_journal = other->open_journal();
  std::atomic<int> appended{0};
  std::atomic<int> conflicts{0};
  const auto write = [&](Journal& journal) {
    for (std::uint64_t version = 1; version <= 50; ++version) {
      auto made = step(payment_id(1), version);
      made.events[0].json = std::to_string(version);
      const auto result = journal.append(std::vector{made}).front();
      if (is_appended(result, version + 1)) ++appended;
      if (is_conflict(result)) ++conflicts;
    }
  };
  std::thread one{[&] { write(*journal_); }};
  std::thread two{[&] { write(*other_journal); }};
  one.join();
  two.join();
  EXPECT_EQ(appended, 50);
  EXPECT_EQ(conflicts, 50);
  EXPECT_EQ(reader_->events(payment_id(1)).value().size(), 51U);
}

}  // namespace
}  // namespace cambist::storage::testing
