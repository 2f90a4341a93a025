// A moment after which nobody waits any longer, on a clock that is never set back.
#pragma once

#include <algorithm>
#include <chrono>

#include "protocols/core/time.hpp"

namespace cambist::storage::postgres {

class Deadline {
 public:
  explicit Deadline(Duration from_now) : end_(Clock::now() + from_now) {}

  /// In milliseconds, rounded up, so that waiting this long never wakes early.
  [[nodiscard]] int left() const {
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(rest, 0, longest_ms));
  }
  [[nodiscard]] bool over() const { return left() == 0; }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::int64_t longest_ms = 24LL * 60 * 60 * 1000;
  Clock::time_point end_;
};

}  // namespace cambist::storage::postgres
