#include "tests/simulation/tally.hpp"

#include <cstdio>
#include <sstream>

#include <fmt/format.h>

namespace cambist::sim {

void print_violations(const Outcome& outcome) {
  fmt::print("seed {} ({}): {} promises broken after {} steps\n", outcome.seed, outcome.profile,
             outcome.violations.size(), outcome.steps);
  std::size_t shown = 0;
  for (const auto& violation : outcome.violations) {
    if (++shown > 20) {
      fmt::print("  …\n");
      break;
    }
    fmt::print("  {}\n", to_string(violation));
  }
  std::fflush(stdout);
}

bool Tally::again(std::uint64_t seed) const noexcept {
  return static_cast<double>(seed % 100) < again_percent_;
}

void Tally::add(const Outcome& outcome) {
  const std::lock_guard lock{mutex_};
  ++runs_;
  payments_ += outcome.payments;
  faults_ += outcome.faults;
  crashes_ += outcome.crashes;
  reach_.add(outcome.reach);
  if (outcome.violations.empty()) return;
  for (const auto& violation : outcome.violations) invariants_.insert(violation.invariant);
  ++broken_;
  if (stopped_) return;
  if (!keep_going_) {
    stopped_ = true;
    fmt::print("the last steps:\n{}", outcome.last_steps);
  }
  print_violations(outcome);
}

void Tally::compare(std::uint64_t seed, std::uint64_t first, std::uint64_t second) {
  const std::lock_guard lock{mutex_};
  ++compared_;
  if (first == second) return;
  stopped_ = true;
  ++broken_;
  fmt::print("seed {} is not the same twice: {:016x}, {:016x}\n", seed, first, second);
}

void Tally::progress(double elapsed_s) {
  const std::lock_guard lock{mutex_};
  fmt::print(stderr,
             "{:>8.0f} s: {} runs, {} payments, {} faults, {} crashes, {:.0f} payments/s, {} "
             "broken\n",
             elapsed_s, runs_, payments_, faults_, crashes_,
             static_cast<double>(payments_) / elapsed_s, broken_);
}

bool Tally::broke(const std::string& invariants) const {
  std::istringstream words{invariants};
  for (std::string one; words >> one;) {
    if (invariants_.contains(one)) return true;
  }
  return false;
}

int Tally::finish(double elapsed_s, bool report) {
  const std::lock_guard lock{mutex_};
  if (report) fmt::print("{}", reach_.report());
  fmt::print(
      "{} runs, {} payments, {} faults, {} crashes in {:.1f} s ({:.0f} payments/s); {} played "
      "twice; {} broken\n",
      runs_, payments_, faults_, crashes_, elapsed_s, static_cast<double>(payments_) / elapsed_s,
      compared_, broken_);
  return broken_ == 0 ? 0 : 1;
}

}  // namespace cambist::sim
