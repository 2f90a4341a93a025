// From a URL to a session that is set up as the store needs it, within a deadline.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <libpq-fe.h>

#include "storage/postgres/deadline.hpp"
#include "storage/postgres/failure.hpp"
#include "storage/postgres/store.hpp"

namespace cambist::storage::postgres {

struct CloseConnection {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using ConnectionHandle = std::unique_ptr<PGconn, CloseConnection>;

/// What libpq says about the last failure of `connection`, without the password.
[[nodiscard]] std::string message_of(const PGconn* connection);

/// `handle` is empty when `failure` is not. Asks for a server that takes writes, unless the URL
/// asks for another; the connection is nonblocking.
struct Connected {
  ConnectionHandle handle;
  Failure failure{};
};
[[nodiscard]] Connected connect(const Options& options);

/// Waits until `connection` can be read (or written, when `for_writing`). False: the deadline.
[[nodiscard]] bool wait(const PGconn* connection, bool for_writing, const Deadline& deadline);

}  // namespace cambist::storage::postgres
