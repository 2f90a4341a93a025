// What a store, its journal and its readers share.
#pragma once

#include <atomic>

#include "storage/postgres/store.hpp"

namespace cambist::storage::postgres {

struct Core {
  explicit Core(Options chosen) : options(std::move(chosen)) {}
  const Options options;
  std::atomic<bool> journal_open = false;
};

}  // namespace cambist::storage::postgres
