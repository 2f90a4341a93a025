// The numbered steps to the schema of this binary, whatever the database: what one is, and whether
// those that a database has had fit.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/error.hpp"

namespace cambist::storage {

/// `applied`: by this call; otherwise it was there before.
struct Migration {
  int number;
  std::string name;
  std::string checksum;
  bool applied;
};

/// A step as it travels inside the binary.
struct MigrationText {
  int number = 0;
  std::string_view name;  // the file's name without ".sql"
  std::string_view sql;
};

/// Why the steps that a database has had do not fit this binary.
/// Errors: unavailable when a step's text has changed, one is missing, or the database is newer.
[[nodiscard]] std::optional<Error> mismatch(const std::vector<Migration>& applied,
                                            std::span<const MigrationText> known);

}  // namespace cambist::storage
