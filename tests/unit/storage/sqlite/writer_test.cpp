// After a commit whose outcome is unknown: only what the entry alone can have written proves that
// it happened.
#include "storage/sqlite/writer.hpp"
#include "storage/sqlite/migrations.hpp"
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

using sqlite::Access;
using sqlite::Database;

class SqliteTraces : public ::testing::Test {
 protected:
  SqliteTraces() {
    if (!sqlite::apply_migrations(database_, sqlite::embedded_migrations())) {
      throw std::runtime_error("no tables");
    }
    writer_.emplace(database_);
  }
  /// Whether `entry` is found before and after it is written.
  std::pair<bool, bool> held(const Entry& entry) {
    const bool before = writer_->holds(entry);
    const auto result = writer_->write(entry);
    EXPECT_TRUE(result && std::holds_alternative<Appended>(*result));
    return {before, writer_->holds(entry)};
  }

  TempDir dir_{fast_place()};
  Database database_ = std::move(Database::open(dir_.path() / "x.db", Access::write).value());
  std::optional<sqlite::Writer> writer_;
};

const std::pair<bool, bool> proven{false, true};
const std::pair<bool, bool> undecidable{false, false};

TEST_F(SqliteTraces, RecordsWithAnIdOfTheirOwnAreFound) {
  EXPECT_EQ(held(Records{{webhook(1)}}), proven);
  EXPECT_EQ(held(Records{{announced(1)}}), proven);
  EXPECT_EQ(held(Records{{endpoint(1), audit(1)}}), proven);
  EXPECT_EQ(held(Records{{settled(1), audit(2)}}), proven);
}

TEST_F(SqliteTraces, WhatOnlyChangesRowsCannotBeDecided) {
  ASSERT_EQ(held(Records{{webhook(1)}}), proven);
  EXPECT_EQ(held(Records{{settled(1, "dead")}}), undecidable);
  EXPECT_EQ(held(Records{{WebhookReplayed{tenant(), webhook_id(1), at(5)}}}), undecidable);
  EXPECT_EQ(held(Records{{endpoint(1)}}), undecidable);
  EXPECT_EQ(held(Records{{delivery(1, 1)}}), undecidable);
  EXPECT_EQ(held(Records{}), undecidable);
}

TEST_F(SqliteTraces, AStepIsFoundByItsEventsOrByWhatItBroughtAlong) {
  EXPECT_EQ(held(step(payment_id(1), 0)), proven);
  auto quiet = step(payment_id(1), 1, 0);
  quiet.outbox = {outgoing(1)};
  EXPECT_EQ(held(quiet), proven);
  quiet.outbox.clear();
  quiet.audit = {audit(1)};
  EXPECT_EQ(held(quiet), proven);
  quiet.audit.clear();
  quiet.timer = TimerChange{at(5), "inquiry"};
  EXPECT_EQ(held(quiet), undecidable);
  auto rival = step(payment_id(1), 1);  // the same version, another's event
  rival.events[0].id = event_id(77);
  ASSERT_EQ(held(step(payment_id(1), 1)), proven);
  EXPECT_FALSE(writer_->holds(rival));
}

}  // namespace
}  // namespace cambist::storage::testing
