#include "storage/sqlite/database.hpp"

#include <algorithm>
#include <cstring>

#include "storage/sqlite/log_vfs.hpp"

namespace cambist::storage::sqlite {
namespace {

// Longer than any checkpoint's exclusive moment, shorter than any request's deadline (10 s,
// design.md).
constexpr int busy_wait_ms = 2000;
// A bound for one value: far above the largest answer or event, far below what would stall a
// commit.
constexpr int value_max_bytes = 16 * 1024 * 1024;

// The one connection that commits also checkpoints; SQLite 3.40 can corrupt a WAL when two share
// that work.
constexpr const char* write_settings = R"(
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA mmap_size = 0;
  PRAGMA foreign_keys = ON;
  PRAGMA wal_autocheckpoint = 12000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -16384;
  PRAGMA temp_store = MEMORY;
)";
constexpr const char* read_settings = R"(
  PRAGMA query_only = ON;
  PRAGMA mmap_size = 0;
  PRAGMA wal_autocheckpoint = 0;
  PRAGMA cache_size = -4096;
  PRAGMA temp_store = MEMORY;
)";

// Nobody asks SQLite how much memory it has, and counting takes a lock at every allocation. Too
// late when something has used SQLite before, and then it counts.
const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

int configure(sqlite3* handle, Access access) {
  sqlite3_busy_timeout(handle, busy_wait_ms);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, value_max_bytes);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (access == Access::read) {
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
  const char* settings = access == Access::write ? write_settings : read_settings;
  return sqlite3_exec(handle, settings, nullptr, nullptr, nullptr);
}

}  // namespace

bool Rows::next() noexcept {
  if (code_ != SQLITE_OK) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) code_ = code;
  return false;
}

int Rows::finish() noexcept {
  while (next()) {
  }
  return code_;
}

std::int64_t Rows::integer(int column) noexcept {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Rows::text_view(int column) noexcept {
  const auto* bytes = sqlite3_column_text(statement_, column);
  if (bytes == nullptr) return {};
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return {reinterpret_cast<const char*>(bytes), size};
}

std::string Rows::text(int column) {
  return std::string{text_view(column)};
}

std::string Rows::bytes(int column) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Rows::is_null(int column) noexcept {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Money Rows::money(int minor_column, int currency_column) {
  const auto code = text(currency_column);
  if (code == Currency{}.code()) return Money{integer(minor_column), Currency{}};
  const auto currency = Currency::parse(code);
  if (!currency) {
    code_ = SQLITE_CORRUPT;
    return {};
  }
  return Money{integer(minor_column), *currency};
}

Sha256 Rows::digest(int column) noexcept {
  Sha256 digest{};
  copy(column, digest.data(), digest.size());
  return digest;
}

void Rows::copy(int column, std::uint8_t* to, std::size_t size) noexcept {
  const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  if (static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)) != size) {
    code_ = SQLITE_CORRUPT;
    return;
  }
  std::copy_n(bytes, size, to);
}

Statement::Statement(sqlite3* connection, const char* sql) noexcept {
  sqlite3_stmt* handle = nullptr;
  code_ = sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  handle_.reset(handle);
}

int Statement::bind(int index, std::string_view text) noexcept {
  // A null pointer would bind NULL instead of the empty text.
  const char* bytes = text.data() == nullptr ? "" : text.data();
  return sqlite3_bind_text64(handle_.get(), index, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

int Statement::bind(int index, Bytes bytes) noexcept {
  // A null pointer would bind NULL instead of no bytes.
  const char* first = bytes.view.data() == nullptr ? "" : bytes.view.data();
  return sqlite3_bind_blob64(handle_.get(), index, first, bytes.view.size(), SQLITE_STATIC);
}

Result<Database> Database::open(const std::filesystem::path& file, Access access) {
  static_cast<void>(uncounted);
  const int flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
      (access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  sqlite3* raw = nullptr;
  const char* const vfs = access == Access::write ? log_vfs() : nullptr;
  int code = sqlite3_open_v2(file.c_str(), &raw, flags, vfs);
  Handle handle{raw};
  if (code == SQLITE_OK) code = configure(raw, access);
  if (code != SQLITE_OK) return unavailable("cannot open " + file.string(), code);
  return Database{std::move(handle)};
}

int Database::execute(const char* sql) noexcept {
  return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
}

void Database::rollback() noexcept {
  if (in_transaction()) sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Error unavailable(std::string_view what, int code) {
  return Error{ErrorCode::unavailable, std::string{what} + ": " + sqlite3_errstr(code) +
                                           " (SQLite code " + std::to_string(code) + ")"};
}

}  // namespace cambist::storage::sqlite
