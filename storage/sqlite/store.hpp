// The embedded default: one SQLite file in WAL mode, synchronous=FULL, one connection that writes
// and checkpoints.
#pragma once

#include <filesystem>
#include <memory>

#include "storage/migration.hpp"
#include "storage/store.hpp"

namespace cambist::storage::sqlite {

using storage::Migration;

/// Opens (or makes) `directory`/cambist.db, takes its lock file and applies the migrations.
/// Errors: unavailable when another process holds it, the disk refuses, or a migration's checksum
/// differs.
[[nodiscard]] Result<std::unique_ptr<Store>> open(const std::filesystem::path& directory);
/// What `cambist migrate` prints; applies what is missing.
[[nodiscard]] Result<std::vector<Migration>> migrate(const std::filesystem::path& directory);

}  // namespace cambist::storage::sqlite
