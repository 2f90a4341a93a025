// What runs must come by, and what cannot be.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "tests/simulation/reach.hpp"

namespace cambist::sim {

using Expected = std::set<std::pair<std::string, std::string>>;

/// Whether this fault can meet a payment at this status at all; README.md, "Reach", says why not.
[[nodiscard]] bool can_meet(Fault fault, payment::Status status) noexcept;
/// From one status to another.
[[nodiscard]] const Expected& expected_statuses();
/// A state of the machine and a fact that can be recorded in it.
[[nodiscard]] const Expected& expected_facts();
[[nodiscard]] const Expected& expected_breaker();

}  // namespace cambist::sim
