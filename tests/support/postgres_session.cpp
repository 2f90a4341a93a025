#include "tests/support/postgres_session.hpp"

#include <stdexcept>

#include <libpq-fe.h>

namespace cambist::test {
namespace {

struct Clear {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};

}  // namespace

void PostgresSession::Close::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

PostgresSession::PostgresSession(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
  if (PQstatus(connection_.get()) != CONNECTION_OK)
    throw std::runtime_error(PQerrorMessage(connection_.get()));
  // "already exists, skipping" is nothing that a test wants to read.
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
}

std::vector<std::vector<std::string>> PostgresSession::run(const std::string& sql) {
  const std::unique_ptr<PGresult, Clear> result{PQexec(connection_.get(), sql.c_str())};
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(sql + ": " + PQerrorMessage(connection_.get()));
  std::vector<std::vector<std::string>> rows;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    auto& fields = rows.emplace_back();
    for (int column = 0; column < PQnfields(result.get()); ++column)
      fields.emplace_back(PQgetvalue(result.get(), row, column));
  }
  return rows;
}

std::string PostgresSession::value(const std::string& sql) {
  const auto rows = run(sql);
  if (rows.size() != 1 || rows.front().size() != 1)
    throw std::runtime_error(sql + ": not one value");
  return rows.front().front();
}

}  // namespace cambist::test
