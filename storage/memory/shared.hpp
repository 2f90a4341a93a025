// What the memory store, its journal and its readers share.
#pragma once

#include <mutex>

#include "storage/memory/tables.hpp"

namespace cambist::storage::memory {

/// Whichever of its users goes last takes it along.
struct Shared {
  std::mutex mutex;
  Tables tables;
  bool journal_open = false;
};

}  // namespace cambist::storage::memory
