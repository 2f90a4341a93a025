// After a commit whose answer was lost: did it happen? A batch is one transaction, so any row that
// only this batch can have written proves all of it, and the lack of such a row proves the
// contrary.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/postgres/connection.hpp"
#include "storage/store.hpp"

namespace cambist::storage::postgres {

/// The session behind a connection, as the server knows it.
struct Backend {
  std::int64_t pid = 0;
  std::string started;
};
/// nullopt when the server does not say.
[[nodiscard]] std::optional<Backend> backend_of(Connection& connection);
/// Ends the session, if it still lives; true: whatever it was doing is decided.
[[nodiscard]] bool is_over(Connection& connection, const Backend& backend);

enum class Outcome : std::uint8_t { committed, rolled_back, unknown };

/// Whether the transaction with these entries was committed. What only changes rows leaves no
/// trace: a batch without any other entry is unknown.
[[nodiscard]] Outcome outcome_of(Connection& connection, const std::vector<const Entry*>& entries);

/// Whether the webhook with this id is stored; nullopt when the server does not say.
[[nodiscard]] std::optional<bool> has_webhook(Connection& connection, WebhookId id);

}  // namespace cambist::storage::postgres
