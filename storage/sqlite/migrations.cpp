#include "storage/sqlite/migrations.hpp"

#include <string>

namespace cambist::storage::sqlite {
namespace {

constexpr const char* make_table = R"(
  CREATE TABLE IF NOT EXISTS schema_migrations (
    number     INTEGER NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    checksum   TEXT    NOT NULL,
    applied_at INTEGER NOT NULL
  ) STRICT)";
constexpr const char* list_applied =
    "SELECT number, name, checksum FROM schema_migrations ORDER BY number";
constexpr const char* record = R"(
  INSERT INTO schema_migrations (number, name, checksum, applied_at)
  VALUES (?1, ?2, ?3, unixepoch() * 1000000))";

Error refused(std::string detail) {
  return Error{ErrorCode::unavailable, std::move(detail)};
}

Result<std::vector<Migration>> read_applied(Database& database) {
  if (const int code = database.execute(make_table); code != SQLITE_OK) {
    return unavailable("cannot prepare the database", code);
  }
  std::vector<Migration> applied;
  auto statement = database.prepare(list_applied);
  auto rows = statement.run();
  while (rows.next()) {
    applied.push_back({static_cast<int>(rows.integer(0)), rows.text(1), rows.text(2), false});
  }
  if (rows.code() != SQLITE_OK) return unavailable("cannot read the migrations", rows.code());
  return applied;
}

std::optional<Error> apply(Database& database, const MigrationText& step,
                           const std::string& checksum) {
  const std::string sql{step.sql};
  int code = database.execute("BEGIN IMMEDIATE");
  if (code == SQLITE_OK) code = database.execute(sql.c_str());
  if (code == SQLITE_OK) {
    auto statement = database.prepare(record);
    code = statement.run(step.number, step.name, checksum).finish();
  }
  if (code == SQLITE_OK) code = database.execute("COMMIT");
  if (code == SQLITE_OK) return std::nullopt;
  const auto message = database.message();
  database.rollback();
  return refused("migration " + std::string{step.name} + " failed: " + message);
}

}  // namespace

Result<std::vector<Migration>> apply_migrations(Database& database,
                                                std::span<const MigrationText> known) {
  auto applied = read_applied(database);
  if (!applied) return applied.error();
  if (auto error = mismatch(*applied, known)) return *std::move(error);
  for (const auto& step : known.subspan(applied->size())) {
    auto checksum = to_hex(sha256(step.sql));
    if (auto error = apply(database, step, checksum)) return *std::move(error);
    applied->push_back({step.number, std::string{step.name}, std::move(checksum), true});
  }
  return applied;
}

}  // namespace cambist::storage::sqlite
