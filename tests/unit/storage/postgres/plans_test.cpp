// Every query of the readers, and every statement that a payment costs, goes by an index on a
// database with many payments. CAMBIST_PLAN_PAYMENTS says how many; PostgreSQL's own statistics and
// settings decide, not those with which the store opens its sessions.
#include <cstdlib>
#include <regex>
#include <thread>

#include "storage/postgres/reader_sql.hpp"
#include "tests/support/postgres_cluster.hpp"
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

// Ids like the real ones, and shares like those of a shop: most payments are captured, few wait.
constexpr const char* fill = R"(
  CREATE FUNCTION uuid7(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(n), 12, '0') || '7000' || '8000' || substr(md5(n::text), 1, 12))::uuid $$;
  CREATE TEMP TABLE n AS SELECT n, uuid7(n) AS id, 1000000 * n AS at,
    CASE WHEN n % 20 = 0 THEN 'rival' ELSE 'acme' END AS tenant,
    CASE WHEN n % 100 = 1 THEN 'processing' WHEN n % 10 = 2 THEN 'failed' ELSE 'captured' END AS status
  FROM generate_series(1::bigint, {payments}) AS n;
  INSERT INTO payments SELECT id, 2, 1000, 1000, 0, at, at, n % 100 = 1, tenant, status, 'USD', 'stripe',
    'pi_' || n, convert_to('order-' || n, 'UTF8'), convert_to('cus_' || n % 5000, 'UTF8'),
    convert_to(repeat('p', 100), 'UTF8') FROM n;
  INSERT INTO payment_events SELECT id, uuid7(10 * n + s), s, at, 1, 'payment_created', '{}'
    FROM n, generate_series(1, 2) AS s;
  INSERT INTO operations SELECT id, id, 1000, at, 1, 'charge', status, 'USD', '', '' FROM n;
  INSERT INTO ledger_entries (payment, operation, amount_minor, tenant, account, currency)
    SELECT id, id, s * 1000, tenant, 'account' || s, 'USD' FROM n, generate_series(-1, 1, 2) AS s;
  INSERT INTO idempotency_keys SELECT id, at, at, 201, true, tenant, decode(md5(n::text), 'hex'),
    sha256('x'), '{}' FROM n;
  INSERT INTO timers SELECT id, at, tenant, 'authorization_expiry' FROM n WHERE n % 2 = 0;
  INSERT INTO webhook_events (id, created_at, received_at, due, settled_at, payment, attempts, livemode, tenant,
      provider, event, type, object, status, error, body)
    SELECT id, at, at, CASE WHEN n % 100 = 2 THEN at END, CASE WHEN n % 100 <> 2 THEN at END, id, 1, false, tenant,
      'stripe', 'evt_' || n, 'charge.succeeded', '', CASE WHEN n % 100 = 2 THEN 'retrying' ELSE 'applied' END,
      '', '{}' FROM n WHERE n % 2 = 0;
  INSERT INTO outbox SELECT n, id, id, 2, at, tenant, 'payment.captured', '{}' FROM n;
  INSERT INTO webhook_endpoints (id, cursor, created_at, updated_at, enabled, tenant, url, description, types,
      disabled_reason, secret, previous_secret)
    SELECT uuid7(n), {payments} - 100, 0, 0, true, 'shop' || n, 'https://merchant.example', '', '', '', '', ''
    FROM generate_series(1, 500) AS n;
  INSERT INTO deliveries SELECT uuid7(n % 10 + 1), id, id, n, 0, NULL, at, 1, 200, 'payment.captured',
    CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'delivered' END, '' FROM n;
  INSERT INTO tasks SELECT id, id, id, 1000, at, NULL, tenant, 'unknown_outcome',
    CASE WHEN n % 1000 = 1 THEN 'open' ELSE 'resolved' END, 'charge', 'USD', 'stripe', '', '', '', '' FROM n
    WHERE n % 10 = 1;
  INSERT INTO audit_log SELECT id, at, tenant, 'key_1', 'task.resolve', '', '', '' FROM n WHERE n % 10 = 1)";

class PostgresPlans : public ::testing::Test {
 protected:
  PostgresPlans() {
    const char* const chosen = std::getenv("CAMBIST_PLAN_PAYMENTS");
    const std::string payments{chosen == nullptr ? "20000" : chosen};
    session_.run(std::regex_replace(std::string{fill}, std::regex{"\\{payments\\}"}, payments));
    session_.run("VACUUM ANALYZE");
  }
  /// The plan of `sql` as it is for any values.
  std::string plan(const std::string& sql) {
    int parameters = 0;
    while (sql.find("$" + std::to_string(parameters + 1)) != std::string::npos) ++parameters;
    std::string values;
    for (int i = 0; i < parameters; ++i) values += i == 0 ? "NULL" : ", NULL";
    session_.run("PREPARE asked AS " + sql);
    std::string lines;
    for (const auto& row : session_.run("EXPLAIN EXECUTE asked(" + values + ")")) {
      lines += row.at(0) + '\n';
    }
    session_.run("DEALLOCATE asked");
    return lines;
  }
  std::size_t sequential_scans() {
    return std::stoul(
        session_.value("SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_user_tables"
                       " WHERE schemaname = current_schema()"
                       " AND relname NOT IN ('outbox_forgotten', 'webhook_endpoints')"));
  }

  postgres::Options options_ = fresh_postgres();
  std::unique_ptr<Store> store_ = std::move(postgres::open(options_).value());
  test::PostgresSession session_{options_.url};
};

TEST_F(PostgresPlans, EveryQueryOfTheReadersIsASearchByIndex) {
  session_.run("SET plan_cache_mode = force_generic_plan");
  for (const auto* sql : postgres::sql::searching) {
    const auto lines = plan(sql);
    EXPECT_NE(lines.find("Index"), std::string::npos) << sql << '\n' << lines;
    EXPECT_EQ(lines.find("Seq Scan"), std::string::npos) << sql << '\n' << lines;
  }
}

TEST_F(PostgresPlans, AnUnindexedSearchWouldBeSeen) {
  session_.run("SET plan_cache_mode = force_generic_plan");
  EXPECT_NE(plan("SELECT 1 FROM payments WHERE json = $1::bytea").find("Seq Scan"),
            std::string::npos);
}

TEST_F(PostgresPlans, NoStatementOfTheWriterReadsAWholeTable) {
  // What was counted so far is of this session; its own counts follow with a delay.
  session_.run("SELECT pg_stat_force_next_flush()");
  session_.run("SELECT pg_stat_clear_snapshot()");
  const auto before = sequential_scans();
  {
    const auto journal = store_->open_journal();
    constexpr std::uint64_t unused = 50'000'000;  // by the webhooks that fill the table
    std::vector<Entry> intents;
    std::vector<Entry> verdicts;
    for (std::uint64_t number = 1; number <= 20; ++number) {
      auto made = step(payment_id(number), 0, 2);
      made.operations = {operation(number)};
      made.key = claim("key-" + std::to_string(number));
      made.timer = TimerChange{at(5), "inquiry"};
      intents.emplace_back(made);
      intents.emplace_back(Records{{webhook(unused + number)}});
      auto next = step(payment_id(number), 2);
      next.operations = {operation(number, "succeeded")};
      next.ledger = {{operation_id(number), "merchant:payable", usd(5)}};
      next.key = KeyAnswer{"key-" + std::to_string(number), 201, "{}"};
      next.timer = TimerChange{};
      next.outbox = {outgoing(number)};
      next.tasks = {task(number)};
      next.audit = {audit(number)};
      next.webhook = settled(unused + number);
      verdicts.emplace_back(next);
    }
    for (const auto& batch : {intents, verdicts}) {
      for (const auto& result : journal->write(batch)) {
        const auto* error = std::get_if<Error>(&result);
        EXPECT_TRUE(std::holds_alternative<Appended>(result))
            << result.index() << (error == nullptr ? "" : ": " + error->detail);
      }
    }
    // The look before the writing, and what is forgotten.
    EXPECT_TRUE(is_there_already(journal->write(intents).back()));
    EXPECT_TRUE(journal->expire_keys(at(100), 100));
    EXPECT_TRUE(journal->forget(at(100), 100));
  }
  // A session hands in its counts when it ends.
  while (session_.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cambist'"
                        " AND datname = current_database()") != "0") {
    std::this_thread::yield();
  }
  session_.run("SELECT pg_stat_clear_snapshot()");
  EXPECT_EQ(sequential_scans(), before);
  EXPECT_EQ(session_.value("SELECT idx_scan > 0 FROM pg_stat_user_tables"
                           " WHERE schemaname = current_schema() AND relname = 'timers'"),
            "t");
}

}  // namespace
}  // namespace cambist::storage::testing
