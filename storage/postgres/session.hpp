// A reader's connection, and what all reads of rows have in common.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "storage/postgres/bounded.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/reader_sql.hpp"
#include "storage/store.hpp"

namespace cambist::storage::postgres {

class Session {
 public:
  explicit Session(const Options& options) : connection_(options) {}

  /// The rows of a query. Nothing is changed by asking twice, so a connection that went while
  /// nobody looked costs one more attempt.
  /// Errors: unavailable, with `what` could not be done.
  template <class... Arguments>
  [[nodiscard]] Result<Rows> run(std::string_view what, const char* sql,
                                 const Arguments&... arguments) {
    const Parameters parameters{arguments...};
    std::optional<Failure> failure;
    for (int attempt = 0; attempt < 2; ++attempt) {
      failure = connection_.open();
      if (failure) break;
      failure = connection_.run(sql, parameters);
      if (!failure) return std::move(connection_.answers().front());
      if (failure->kind != FailureKind::lost && failure->kind != FailureKind::again) break;
    }
    // The database's own words may name what a client should not see.
    spdlog::error("database_not_read what=\"{}\" error=\"{}\"", what, failure->text);
    return Error{ErrorCode::unavailable, std::string{what}};
  }

 private:
  Connection connection_;
};

/// The last id that a page of a list that runs backwards may show: the one before `before`, or the
/// greatest that there can be. No id is all zeros, so there is always one before.
template <class Tag>
[[nodiscard]] Uuid page_start(const std::optional<Id<Tag>>& before) noexcept {
  Uuid last{};
  if (before) last = before->bytes;
  // One less, with a borrow from the left for as long as a byte is zero.
  for (auto byte = last.rbegin(); byte != last.rend() && (*byte)-- == 0; ++byte) {
  }
  return last;
}

[[nodiscard]] inline Error unreadable() {
  return {ErrorCode::unavailable, "a row of the database has an unexpected shape"};
}

/// Every row as `read` makes it, or the error that befell the run.
template <class Read>
auto all(Result<Rows>&& rows, Read read) -> Result<std::vector<decltype(read(*rows))>> {
  if (!rows) return rows.error();
  std::vector<decltype(read(*rows))> found;
  found.reserve(static_cast<std::size_t>(rows->count()));
  while (rows->next()) found.push_back(read(*rows));
  if (!rows->ok()) return unreadable();
  return found;
}

/// The one row that there is, or nothing.
template <class Read>
auto one(Result<Rows>&& rows, Read read) -> Result<std::optional<decltype(read(*rows))>> {
  if (!rows) return rows.error();
  std::optional<decltype(read(*rows))> found;
  if (rows->next()) found = read(*rows);
  if (!rows->ok()) return unreadable();
  return found;
}

}  // namespace cambist::storage::postgres
