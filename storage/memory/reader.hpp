// Reads the tables under the store's lock: each call sees whole batches.
#pragma once

#include <memory>

#include "storage/memory/shared.hpp"
#include "storage/store.hpp"

namespace cambist::storage::memory {

[[nodiscard]] std::unique_ptr<Reader> make_reader(std::shared_ptr<Shared> shared);

}  // namespace cambist::storage::memory
