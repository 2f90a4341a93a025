// Readers beside a writer: one commit's state per call, never a scan, never a write.
#include <atomic>
#include <thread>

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/reader_sql.hpp"
#include "storage/sqlite/store.hpp"
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

using sqlite::Access;
using sqlite::Database;

std::string plan_of(Database& database, const char* sql) {
  const auto question = std::string{"EXPLAIN QUERY PLAN "} + sql;
  auto statement = database.prepare(question.c_str());
  auto rows = statement.run();
  std::string plan;
  while (rows.next()) plan += rows.text(3) + "\n";
  EXPECT_EQ(rows.code(), SQLITE_OK) << sql;
  return plan;
}

TEST(SqliteReader, EveryQuerySearchesAnIndexAndNoneScans) {
  const TempDir dir;
  ASSERT_TRUE(sqlite::migrate(dir.path()));
  auto database = std::move(Database::open(dir.path() / "cambist.db", Access::read).value());
  for (const auto* query : sqlite::sql::searching) {
    const auto plan = plan_of(database, query);
    EXPECT_NE(plan.find("SEARCH"), std::string::npos) << query << "\n" << plan;
    EXPECT_EQ(plan.find("SCAN"), std::string::npos) << query << "\n" << plan;
  }
}

TEST(SqliteReader, PagesComeInTheOrderOfAnIndexWithoutSorting) {
  namespace sql = sqlite::sql;
  const TempDir dir;
  ASSERT_TRUE(sqlite::migrate(dir.path()));
  auto database = std::move(Database::open(dir.path() / "cambist.db", Access::read).value());
  for (const auto* query : {sql::events, sql::payments_of_tenant, sql::payments_of_status,
                            sql::payments_of_reference, sql::payments_of_customer, sql::ledger,
                            sql::balances, sql::open_payments, sql::due_timers}) {
    const auto plan = plan_of(database, query);
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << query << "\n" << plan;
  }
}

TEST(SqliteReader, ItsConnectionCannotWrite) {
  const TempDir dir;
  ASSERT_TRUE(sqlite::migrate(dir.path()));
  auto database = std::move(Database::open(dir.path() / "cambist.db", Access::read).value());
  EXPECT_EQ(database.execute("DELETE FROM tenants") & 0xff, SQLITE_READONLY);
}

TEST(SqliteReader, ItsConnectionDoesNotCheckpointWhenItCloses) {
  const TempDir dir;
  auto store = std::move(sqlite::open(dir.path()).value());
  const auto journal = store->open_journal();
  ASSERT_TRUE(is_appended(journal->append(std::vector{step(payment_id(1), 0)}).front(), 1));
  const auto wal = dir.path() / "cambist.db-wal";
  const auto before = std::filesystem::file_size(wal);
  const auto database_before = std::filesystem::last_write_time(dir.path() / "cambist.db");
  auto reader = store->open_reader();
  ASSERT_EQ(reader->events(payment_id(1)).value().size(), 1U);
  reader.reset();
  EXPECT_EQ(std::filesystem::file_size(wal), before);
  EXPECT_EQ(std::filesystem::last_write_time(dir.path() / "cambist.db"), database_before);
}

// Each batch makes two payments whose postings cancel out. A reader that saw half a commit would
// see an odd number of payments or a sum that is not zero.
TEST(SqliteReader, ACommitIsSeenWholeOrNotAtAllWhileTheWriterGoesOn) {
  const TempDir dir;
  const auto store = std::move(sqlite::open(dir.path()).value());
  const auto journal = store->open_journal();
  std::atomic<bool> done{false};
  std::atomic<int> looks{0};
  std::atomic<int> torn{0};
  const auto watch = [&] {
    const auto reader = store->open_reader();
    do {
      const auto rows = reader->payments({.tenant = tenant(), .limit = 100'000}).value();
      std::int64_t sum = 0;
      for (const auto& balance : reader->balances(tenant()).value()) sum += balance.amount.minor;
      if (rows.size() % 2 != 0 || sum != 0) ++torn;
      ++looks;
    } while (!done);
  };
  std::thread one{watch};
  std::thread two{watch};
  for (std::uint64_t number = 2; number < 802; number += 2) {
    auto debit = step(payment_id(number), 0);
    debit.row.json = std::string(3000, 'r');
    debit.ledger = {{operation_id(number), "merchant:payable", usd(-9)}};
    auto credit = step(payment_id(number + 1), 0);
    credit.ledger = {{operation_id(number + 1), "provider:stripe:receivable", usd(9)}};
    for (const auto& result : journal->append(std::vector{debit, credit})) {
      EXPECT_TRUE(is_appended(result, 1));
    }
  }
  done = true;
  one.join();
  two.join();
  EXPECT_EQ(torn, 0);
  EXPECT_GE(looks, 2);
}

}  // namespace
}  // namespace cambist::storage::testing
