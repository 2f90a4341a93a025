// The embedded default: one SQLite file in WAL mode, synchronous=FULL, one connection that writes
// and checkpoints.
#pragma once

#include <filesystem>
#include <memory>

#include "storage/store.hpp"

namespace cambist::storage::sqlite {

/// `applied`: by this call; otherwise it was there before.
struct Migration {
  int number;
  std::string name;
  std::string checksum;
  bool applied;
};

/// Opens (or makes) `directory`/cambist.db, takes its lock file and applies the migrations.
/// Errors: unavailable when another process holds it, the disk refuses, or a migration's checksum
/// differs.
[[nodiscard]] Result<std::unique_ptr<Store>> open(const std::filesystem::path& directory);
/// What `cambist migrate` prints; applies what is missing.
[[nodiscard]] Result<std::vector<Migration>> migrate(const std::filesystem::path& directory);

}  // namespace cambist::storage::sqlite
