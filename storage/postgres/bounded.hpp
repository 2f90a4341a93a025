// Numbers of ours as PostgreSQL holds them.
#pragma once

#include <cstdint>
#include <limits>

namespace cambist::storage::postgres {

/// What is greater than all that an int8 can hold stays greater.
[[nodiscard]] constexpr std::int64_t bounded(std::uint64_t number) noexcept {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  return number > static_cast<std::uint64_t>(most) ? most : static_cast<std::int64_t>(number);
}

}  // namespace cambist::storage::postgres
