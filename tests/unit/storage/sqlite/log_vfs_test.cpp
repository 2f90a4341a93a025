#include "storage/sqlite/log_vfs.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include <sqlite3.h>

#include "tests/unit/storage/sqlite/disk_faults.hpp"
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close(handle); }
};

class SqliteLog : public ::testing::Test {
 protected:
  using Handle = std::unique_ptr<sqlite3, Close>;

  Handle open(const char* vfs) {
    sqlite3* raw = nullptr;
    EXPECT_EQ(sqlite3_open_v2((dir_.path() / "log.db").c_str(), &raw,
                              SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs),
              SQLITE_OK);
    Handle handle{raw};
    run(*raw,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");
    return handle;
  }
  static void run(sqlite3& handle, const char* sql) {
    char* why = nullptr;
    EXPECT_EQ(sqlite3_exec(&handle, sql, nullptr, nullptr, &why), SQLITE_OK)
        << sql << ": " << (why != nullptr ? why : "");
    sqlite3_free(why);
  }
  static std::string first(sqlite3& handle, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(&handle, sql, -1, &statement, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    std::string value = text == nullptr ? "" : text;
    sqlite3_finalize(statement);
    return value;
  }

  TempDir dir_;
};

TEST_F(SqliteLog, AnotherConnectionReadsEveryCommitAtOnce) {
  const auto writer = open(sqlite::log_vfs());
  run(*writer, "CREATE TABLE t (a)");
  const auto reader = open(nullptr);
  for (int i = 1; i <= 20; ++i) {
    run(*writer, "INSERT INTO t VALUES (zeroblob(9000))");
    EXPECT_EQ(first(*reader, "SELECT count(*) FROM t"), std::to_string(i));
  }
  EXPECT_EQ(first(*reader, "PRAGMA integrity_check"), "ok");
}

// More than the cache holds leaves for the log before the commit, is read back from there, and some
// of it is written a second time.
TEST_F(SqliteLog, ATransactionLargerThanTheCacheComesBackWhole) {
  const auto writer = open(sqlite::log_vfs());
  run(*writer, "PRAGMA cache_size = -64; CREATE TABLE t (a INTEGER PRIMARY KEY, b)");
  run(*writer, "BEGIN IMMEDIATE");
  for (int i = 0; i < 20; ++i) run(*writer, "INSERT INTO t (b) VALUES (zeroblob(300000))");
  run(*writer, "UPDATE t SET b = zeroblob(300001) WHERE a % 2 = 0");
  EXPECT_EQ(first(*writer, "SELECT sum(length(b)) FROM t"), "6000010");
  run(*writer, "COMMIT");
  const auto reader = open(nullptr);
  EXPECT_EQ(first(*reader, "SELECT sum(length(b)) FROM t"), "6000010");
  run(*writer, "PRAGMA wal_checkpoint(TRUNCATE)");
  EXPECT_EQ(first(*reader, "SELECT sum(length(b)) FROM t"), "6000010");
  EXPECT_EQ(first(*reader, "PRAGMA integrity_check"), "ok");
}

TEST_F(SqliteLog, WhatCannotBeWrittenFailsTheCommitAndIsNotThereLater) {
  const auto writer = open(sqlite::log_vfs());
  run(*writer, "CREATE TABLE t (a)");
  {
    FullDisk disk{0};
    EXPECT_NE(sqlite3_exec(writer.get(), "INSERT INTO t VALUES (1)", nullptr, nullptr, nullptr),
              SQLITE_OK);
    EXPECT_TRUE(disk.struck());
    disk.heal();
  }
  EXPECT_EQ(first(*writer, "SELECT count(*) FROM t"), "0");
  run(*writer, "INSERT INTO t VALUES (2)");
  EXPECT_EQ(first(*open(nullptr), "SELECT group_concat(a) FROM t"), "2");
}

}  // namespace
}  // namespace cambist::storage::testing
