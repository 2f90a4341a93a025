// Reads through a connection of its own: each call sees one commit's state, whatever the writer
// does meanwhile.
#pragma once

#include <memory>

#include "storage/sqlite/core.hpp"
#include "storage/store.hpp"

namespace cambist::storage::sqlite {

/// Opens its connection at the first call, and again at the next one when that failed.
[[nodiscard]] std::unique_ptr<Reader> make_reader(std::shared_ptr<Core> core);

}  // namespace cambist::storage::sqlite
