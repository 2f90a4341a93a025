// Readers of the SQLite store: never a scan, never a sort of a page, never a write or a checkpoint.
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
  for (const auto* query : {sql::events,
                            sql::payments_of_tenant,
                            sql::payments_of_status,
                            sql::payments_of_reference,
                            sql::payments_of_customer,
                            sql::ledger,
                            sql::postings,
                            sql::open_payments,
                            sql::due_timers,
                            sql::payment_at_provider,
                            sql::due_webhooks,
                            sql::webhooks_of_tenant,
                            sql::webhooks_of_status,
                            sql::webhooks_of_payment,
                            sql::outbox,
                            sql::deliveries,
                            sql::deliveries_of_status,
                            sql::deliveries_after,
                            sql::tasks_of_tenant,
                            sql::tasks_of_status,
                            sql::tasks_of_payment,
                            sql::audit}) {
    const auto plan = plan_of(database, query);
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << query << "\n" << plan;
  }
}

TEST(SqliteReader, CountingWebhooksReadsNothingButItsIndex) {
  const TempDir dir;
  ASSERT_TRUE(sqlite::migrate(dir.path()));
  auto database = std::move(Database::open(dir.path() / "cambist.db", Access::read).value());
  EXPECT_NE(plan_of(database, sqlite::sql::webhook_counts).find("COVERING INDEX"),
            std::string::npos);
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

}  // namespace
}  // namespace cambist::storage::testing
