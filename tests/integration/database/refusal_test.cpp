// The database answers, and will not write: read-only, locked, or for the sake of another
// transaction.
#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "tests/integration/database/drill.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

TEST(DatabaseRefusal, OfAServerThatIsReadOnlyAfterAFailoverIsSaidAndOutlived) {
  Drill drill{"read-only"};
  drill.outage([&] { drill.cluster().set("default_transaction_read_only", "on"); },
               [&] { drill.cluster().reset("default_transaction_read_only"); });
  drill.judge();
}

TEST(DatabaseRefusal, OfATableThatIsLockedIsSaidAndOutlived) {
  Drill drill{"table locked"};
  auto other = drill.session();
  drill.outage([&] { other.run("BEGIN; LOCK TABLE payment_events IN ACCESS EXCLUSIVE MODE"); },
               [&] { other.run("ROLLBACK"); });
  drill.judge();
}

TEST(DatabaseRefusal, OfALockedRowCostsNobodyElseMoreThanADeadline) {
  Drill drill{"row locked"};
  auto other = drill.session();
  drill.trouble([&] {
    other.run("BEGIN; SELECT 1 FROM payments WHERE open LIMIT 4 FOR UPDATE");
    std::this_thread::sleep_for(5s);  // longer than the wait for a lock
    other.run("ROLLBACK");
  });
  drill.judge();
}

/// Errors that one seldom gets on demand, from the server itself.
class DatabaseMishap : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(SqlStates, DatabaseMishap,
                         testing::Values("serialization_failure", "deadlock_detected",
                                         "lock_not_available", "disk_full", "query_canceled"),
                         [](const auto& info) { return std::string{info.param}; });

/// The function of the triggers; without a name it does nothing. Replaced and never dropped: that
/// would need locks on tables that are in use.
void raise_by_chance(PostgresSession session, const std::string& name) {
  const auto body = name.empty() ? std::string{}
                                 : "IF random() < 0.1 THEN RAISE EXCEPTION 'by chance' USING "
                                   "ERRCODE = '" +
                                       name + "'; END IF; ";
  session.run("CREATE OR REPLACE FUNCTION mishap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " +
              body + "RETURN NEW; END $$");
}

TEST_P(DatabaseMishap, OfEveryTenthStepIsRepeatedOrToldAndBreaksNothing) {
  Drill drill{GetParam()};
  raise_by_chance(drill.session(), GetParam());
  for (const std::string table : {"payments", "idempotency_keys", "outbox"}) {
    drill.session().run("CREATE TRIGGER mishap BEFORE INSERT OR UPDATE ON " + table +
                        " FOR EACH ROW EXECUTE FUNCTION mishap()");
  }
  EXPECT_TRUE(drill.shoppers().finish_more(60, 60s));
  drill.trouble([&] { raise_by_chance(drill.session(), ""); });
  drill.judge();
}

TEST(DatabaseDeadlock, WithAnotherSessionIsRepeatedOrToldAndBreaksNothing) {
  Drill drill{"deadlocks"};
  std::atomic<bool> stop{false};
  // Takes rows of open payments one after the other, in no order at all.
  std::thread meddler{[&] {
    auto other = drill.session();
    while (!stop) {
      try {
        other.run("BEGIN");
        for (int i = 0; i < 3; ++i) {
          other.run(
              "SELECT 1 FROM payments WHERE id = (SELECT id FROM payments ORDER BY id DESC "
              "OFFSET floor(random() * 4) LIMIT 1) FOR UPDATE");
          other.run("SELECT 1 FROM timers ORDER BY random() LIMIT 1 FOR UPDATE");
        }
        other.run("COMMIT");
      } catch (const std::exception&) {
        other.run("ROLLBACK");  // this time it was the other one's turn
      }
    }
  }};
  EXPECT_TRUE(drill.shoppers().finish_more(60, 60s));
  stop = true;
  meddler.join();
  drill.trouble([] {});
  drill.judge();
}

}  // namespace
}  // namespace cambist::test
