// What a connection may do to the store: be refused, be cut, fall silent; and what a password must
// never do.
#include <thread>

#include "storage/postgres/connection.hpp"
#include "tests/support/postgres_cluster.hpp"
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

using test::PostgresSession;

class PostgresConnection : public ::testing::Test {
 protected:
  AppendResult append(const Append& one) { return journal_->append(std::vector{one}).front(); }
  /// Cuts every connection of the store.
  void cut() {
    session_.run(
        "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
        " WHERE application_name = 'cambist' AND datname = current_database()");
  }
  void wait_until_blocked() {
    while (session_.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cambist'"
                          " AND datname = current_database() AND wait_event_type = 'Lock'") ==
           "0") {
      std::this_thread::yield();
    }
  }

  postgres::Options options_ = fresh_postgres();
  std::unique_ptr<Store> store_ = std::move(postgres::open(options_).value());
  std::unique_ptr<Journal> journal_ = store_->open_journal();
  std::unique_ptr<Reader> reader_ = store_->open_reader();
  PostgresSession session_{options_.url};
};

TEST_F(PostgresConnection, OneThatIsCutBetweenBatchesCostsNothing) {
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 0)), 1));
  ASSERT_EQ(reader_->events(payment_id(1)).value().size(), 1U);
  cut();
  EXPECT_TRUE(is_appended(append(step(payment_id(1), 1)), 2));
  EXPECT_EQ(reader_->events(payment_id(1)).value().size(), 2U);
}

TEST_F(PostgresConnection, OneThatIsCutWhileABatchIsUnderWayLeavesTheBatchOnce) {
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 0)), 1));
  PostgresSession holder{options_.url};
  holder.run("BEGIN; LOCK TABLE payment_events IN ACCESS EXCLUSIVE MODE");
  AppendResult result;
  std::thread writer{[&] { result = append(step(payment_id(2), 0, 2)); }};
  wait_until_blocked();
  cut();
  holder.run("ROLLBACK");
  writer.join();
  // Surely rolled back, since its session is over: so it was written again.
  EXPECT_TRUE(is_appended(result, 2));
  EXPECT_EQ(reader_->events(payment_id(2)).value().size(), 2U);
}

TEST_F(PostgresConnection, ALockThatIsNotLetGoIsAnsweredInTimeAndChangesNothing) {
  auto hasty = options_;
  hasty.lock_deadline = std::chrono::milliseconds{50};
  journal_.reset();
  const auto store = std::move(postgres::open(hasty).value());
  const auto journal = store->open_journal();
  PostgresSession holder{options_.url};
  holder.run("BEGIN; LOCK TABLE payment_events IN ACCESS EXCLUSIVE MODE");
  const auto batch = std::vector{step(payment_id(1), 0), step(payment_id(2), 0)};
  for (const auto& result : journal->append(batch)) {
    EXPECT_TRUE(is_error(result, ErrorCode::unavailable));
  }
  holder.run("ROLLBACK");
  EXPECT_TRUE(reader_->events(payment_id(1)).value().empty());
  EXPECT_TRUE(is_appended(journal->append(batch).front(), 1));
}

TEST_F(PostgresConnection, AStatementThatTakesTooLongIsAnError) {
  auto hasty = options_;
  hasty.statement_deadline = std::chrono::milliseconds{50};
  postgres::Connection connection{hasty};
  ASSERT_FALSE(connection.open());
  const auto failure = connection.run("SELECT pg_sleep(10)");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, postgres::FailureKind::server);
  EXPECT_FALSE(connection.is_open());
  EXPECT_FALSE(connection.open());
  EXPECT_FALSE(connection.run("SELECT 1"));
}

TEST_F(PostgresConnection, AServerThatIsNotThereIsUnavailableAndHealsTheNextTime) {
  auto nowhere = options_;
  nowhere.url = "postgresql://nobody:s3cr3t-word@127.0.0.1:1/none";
  const auto opened = postgres::open(nowhere);
  ASSERT_TRUE(opened.has_error());
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_NE(opened.error().detail.find("127.0.0.1"), std::string::npos);
  EXPECT_EQ(opened.error().detail.find("s3cr3t-word"), std::string::npos);
}

TEST_F(PostgresConnection, NoErrorRepeatsThePasswordOfAnyUrl) {
  for (const auto* url :
       {"postgresql://u:s3cr3t-word@[::1/x", "postgresql://u:s3cr3t-word@127.0.0.1:port/x",
        "postgresql://u:s3cr3t-word@127.0.0.1:1/x?s3cr3t-word=1",
        "postgresql://u:s3cr3t-word/x@127.0.0.1/d", "postgresql://u:a@s3cr3t-word@127.0.0.1/d",
        "host=x password=s3cr3t-word", "postgresql://u:s3cr3t-word@127.0.0.1:1/s3cr3t-word",
        "s3cr3t-word", "postgresql://s3cr3t-word:s3cr3t-word@127.0.0.1:1/x?sslmode=s3cr3t-word"}) {
    postgres::Options options;
    options.url = url;
    const auto opened = postgres::open(options);
    ASSERT_TRUE(opened.has_error()) << url;
    EXPECT_EQ(opened.error().detail.find("s3cr3t-word"), std::string::npos)
        << opened.error().detail;
  }
}

TEST_F(PostgresConnection, ACommitIsDurableWhateverTheDatabaseSays) {
  const auto database = session_.value("SELECT current_database()");
  session_.run("ALTER DATABASE " + database + " SET synchronous_commit = off");
  postgres::Connection connection{options_};
  ASSERT_FALSE(connection.open());
  ASSERT_FALSE(connection.run("SELECT current_setting('synchronous_commit')"));
  ASSERT_TRUE(connection.answers()[0].next());
  EXPECT_EQ(connection.answers()[0].text(0), "on");
  // What is stronger than ours stays.
  session_.run("ALTER DATABASE " + database + " SET synchronous_commit = remote_apply");
  connection.close();
  ASSERT_FALSE(connection.open());
  ASSERT_FALSE(connection.run("SELECT current_setting('synchronous_commit')"));
  ASSERT_TRUE(connection.answers()[0].next());
  EXPECT_EQ(connection.answers()[0].text(0), "remote_apply");
  session_.run("ALTER DATABASE " + database + " RESET synchronous_commit");
}

TEST_F(PostgresConnection, ADatabaseThatTakesNoWritesIsUnavailable) {
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 0)), 1));
  const auto database = session_.value("SELECT current_database()");
  session_.run("ALTER DATABASE " + database + " SET default_transaction_read_only = on");
  cut();
  EXPECT_TRUE(is_error(append(step(payment_id(1), 1)), ErrorCode::unavailable));
  EXPECT_TRUE(reader_->events(payment_id(1)).has_error());
  session_.run("BEGIN READ WRITE; ALTER DATABASE " + database +
               " RESET default_transaction_read_only; COMMIT");
  EXPECT_TRUE(is_appended(append(step(payment_id(1), 1)), 2));
}

}  // namespace
}  // namespace cambist::storage::testing
