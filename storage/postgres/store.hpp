// The production store: PostgreSQL through libpq, one connection that writes, readers with a
// connection each.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "protocols/core/time.hpp"
#include "storage/migration.hpp"
#include "storage/store.hpp"

namespace cambist::storage::postgres {

using storage::Migration;

/// Where the database is, and how long it may take to answer.
/// Shape: `url` is a libpq URI ("postgresql://user@host/db?sslmode=verify-full"); TLS, password
///        files and several hosts are what libpq makes of it.
struct Options {
  std::string url;
  Duration connect_deadline = std::chrono::seconds{2};
  /// For the server and for this side, so that neither a slow statement nor a silent network holds
  /// a thread.
  Duration statement_deadline = std::chrono::seconds{5};
  Duration lock_deadline = std::chrono::seconds{2};
  /// For one migration, which may build an index over years of payments.
  Duration migration_deadline = std::chrono::minutes{10};
};

/// Connects and applies the migrations, one process at a time.
/// Errors: unavailable when the server does not answer or refuses, or a migration's checksum
///         differs; never with the password of `url`.
[[nodiscard]] Result<std::unique_ptr<Store>> open(const Options& options);
/// What `cambist migrate` prints; applies what is missing.
[[nodiscard]] Result<std::vector<Migration>> migrate(const Options& options);

}  // namespace cambist::storage::postgres
