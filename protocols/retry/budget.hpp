// How much may be repeated at all: when a provider is down, repeats must not become the load that
// keeps it down.
#pragma once

#include <cstdint>
#include <optional>

#include "protocols/core/time.hpp"

namespace cambist::retry {

/// Source: design.md, "The actors": 10 % for each provider.
struct BudgetPolicy {
  double ratio = 0.1;      // repeats earned by each first call
  double per_s_min = 1.0;  // earned in a second at least, however few the calls
  double burst = 10.0;     // the most that is saved up; it starts with this
};

/// A bucket of repeats. In each second it gains what the first calls earn or the minimum, whichever
/// is more. One owner; not thread-safe.
class Budget {
 public:
  explicit Budget(const BudgetPolicy& policy);

  /// A call that clients asked for is made.
  void first_call(TimePoint now);
  /// Whether a repeat or an inquiry may be made at `now`; takes one if so.
  [[nodiscard]] bool take(TimePoint now);
  /// What was taken was answered without an outage: it was no load on a provider that is down.
  void give_back();
  /// Whole repeats left at `now`.
  [[nodiscard]] std::int64_t left(TimePoint now);

 private:
  void refill(TimePoint now);
  void grant(std::int64_t due);

  // All in millionths of a repeat, so that ten tenths are one.
  std::int64_t per_call_;
  std::int64_t per_second_;
  std::int64_t burst_;
  std::int64_t tokens_;
  std::optional<TimePoint> second_{};  // when the current second began
  std::int64_t earned_ = 0;            // by first calls in it
  std::int64_t granted_ = 0;           // of it, so far
};

}  // namespace cambist::retry
