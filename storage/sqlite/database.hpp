// SQLite's handles as owners: a connection, a prepared statement, and the rows of one run of it.
// A failure sticks to the rows it befell and is asked for once at the end: `while (rows.next()) …;
// rows.code()`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sqlite3.h>

#include "protocols/core/digest.hpp"
#include "protocols/core/error.hpp"
#include "protocols/core/ids.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::storage::sqlite {

/// The rows of one run of a statement; resets the statement when it goes, so that no snapshot stays
/// pinned.
class Rows {
 public:
  Rows(sqlite3_stmt* statement, int code) noexcept : statement_(statement), code_(code) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows() {
    if (statement_ != nullptr) sqlite3_reset(statement_);
  }

  /// False at the end and on failure.
  [[nodiscard]] bool next() noexcept;
  /// Runs to the end, for statements that answer nothing.
  [[nodiscard]] int finish() noexcept;
  /// SQLITE_OK unless something failed.
  [[nodiscard]] int code() const noexcept { return code_; }

  [[nodiscard]] std::int64_t integer(int column) noexcept;
  [[nodiscard]] std::string text(int column);
  /// Valid until the next row.
  [[nodiscard]] std::string_view text_view(int column) noexcept;
  [[nodiscard]] Money money(int minor_column, int currency_column);
  [[nodiscard]] TimePoint time(int column) noexcept { return from_micros(integer(column)); }
  [[nodiscard]] std::optional<TimePoint> time_if_any(int column) noexcept {
    return is_null(column) ? std::nullopt : std::optional{time(column)};
  }
  /// A BLOB of any length.
  [[nodiscard]] std::string bytes(int column);
  [[nodiscard]] bool is_null(int column) noexcept;
  [[nodiscard]] Sha256 digest(int column) noexcept;
  template <class AnyId>
  [[nodiscard]] AnyId id(int column) noexcept {
    AnyId id;
    copy(column, id.bytes.data(), id.bytes.size());
    return id;
  }

 private:
  void copy(int column, std::uint8_t* to, std::size_t size) noexcept;

  sqlite3_stmt* statement_;
  int code_;
};

/// Text to be stored as a BLOB, byte for byte.
struct Bytes {
  std::string_view view;
};

/// A prepared statement that is kept and run many times.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* connection, const char* sql) noexcept;

  /// Binds `arguments` to ?1, ?2, … and starts. They must stay alive until the rows go.
  template <class... Arguments>
  [[nodiscard]] Rows run(const Arguments&... arguments) noexcept {
    int code = code_;
    int index = 0;
    ((code = code == SQLITE_OK ? bind(++index, arguments) : code), ...);
    return Rows{handle_.get(), code};
  }

 private:
  int bind(int index, std::string_view text) noexcept;
  int bind(int index, const std::string& text) noexcept {
    return bind(index, std::string_view{text});
  }
  int bind(int index, const char* text) noexcept = delete;
  template <class Integer>
  requires std::is_integral_v<Integer>
  int bind(int index, Integer value) noexcept {
    return sqlite3_bind_int64(handle_.get(), index, static_cast<sqlite3_int64>(value));
  }
  int bind(int index, TimePoint time) noexcept { return bind(index, to_micros(time)); }
  int bind(int index, Duration duration) noexcept { return bind(index, duration.count()); }
  int bind(int index, Bytes bytes) noexcept;
  template <class Value>
  int bind(int index, const std::optional<Value>& value) noexcept {
    return value ? bind(index, *value) : sqlite3_bind_null(handle_.get(), index);
  }
  int bind(int index, const TenantId& tenant) noexcept { return bind(index, tenant.value); }
  int bind(int index, const Currency& currency) noexcept { return bind(index, currency.code()); }
  template <std::size_t Size>
  int bind(int index, const std::array<std::uint8_t, Size>& bytes) noexcept {
    return sqlite3_bind_blob(handle_.get(), index, bytes.data(), static_cast<int>(Size),
                             SQLITE_STATIC);
  }
  template <class Tag>
  int bind(int index, const Id<Tag>& id) noexcept {
    return bind(index, id.bytes);
  }

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  int code_ = SQLITE_MISUSE;
};

enum class Access { write, read };

/// One connection. Not thread safe: one owner, or a lock of the owner's.
class Database {
 public:
  /// Errors: unavailable.
  [[nodiscard]] static Result<Database> open(const std::filesystem::path& file, Access access);

  [[nodiscard]] Statement prepare(const char* sql) noexcept { return {handle_.get(), sql}; }
  /// Runs a script of constant SQL.
  [[nodiscard]] int execute(const char* sql) noexcept;
  [[nodiscard]] bool in_transaction() const noexcept {
    return sqlite3_get_autocommit(handle_.get()) == 0;
  }
  /// The rowid of the last row that was inserted.
  [[nodiscard]] std::int64_t last_position() const noexcept {
    return sqlite3_last_insert_rowid(handle_.get());
  }
  [[nodiscard]] std::int64_t changes() const noexcept { return sqlite3_changes64(handle_.get()); }
  /// What SQLite says about the last failure; names tables and columns, never values.
  [[nodiscard]] std::string message() const { return sqlite3_errmsg(handle_.get()); }
  /// Ends a transaction that failed; harmless when none is open.
  void rollback() noexcept;

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
  };
  using Handle = std::unique_ptr<sqlite3, Close>;
  explicit Database(Handle handle) noexcept : handle_(std::move(handle)) {}
  Handle handle_;
};

/// `code` as an Error{unavailable} that says what could not be done.
[[nodiscard]] Error unavailable(std::string_view what, int code);

}  // namespace cambist::storage::sqlite
