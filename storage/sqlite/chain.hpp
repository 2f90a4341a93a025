// Statements one after the other: after the first failure none is run, and that failure is asked
// for once at the end.
#pragma once

#include "storage/sqlite/database.hpp"

namespace cambist::storage::sqlite {

class Chain {
 public:
  template <class... Arguments>
  void run(Statement& statement, const Arguments&... arguments) {
    if (ok()) code_ = statement.run(arguments...).finish();
  }
  /// Hands the first row, if there is one, to `read`; answers whether there was.
  template <class Read, class... Arguments>
  bool first(Read read, Statement& statement, const Arguments&... arguments) {
    if (!ok()) return false;
    auto rows = statement.run(arguments...);
    const bool found = rows.next();
    if (found) read(rows);
    code_ = rows.code();
    return found && ok();
  }
  /// Hands the rows to `read` until it answers false.
  template <class Read, class... Arguments>
  void each(Read read, Statement& statement, const Arguments&... arguments) {
    if (!ok()) return;
    auto rows = statement.run(arguments...);
    while (rows.next() && read(rows)) {
    }
    code_ = rows.code();
  }
  template <class... Arguments>
  bool any(Statement& statement, const Arguments&... arguments) {
    return first([](Rows&) {}, statement, arguments...);
  }

  [[nodiscard]] bool ok() const noexcept { return code_ == SQLITE_OK; }
  [[nodiscard]] int code() const noexcept { return code_; }
  /// Goes on after a failure that was expected.
  void reset() noexcept { code_ = SQLITE_OK; }

 private:
  int code_ = SQLITE_OK;
};

}  // namespace cambist::storage::sqlite
