// What a statement can fail of, sorted by what is to be done about it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"

namespace cambist::storage::postgres {

enum class FailureKind : std::uint8_t {
  refused,  // the statement speaks against its own rows: a key that is taken, a value too long
  again,    // rolled back for the sake of another transaction; at once it may go well
  server,   // the server cannot write now: no space, read-only, no connection left
  lost,     // the connection is gone; what was under way may have been committed
};

/// Shape: `text` names tables and states, never values and never a password.
struct Failure {
  FailureKind kind = FailureKind::server;
  std::string text;
};

/// Source: PostgreSQL 15, appendix A, "PostgreSQL Error Codes".
[[nodiscard]] FailureKind kind_of(std::string_view sqlstate) noexcept;

/// As an Error{unavailable} that says what could not be done.
[[nodiscard]] Error unavailable(std::string_view what, const Failure& failure);

}  // namespace cambist::storage::postgres
