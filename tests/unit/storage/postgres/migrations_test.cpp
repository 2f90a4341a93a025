// Migrations: applied once, in order, by one process at a time; a database that does not fit is
// refused.
#include <thread>

#include "storage/postgres/migrations.hpp"
#include "tests/support/postgres_cluster.hpp"
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

using postgres::MigrationText;

constexpr MigrationText first{1, "0001_first", "CREATE TABLE one (id integer);"};
constexpr MigrationText second{2, "0002_second", "CREATE TABLE two (id integer);"};

class PostgresMigrations : public ::testing::Test {
 protected:
  Result<std::vector<Migration>> apply(std::initializer_list<MigrationText> known) {
    const std::vector<MigrationText> list{known};
    return postgres::apply_migrations(options_, list);
  }
  bool has(const std::string& table) {
    return session_.value("SELECT to_regclass('" + table + "') IS NOT NULL") == "t";
  }
  postgres::Options options_ = fresh_postgres();
  test::PostgresSession session_{options_.url};
};

TEST_F(PostgresMigrations, EachIsAppliedOnceAndRecorded) {
  auto applied = apply({first}).value();
  ASSERT_EQ(applied.size(), 1U);
  EXPECT_TRUE(applied[0].applied);
  EXPECT_EQ(applied[0].checksum, to_hex(sha256(first.sql)));
  applied = apply({first, second}).value();
  ASSERT_EQ(applied.size(), 2U);
  EXPECT_FALSE(applied[0].applied);
  EXPECT_EQ(applied[0].name, "0001_first");
  EXPECT_TRUE(applied[1].applied);
  EXPECT_TRUE(has("two"));
}

TEST_F(PostgresMigrations, AChangedTextIsRefusedAndNothingIsApplied) {
  ASSERT_TRUE(apply({first}));
  auto changed = first;
  changed.sql = "CREATE TABLE one (id text);";
  const auto refused = apply({changed, second});
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_EQ(refused.error().detail,
            "migration 0001_first was changed after it was applied to this database");
  EXPECT_FALSE(has("two"));
}

TEST_F(PostgresMigrations, ANewerDatabaseIsRefused) {
  ASSERT_TRUE(apply({first, second}));
  EXPECT_EQ(
      apply({first}).error().detail,
      "the database is newer than this binary: it has migration 0002_second, the binary knows 1");
}

TEST_F(PostgresMigrations, AFailingStepLeavesNothingAndKeepsTheStepsBefore) {
  const MigrationText broken{2, "0002_broken", "CREATE TABLE half (id integer); CREATE NONSENSE;"};
  const auto refused = apply({first, broken});
  ASSERT_TRUE(refused.has_error());
  EXPECT_NE(refused.error().detail.find("migration 0002_broken failed"), std::string::npos);
  EXPECT_TRUE(has("one"));
  EXPECT_FALSE(has("half"));
  EXPECT_TRUE(apply({first, second}));
}

TEST_F(PostgresMigrations, ProcessesThatStartTogetherTakeTurns) {
  // Slow enough that a second one would meet the first in the middle without the lock.
  const MigrationText slow{1, "0001_slow", "SELECT pg_sleep(0.2); CREATE TABLE one (id integer);"};
  std::vector<std::thread> processes;
  std::atomic<int> applied{0};
  std::atomic<int> failed{0};
  for (int i = 0; i < 4; ++i) {
    processes.emplace_back([&] {
      const auto result = postgres::apply_migrations(options_, std::vector{slow});
      if (!result) {
        ++failed;
      } else if (result->at(0).applied) {
        ++applied;
      }
    });
  }
  for (auto& process : processes) process.join();
  EXPECT_EQ(applied, 1);
  EXPECT_EQ(failed, 0);
}

TEST_F(PostgresMigrations, TheProgramsOwnCommandAppliesThenReports) {
  const auto before = postgres::migrate(options_).value();
  const auto after = postgres::migrate(options_).value();
  ASSERT_EQ(before.size(), postgres::embedded_migrations().size());
  ASSERT_EQ(after.size(), before.size());
  EXPECT_TRUE(before[0].applied);
  EXPECT_FALSE(after[0].applied);
}

TEST_F(PostgresMigrations, AStoreWithATamperedChecksumDoesNotOpen) {
  ASSERT_TRUE(postgres::migrate(options_));
  session_.run("UPDATE schema_migrations SET checksum = 'x' WHERE number = 1");
  const auto opened = postgres::open(options_);
  ASSERT_TRUE(opened.has_error());
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_NE(opened.error().detail.find("was changed after it was applied"), std::string::npos);
}

}  // namespace
}  // namespace cambist::storage::testing
