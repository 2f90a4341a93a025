#include "storage/postgres/failure.hpp"

#include <algorithm>
#include <array>

namespace cambist::storage::postgres {
namespace {

using namespace std::string_view_literals;

// Serialization failure, deadlock, lock timeout.
constexpr std::array again{"40001"sv, "40P01"sv, "55P03"sv};
// A read-only transaction (after a failover), invalid authorization, a missing right or table (a
// schema that somebody else changed), a prepared statement that is gone (a pooler in between).
constexpr std::array server{"25006"sv, "42501"sv, "42P01"sv, "26000"sv};
// Data, integrity, cardinality, division (the guards of the writer), limits of a value.
constexpr std::array refused{"22"sv, "23"sv, "21"sv, "54"sv, "42"sv};

}  // namespace

FailureKind kind_of(std::string_view sqlstate) noexcept {
  const auto listed = [&](const auto& states) {
    return std::any_of(states.begin(), states.end(),
                       [&](std::string_view state) { return sqlstate.starts_with(state); });
  };
  if (listed(again)) return FailureKind::again;
  if (listed(server)) return FailureKind::server;
  return listed(refused) ? FailureKind::refused : FailureKind::server;
}

Error unavailable(std::string_view what, const Failure& failure) {
  return Error{ErrorCode::unavailable, std::string{what} + ": " + failure.text};
}

}  // namespace cambist::storage::postgres
