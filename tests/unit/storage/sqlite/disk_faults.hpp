// A disk that misbehaves on request: writes that run out of space, syncs that fail, syncs that are
// counted.
#pragma once

namespace cambist::storage::testing {

/// From construction to `heal` (or the end) every write of SQLite in this process fails with
/// ENOSPC, after `good` more that succeed. The first one that fails writes half of its bytes, as a
/// full disk does.
class FullDisk {
 public:
  explicit FullDisk(int good);
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() { heal(); }
  void heal();
  /// Whether a write has failed so far.
  [[nodiscard]] bool struck() const;
};

/// While it lives, every sync of a file's data fails with EIO.
class FailingSync {
 public:
  FailingSync();
  FailingSync(const FailingSync&) = delete;
  FailingSync& operator=(const FailingSync&) = delete;
  ~FailingSync();
};

/// How often a file's data was synced in this process.
[[nodiscard]] long syncs();

}  // namespace cambist::storage::testing
