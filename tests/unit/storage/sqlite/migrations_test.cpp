// Migrations: applied once, in order, each whole or not at all; a database that does not fit is
// refused.
#include <array>

#include "storage/sqlite/migrations.hpp"
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

using sqlite::Access;
using sqlite::Database;
using sqlite::MigrationText;

constexpr MigrationText first{1, "0001_first", "CREATE TABLE one (id INTEGER);"};
constexpr MigrationText second{2, "0002_second", "CREATE TABLE two (id INTEGER);"};

class SqliteMigrations : public ::testing::Test {
 protected:
  Result<std::vector<sqlite::Migration>> apply(std::initializer_list<MigrationText> known) {
    const std::vector<MigrationText> list{known};
    return sqlite::apply_migrations(database_, list);
  }
  bool has(const std::string& table) {
    auto statement = database_.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?1");
    return statement.run(table).next();
  }
  TempDir dir_;
  Database database_ = std::move(Database::open(dir_.path() / "x.db", Access::write).value());
};

TEST_F(SqliteMigrations, EachIsAppliedOnceAndRecorded) {
  auto applied = apply({first}).value();
  ASSERT_EQ(applied.size(), 1U);
  EXPECT_TRUE(applied[0].applied);
  EXPECT_EQ(applied[0].name, "0001_first");
  EXPECT_EQ(applied[0].checksum, to_hex(sha256(first.sql)));
  applied = apply({first, second}).value();
  ASSERT_EQ(applied.size(), 2U);
  EXPECT_FALSE(applied[0].applied);
  EXPECT_TRUE(applied[1].applied);
  EXPECT_TRUE(has("two"));
}

TEST_F(SqliteMigrations, AChangedTextIsRefusedAndNothingIsApplied) {
  ASSERT_TRUE(apply({first}));
  auto changed = first;
  changed.sql = "CREATE TABLE one (id TEXT);";
  const auto refused = apply({changed, second});
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_EQ(refused.error().detail,
            "migration 0001_first was changed after it was applied to this database");
  EXPECT_FALSE(has("two"));
}

TEST_F(SqliteMigrations, ANewerDatabaseIsRefused) {
  ASSERT_TRUE(apply({first, second}));
  const auto refused = apply({first});
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(
      refused.error().detail,
      "the database is newer than this binary: it has migration 0002_second, the binary knows 1");
}

TEST_F(SqliteMigrations, AGapInTheDatabaseIsRefused) {
  ASSERT_TRUE(apply({first, second}));
  ASSERT_EQ(database_.execute("DELETE FROM schema_migrations WHERE number = 1"), SQLITE_OK);
  const auto refused = apply({first, second});
  ASSERT_TRUE(refused.has_error());
  EXPECT_NE(refused.error().detail.find("lacks migration 0001_first"), std::string::npos);
}

TEST_F(SqliteMigrations, AFailingStepLeavesNothingAndKeepsTheStepsBefore) {
  const MigrationText broken{2, "0002_broken", "CREATE TABLE half (id INTEGER); CREATE NONSENSE;"};
  const auto refused = apply({first, broken});
  ASSERT_TRUE(refused.has_error());
  EXPECT_NE(refused.error().detail.find("migration 0002_broken failed"), std::string::npos);
  EXPECT_TRUE(has("one"));
  EXPECT_FALSE(has("half"));
  EXPECT_TRUE(apply({first, second}));
}

TEST_F(SqliteMigrations, TheEmbeddedOnesCountFromOneAndMakeTheTables) {
  const auto embedded = sqlite::embedded_migrations();
  ASSERT_FALSE(embedded.empty());
  for (std::size_t i = 0; i < embedded.size(); ++i) {
    EXPECT_EQ(embedded[i].number, static_cast<int>(i) + 1);
  }
  ASSERT_TRUE(sqlite::apply_migrations(database_, embedded));
  for (const auto* table : {"tenants", "api_keys", "payments", "payment_events", "operations",
                            "idempotency_keys", "ledger_entries", "timers", "webhook_events",
                            "outbox", "webhook_endpoints", "deliveries", "tasks", "audit_log"}) {
    EXPECT_TRUE(has(table)) << table;
  }
}

TEST_F(SqliteMigrations, ADatabaseOfTheFirstStepAloneOpensWithItsRowsAndTakesNewOnes) {
  const auto data = dir_.path() / "data";
  std::filesystem::create_directories(data);
  {
    auto old = std::move(Database::open(data / "cambist.db", Access::write).value());
    ASSERT_TRUE(sqlite::apply_migrations(old, sqlite::embedded_migrations().first(1)));
    ASSERT_EQ(old.execute(R"(
      INSERT INTO payments (tenant, id, version, status, amount_minor, currency, captured_minor,
        refunded_minor, provider, provider_payment_id, reference, customer_id, open, created_at,
        updated_at, json)
      VALUES ('acme', x'00000000000070000000000000000001', 1, 'processing', 1000, 'USD', 0, 0,
        'stripe', 'pi_1', '', '', 1, 1, 1, '{}');
      INSERT INTO payment_events (payment, sequence, id, at, type, schema_version, json)
      VALUES (x'00000000000070000000000000000001', 1, x'00000000000070000000000000000001', 1,
        'payment_created', 1, '{}');
      INSERT INTO timers (payment, tenant, due)
      VALUES (x'00000000000070000000000000000001', 'acme', 5000000);)"),
              SQLITE_OK);
  }
  const auto store = std::move(sqlite::open(data).value());
  const auto reader = store->open_reader();
  const auto due = reader->due_timers(at(5), 10).value();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].kind, "");
  const auto old = due[0].payment;
  EXPECT_EQ(reader->events(old).value().size(), 1U);
  EXPECT_EQ(reader->payment_at_provider("stripe", "pi_1").value(), old);
  const auto journal = store->open_journal();
  auto next = step(old, 1);
  next.outbox = {outgoing(1)};
  next.timer = TimerChange{at(6), "inquiry"};
  EXPECT_TRUE(is_appended(journal->append(std::vector{next}).front(), 2));
  EXPECT_EQ(reader->due_timers(at(6), 10).value().at(0).kind, "inquiry");
  EXPECT_EQ(reader->outbox(tenant(), 0, 10).value().size(), 1U);
}

TEST_F(SqliteMigrations, TheThirdStepCarriesTimersPostingsEventsAndTheEndOfTheOutboxOver) {
  const auto data = dir_.path() / "data";
  std::filesystem::create_directories(data);
  {
    auto old = std::move(Database::open(data / "cambist.db", Access::write).value());
    ASSERT_TRUE(sqlite::apply_migrations(old, sqlite::embedded_migrations().first(2)));
    ASSERT_EQ(old.execute(R"(
      INSERT INTO payments (tenant, id, version, status, amount_minor, currency, captured_minor,
        refunded_minor, provider, provider_payment_id, reference, customer_id, open, created_at,
        updated_at, json)
      VALUES ('acme', x'00000000000070000000000000000001', 2, 'authorized', 1000, 'USD', 7, 3,
        'stripe', 'pi_1', 'order-1', 'cus_1', 1, 1, 2, '{}');
      INSERT INTO payment_events (payment, sequence, id, at, type, schema_version, json)
      VALUES (x'00000000000070000000000000000001', 2, x'00000000000070000000000000000002', 2,
        'operation_approved', 1, '{"n":2}'),
       (x'00000000000070000000000000000001', 1, x'00000000000070000000000000000001', 1,
        'payment_created', 1, '{"n":1}');
      INSERT INTO ledger_entries (payment, entry, tenant, operation, account, currency, amount_minor)
      VALUES (x'00000000000070000000000000000001', 1, 'acme', x'00000000000070000000000000000009',
        'customer:held', 'USD', -7),
       (x'00000000000070000000000000000001', 2, 'acme', x'00000000000070000000000000000009',
        'provider:stripe:held', 'USD', 7);
      INSERT INTO timers (payment, tenant, due, kind)
      VALUES (x'00000000000070000000000000000001', 'acme', 5000000, 'inquiry');
      INSERT INTO outbox (tenant, id, payment, sequence, type, at, json)
      VALUES ('acme', x'01', x'02', 1, 'payment.created', 1, '{}');
      DELETE FROM outbox;)"),
              SQLITE_OK);
  }
  const auto store = std::move(sqlite::open(data).value());
  const auto reader = store->open_reader();
  const auto woken = reader->open_payments(std::nullopt, 10).value().at(0);
  EXPECT_EQ(woken.due, at(5));
  EXPECT_EQ(woken.kind, "inquiry");
  const auto row = reader->payments({.tenant = tenant(), .reference = "order-1"}).value().at(0);
  EXPECT_EQ(std::tie(row.version, row.status, row.captured_minor, row.refunded_minor),
            std::tuple(2U, "authorized", 7, 3));
  EXPECT_EQ(reader->events(woken.payment).value().at(1).event.json, R"({"n":2})");
  const auto journal = store->open_journal();
  auto next = step(woken.payment, 2);
  next.ledger = {{operation_id(9), "customer:held", usd(7)}};
  next.outbox = {outgoing(1)};
  next.timer = TimerChange{at(6), "escalation"};
  EXPECT_TRUE(is_appended(journal->append(std::vector{next}).front(), 3));
  EXPECT_EQ(reader->ledger(woken.payment).value().size(), 3U);
  EXPECT_EQ(reader->balances(tenant()).value().at(0).amount.minor, 0);
  EXPECT_EQ(reader->due_timers(at(9), 10).value().size(), 1U);
  EXPECT_EQ(reader->outbox(tenant(), 0, 10).value().at(0).position, 2U);
}

TEST_F(SqliteMigrations, TheProgramsOwnCommandAppliesThenReports) {
  const auto data = dir_.path() / "data";
  const auto before = sqlite::migrate(data).value();
  const auto after = sqlite::migrate(data).value();
  ASSERT_EQ(before.size(), sqlite::embedded_migrations().size());
  ASSERT_EQ(after.size(), before.size());
  EXPECT_TRUE(before[0].applied);
  EXPECT_FALSE(after[0].applied);
}

TEST_F(SqliteMigrations, AStoreWithATamperedChecksumDoesNotOpen) {
  const auto data = dir_.path() / "data";
  ASSERT_TRUE(sqlite::migrate(data));
  {
    auto database = std::move(Database::open(data / "cambist.db", Access::write).value());
    ASSERT_EQ(database.execute("UPDATE schema_migrations SET checksum = 'x' WHERE number = 1"),
              SQLITE_OK);
  }
  const auto opened = sqlite::open(data);
  ASSERT_TRUE(opened.has_error());
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_NE(opened.error().detail.find("was changed after it was applied"), std::string::npos);
}

}  // namespace
}  // namespace cambist::storage::testing
