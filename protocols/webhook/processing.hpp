// When a webhook of a provider that could not be applied is tried again.
#pragma once

#include <optional>
#include <vector>

#include "protocols/core/time.hpp"

namespace cambist::webhook {

/// Source: design.md, "The actors": 1, 2, 4, 8, 16 minutes, +-25 %.
struct ProcessingPolicy {
  std::vector<Duration> delays{std::chrono::minutes{1}, std::chrono::minutes{2},
                               std::chrono::minutes{4}, std::chrono::minutes{8},
                               std::chrono::minutes{16}};
};

/// Wait before the next attempt.
/// Shape:  `attempts_made` counts those that have failed. The first is made at once (0 gives no
///         wait), and five more follow it, one after each of the waits. `roll` in [0, 1).
/// Errors: none; nullopt means that it is dead: shown, and replayed by hand only.
/// Source: README.md, decision 3.
[[nodiscard]] std::optional<Duration> next_attempt(int attempts_made,
                                                   const ProcessingPolicy& policy, double roll);

}  // namespace cambist::webhook
