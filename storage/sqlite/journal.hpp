// The one writer: a batch of appends is one transaction on the one connection that commits.
#pragma once

#include <memory>

#include "storage/sqlite/core.hpp"
#include "storage/store.hpp"

namespace cambist::storage::sqlite {

/// nullptr while another journal of the store lives.
[[nodiscard]] std::unique_ptr<Journal> make_journal(std::shared_ptr<Core> core);

}  // namespace cambist::storage::sqlite
