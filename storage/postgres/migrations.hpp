// Brings a database to the schema of this binary, one numbered step after the other; processes that
// start together take turns.
#pragma once

#include <span>
#include <vector>

#include "storage/migration.hpp"
#include "storage/postgres/connection.hpp"

namespace cambist::storage::postgres {

using storage::MigrationText;

/// The files of storage/postgres/migrations, in order, without a gap.
[[nodiscard]] std::span<const MigrationText> embedded_migrations();

/// Applies what is missing, each step in a transaction of its own.
/// Errors: unavailable when an applied step's text has changed, the database is newer than `known`,
///         or a step fails; the steps before it stay applied.
[[nodiscard]] Result<std::vector<Migration>> apply_migrations(const Options& options,
                                                              std::span<const MigrationText> known);

}  // namespace cambist::storage::postgres
