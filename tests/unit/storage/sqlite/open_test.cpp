// Opening, closing and opening again; the lock; directories that cannot serve.
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

#include "storage/sqlite/store.hpp"
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

namespace fs = std::filesystem;

std::string refusal(const fs::path& directory) {
  const auto opened = sqlite::open(directory);
  if (opened) return "it opened";
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  return opened.error().detail;
}

TEST(SqliteOpen, WhatWasWrittenIsThereAfterReopening) {
  const TempDir dir;
  auto made = step(payment_id(1), 0, 3);
  made.row.open = true;
  made.row.reference = "order-7";
  made.operations = {operation(1)};
  made.ledger = {{operation_id(1), "merchant:payable", usd(-5)}};
  made.key = claim("k");
  made.timer = TimerChange{at(9)};
  {
    const auto store = sqlite::open(dir.path()).value()->open_journal();
    ASSERT_TRUE(is_appended(store->append(std::vector{made}).front(), 3));
  }
  const auto store = std::move(sqlite::open(dir.path()).value());
  const auto reader = store->open_reader();
  EXPECT_EQ(reader->events(payment_id(1)).value().size(), 3U);
  EXPECT_EQ(reader->payment(tenant(), payment_id(1)).value()->json, made.row.json);
  EXPECT_EQ(reader->payments({.tenant = tenant(), .reference = "order-7"}).value().size(), 1U);
  EXPECT_EQ(reader->operations(payment_id(1)).value().size(), 1U);
  EXPECT_EQ(reader->ledger(payment_id(1)).value().size(), 1U);
  EXPECT_EQ(reader->open_payments(std::nullopt, 5).value().size(), 1U);
  EXPECT_EQ(reader->due_timers(at(9), 5).value().size(), 1U);
  const auto key = reader->key(tenant(), "k").value();
  ASSERT_TRUE(key);
  EXPECT_EQ(key->fingerprint, sha256("a request"));
  const auto again = store->open_journal();
  EXPECT_TRUE(is_conflict(again->append(std::vector{step(payment_id(1), 2)}).front()));
  EXPECT_TRUE(is_appended(again->append(std::vector{step(payment_id(1), 3)}).front(), 4));
}

TEST(SqliteOpen, TheDirectoryIsMadeAndItsOwnersAlone) {
  const TempDir dir;
  const auto deep = dir.path() / "a" / "b";
  ASSERT_TRUE(sqlite::open(deep));
  EXPECT_TRUE(fs::exists(deep / "cambist.db"));
  EXPECT_EQ(fs::status(deep).permissions(), fs::perms::owner_all);
}

TEST(SqliteOpen, ASecondOpenerIsToldWhoHoldsTheDirectory) {
  const TempDir dir;
  const auto store = sqlite::open(dir.path());
  ASSERT_TRUE(store);
  const auto expected = "data directory " + dir.path().string() + " is in use by process " +
                        std::to_string(::getpid());
  EXPECT_EQ(refusal(dir.path()), expected);
  EXPECT_EQ(sqlite::migrate(dir.path()).error().detail, expected);

  const pid_t child = ::fork();
  if (child == 0) ::_exit(refusal(dir.path()) == expected ? 0 : 1);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(SqliteOpen, AReaderThatOutlivesTheStoreStillReadsAndHoldsTheLock) {
  const TempDir dir;
  auto store = std::move(sqlite::open(dir.path()).value());
  auto reader = store->open_reader();
  auto journal = store->open_journal();
  store.reset();
  ASSERT_TRUE(is_appended(journal->append(std::vector{step(payment_id(1), 0)}).front(), 1));
  journal.reset();
  EXPECT_EQ(reader->events(payment_id(1)).value().size(), 1U);
  EXPECT_NE(refusal(dir.path()), "it opened");
  reader.reset();
  EXPECT_TRUE(sqlite::open(dir.path()));
}

TEST(SqliteOpen, AStaleLockFileOfADeadProcessDoesNotMatter) {
  const TempDir dir;
  std::ofstream{dir.path() / "cambist.lock"} << "1\n";
  EXPECT_TRUE(sqlite::open(dir.path()));
}

TEST(SqliteOpen, AFileInTheDirectorysPlaceIsRefused) {
  const TempDir dir;
  const auto file = dir.path() / "data";
  std::ofstream{file} << "not a directory";
  EXPECT_NE(refusal(file).find("data directory " + file.string()), std::string::npos);
  EXPECT_NE(refusal(file / "below").find("cannot be made"), std::string::npos);
}

TEST(SqliteOpen, AFileThatIsNoDatabaseIsRefusedAndKept) {
  const TempDir dir;
  const std::string bytes(5000, 'x');
  std::ofstream{dir.path() / "cambist.db"} << bytes;
  const auto why = refusal(dir.path());
  EXPECT_NE(why.find("cambist.db"), std::string::npos) << why;
  EXPECT_NE(why.find("not a database"), std::string::npos) << why;
  EXPECT_EQ(fs::file_size(dir.path() / "cambist.db"), bytes.size());
}

TEST(SqliteOpen, AReaderWhoseFileIsGoneSaysSoAndDoesNotEnd) {
  const TempDir dir;
  const auto store = std::move(sqlite::open(dir.path()).value());
  const auto reader = store->open_reader();
  fs::rename(dir.path() / "cambist.db", dir.path() / "elsewhere");
  const auto read = reader->events(payment_id(1));
  ASSERT_TRUE(read.has_error());
  EXPECT_EQ(read.error().code, ErrorCode::unavailable);
  fs::rename(dir.path() / "elsewhere", dir.path() / "cambist.db");
  EXPECT_TRUE(reader->events(payment_id(1)));
}

}  // namespace
}  // namespace cambist::storage::testing
