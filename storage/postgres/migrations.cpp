#include "storage/postgres/migrations.hpp"

namespace cambist::storage::postgres {
namespace {

// Any number that nobody else takes in the same database: sha256("cambist"), cut to 63 bits.
constexpr const char* lock = "SELECT pg_advisory_lock(5986466602984105242)";
constexpr const char* make_table = R"(
  CREATE TABLE IF NOT EXISTS schema_migrations (
    number     integer NOT NULL PRIMARY KEY,
    name       text    NOT NULL,
    checksum   text    NOT NULL,
    applied_at bigint  NOT NULL
  ))";
constexpr const char* list_applied =
    "SELECT number, name, checksum FROM schema_migrations ORDER BY number";

Error refused(std::string detail) {
  return Error{ErrorCode::unavailable, std::move(detail)};
}

Result<std::vector<Migration>> read_applied(Connection& connection) {
  if (auto failure = connection.run(make_table)) {
    return unavailable("cannot prepare the database", *failure);
  }
  if (auto failure = connection.run(list_applied)) {
    return unavailable("cannot read the migrations", *failure);
  }
  std::vector<Migration> applied;
  auto& rows = connection.answers().front();
  while (rows.next()) {
    applied.push_back({static_cast<int>(rows.integer(0)), rows.text(1), rows.text(2), false});
  }
  return applied;
}

std::optional<Error> apply(Connection& connection, const MigrationText& step,
                           const std::string& checksum, Duration deadline) {
  // Names are those of our files: letters, digits and underscores (embed_migrations.cmake).
  const auto record = "INSERT INTO schema_migrations VALUES (" + std::to_string(step.number) +
                      ", '" + std::string{step.name} + "', '" + checksum +
                      "', (extract(epoch FROM now()) * 1000000)::bigint)";
  const auto failure =
      connection.script("BEGIN;" + std::string{step.sql} + "\n;" + record + "; COMMIT", deadline);
  if (!failure) return std::nullopt;
  if (connection.is_open()) (void)connection.script("ROLLBACK", deadline);
  return refused("migration " + std::string{step.name} + " failed: " + failure->text);
}

}  // namespace

Result<std::vector<Migration>> apply_migrations(const Options& options,
                                                std::span<const MigrationText> known) {
  // A step may take long, and whoever waits for another process waits for all of its steps.
  auto patient = options;
  patient.statement_deadline = patient.lock_deadline = options.migration_deadline;
  Connection connection{patient};
  if (auto failure = connection.open()) return unavailable("cannot reach the database", *failure);
  if (auto failure = connection.run(lock)) {
    return unavailable("cannot wait for another process's migrations", *failure);
  }
  auto applied = read_applied(connection);
  if (!applied) return applied.error();
  if (auto error = mismatch(*applied, known)) return *std::move(error);
  for (const auto& step : known.subspan(applied->size())) {
    auto checksum = to_hex(sha256(step.sql));
    if (auto error = apply(connection, step, checksum, options.migration_deadline)) {
      return *std::move(error);
    }
    applied->push_back({step.number, std::string{step.name}, std::move(checksum), true});
  }
  return applied;  // the lock goes with the session
}

}  // namespace cambist::storage::postgres
