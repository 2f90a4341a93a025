// What many runs came to, counted from several threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>

#include "tests/simulation/world.hpp"

namespace cambist::sim {

/// For people: the broken promises of one run, the first twenty.
void print_violations(const Outcome& outcome);

class Tally {
 public:
  /// Shape: with `keep_going` a broken promise does not stop the others; `again_percent` of the
  ///        seeds are played twice.
  Tally(bool keep_going, double again_percent)
      : keep_going_(keep_going), again_percent_(again_percent) {}

  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  [[nodiscard]] bool again(std::uint64_t seed) const noexcept;
  void add(const Outcome& outcome);
  /// The seed was played twice.
  void compare(std::uint64_t seed, std::uint64_t first, std::uint64_t second);
  void progress(double elapsed_s);
  /// Whether one of these was broken.
  [[nodiscard]] bool broke(const std::string& invariants) const;
  /// Prints the sums; the exit code of the program.
  int finish(double elapsed_s, bool report);

 private:
  const bool keep_going_;
  const double again_percent_;
  std::mutex mutex_;
  std::atomic<bool> stopped_{false};
  std::uint64_t runs_ = 0;
  std::uint64_t payments_ = 0;
  std::uint64_t faults_ = 0;
  std::uint64_t crashes_ = 0;
  std::uint64_t compared_ = 0;
  std::uint64_t broken_ = 0;
  std::set<std::string> invariants_;  // that were broken
  Reach reach_;
};

}  // namespace cambist::sim
