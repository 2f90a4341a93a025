// The timers of all payment actors, in slots: what is due at about the same time costs one timer.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include "actors/payment/payment_actor.hpp"

namespace cambist::actors::live {

/// Not thread safe: the directory owns it. Holds what actors have armed until it is due, a few for
/// each; also of those that are gone.
class Nudges {
 public:
  using Mono = std::chrono::nanoseconds;

  void add(const Nudge& nudge);
  /// When to look next, if that is sooner than what was last asked for; then it counts as asked
  /// for.
  [[nodiscard]] std::optional<Mono> next_look();
  /// A look for `at` has come. False: a sooner one has been asked for since, and was the one to act
  /// on.
  [[nodiscard]] bool looked(Mono at) noexcept;
  /// One that is due, each once; within a slot in the order in which they came.
  [[nodiscard]] std::optional<Nudge> pop(Mono now);
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  std::map<Mono, std::vector<Nudge>> slots_{};
  std::vector<Nudge> due_{};  // the slot that is being emptied, last first
  std::optional<Mono> asked_for_{};
  std::size_t size_ = 0;
};

}  // namespace cambist::actors::live
