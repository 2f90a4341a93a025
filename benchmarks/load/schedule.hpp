// When the payments of an open loop are meant to start. A server that stalls does not slow the
// arrivals down: what it makes wait counts from the intended start, which is what a customer feels.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "benchmarks/load/histogram.hpp"

namespace cambist::load {

/// Arrivals at a fixed rate, the first at 0. Times are since the start of the run.
class Schedule {
 public:
  explicit Schedule(double per_second) : per_second_(per_second) {}
  /// When arrival `n` is meant to start: computed from `n`, so that rounding never adds up.
  [[nodiscard]] Nanoseconds at(std::uint64_t n) const noexcept;
  /// The next intended start.
  [[nodiscard]] Nanoseconds next() const noexcept { return at(taken_); }
  /// Takes the next arrival if it is due.
  [[nodiscard]] std::optional<Nanoseconds> take(Nanoseconds now) noexcept;

 private:
  double per_second_;
  std::uint64_t taken_ = 0;
};

/// Arrivals that found no connection free, in order. Bounded: what finds the queue full, and what
/// has waited for longer than `patience`, is given up and counted.
class Backlog {
 public:
  Backlog(std::size_t size_max, Nanoseconds patience) : size_max_(size_max), patience_(patience) {}
  void push(Nanoseconds intended);
  /// The intended start of the oldest one that still wants to be served.
  [[nodiscard]] std::optional<Nanoseconds> pop(Nanoseconds now);
  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }
  [[nodiscard]] std::uint64_t given_up() const noexcept { return given_up_; }

 private:
  std::size_t size_max_;
  Nanoseconds patience_;
  std::deque<Nanoseconds> waiting_;
  std::uint64_t given_up_ = 0;
};

}  // namespace cambist::load
