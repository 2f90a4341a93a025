// One session at a PostgreSQL server, for what tests do beside the program: look, lock, meddle.
#pragma once

#include <memory>
#include <string>
#include <vector>

struct pg_conn;

namespace cambist::test {

/// Not thread safe. Every function throws std::runtime_error with the server's own words.
class PostgresSession {
 public:
  /// By any connection string of libpq.
  explicit PostgresSession(const std::string& url);

  /// Runs one or more statements; rows of the last one, NULL as an empty text.
  std::vector<std::vector<std::string>> run(const std::string& sql);
  /// The single value that `sql` finds.
  std::string value(const std::string& sql);

 private:
  struct Close {
    void operator()(pg_conn* connection) const noexcept;
  };
  std::unique_ptr<pg_conn, Close> connection_;
};

}  // namespace cambist::test
