// What a store, its journal and its readers share: the directory's lock and the one connection that
// writes.
#pragma once

#include <filesystem>
#include <mutex>

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/lock_file.hpp"

namespace cambist::storage::sqlite {

/// Lives until the last of its users goes; only then is the directory free for another process.
struct Core {
  Core(LockFile held, Database opened, std::filesystem::path path)
      : lock(std::move(held)), writer(std::move(opened)), file(std::move(path)) {}

  LockFile lock;  // before the connection, so that it is let go after it
  Database writer;
  std::filesystem::path file;
  std::mutex mutex;  // guards `writer` and `journal_open`
  bool journal_open = false;
};

}  // namespace cambist::storage::sqlite
