// Whether the database can be written, asked without an entry at hand.
#pragma once

#include "storage/journal.hpp"
#include "storage/postgres/connection.hpp"

namespace cambist::storage::postgres {

/// Errors: unavailable, with the reason.
[[nodiscard]] Result<void> probe(Connection& connection, Probe how);

}  // namespace cambist::storage::postgres
