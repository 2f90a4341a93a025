#include "storage/migration.hpp"

#include "protocols/core/digest.hpp"

namespace cambist::storage {
namespace {

Error refused(std::string detail) {
  return Error{ErrorCode::unavailable, std::move(detail)};
}

}  // namespace

std::optional<Error> mismatch(const std::vector<Migration>& applied,
                              std::span<const MigrationText> known) {
  for (std::size_t i = 0; i < applied.size(); ++i) {
    if (i >= known.size()) {
      return refused("the database is newer than this binary: it has migration " + applied[i].name +
                     ", the binary knows " + std::to_string(known.size()));
    }
    if (applied[i].number != known[i].number) {
      return refused("the database lacks migration " + std::string{known[i].name} +
                     " but has a later one");
    }
    if (applied[i].checksum != to_hex(sha256(known[i].sql))) {
      return refused("migration " + applied[i].name +
                     " was changed after it was applied to this database");
    }
  }
  return std::nullopt;
}

}  // namespace cambist::storage
