// The reading port on a connection of its own.
#pragma once

#include <memory>

#include "storage/postgres/core.hpp"
#include "storage/store.hpp"

namespace cambist::storage::postgres {

/// Connects at its first question.
[[nodiscard]] std::unique_ptr<Reader> make_reader(const Core& core);

}  // namespace cambist::storage::postgres
