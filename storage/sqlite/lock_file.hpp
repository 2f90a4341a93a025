// The lock that keeps a second process away from a data directory: two writers would corrupt it.
#pragma once

#include <filesystem>
#include <utility>

#include "protocols/core/error.hpp"

namespace cambist::storage::sqlite {

/// Holds `directory`/cambist.lock until it goes. The kernel lets go when the process dies, however
/// it dies.
class LockFile {
 public:
  /// Errors: unavailable; names the directory and, if it can be read, the process that holds it.
  [[nodiscard]] static Result<LockFile> take(const std::filesystem::path& directory);

  LockFile(LockFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  LockFile& operator=(LockFile&&) = delete;
  ~LockFile();

 private:
  explicit LockFile(int descriptor) noexcept : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace cambist::storage::sqlite
