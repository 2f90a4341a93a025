// The one writer of a process: a batch is one round trip and one transaction on one connection.
#pragma once

#include <memory>

#include "storage/postgres/core.hpp"
#include "storage/store.hpp"

namespace cambist::storage::postgres {

/// nullptr while another journal of the store lives.
[[nodiscard]] std::unique_ptr<Journal> make_journal(std::shared_ptr<Core> core);

}  // namespace cambist::storage::postgres
