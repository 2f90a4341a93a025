// Drops what nobody needs any more: settled webhooks, what every endpoint has had, old deliveries,
// expired keys.
#pragma once

#include "storage/postgres/connection.hpp"

namespace cambist::storage::postgres {

/// A transaction of its own: at most `limit` of each, older than `before`; answers how many went.
/// Errors: unavailable.
[[nodiscard]] Result<std::size_t> forget(Connection& connection, TimePoint before,
                                         std::size_t limit);
/// Answered keys that have expired.
/// Errors: unavailable.
[[nodiscard]] Result<std::size_t> expire_keys(Connection& connection, TimePoint now,
                                              std::size_t limit);

}  // namespace cambist::storage::postgres
