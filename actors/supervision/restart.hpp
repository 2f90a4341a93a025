// When a child that failed is started again, as pure functions: exponential backoff with jitter,
// and a budget of restarts per window. Whoever spends the budget is not restarted: the failure goes
// up.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "protocols/core/time.hpp"

namespace cambist::actors::supervision {

/// Source: design.md, "The actors". Every value is a setting.
struct RestartPolicy {
  Duration backoff_min = std::chrono::milliseconds{100};  // doubles up to
  Duration backoff_max = std::chrono::seconds{10};
  std::uint32_t restarts_max = 10;  // in the window; then the failure goes up
  Duration window = std::chrono::seconds{60};
};

/// What is remembered of one child: the restarts that are still inside the window.
struct RestartBook {
  std::deque<TimePoint> recent{};
};

/// A failure at `now`: how long to wait before the child is started again, or nullopt to escalate.
/// Shape: `roll` in [0, 1) scales the wait to 50-100 %, so that children that failed together do
/// not
///        come back together. The restart is entered into `book`.
[[nodiscard]] std::optional<Duration> restart_after(RestartBook& book, const RestartPolicy& policy,
                                                    TimePoint now, double roll);

}  // namespace cambist::actors::supervision
