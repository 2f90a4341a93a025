// Looks at the watched processes and the server's counters when the window of measurement opens and
// when it closes. On a thread of its own: reading /proc for some milliseconds must not count as
// latency.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/load/counters.hpp"
#include "benchmarks/load/processes.hpp"
#include "benchmarks/load/wire.hpp"

namespace cambist::load {

using Clock = std::chrono::steady_clock;

struct Sample {
  Clock::time_point at{};
  std::vector<TreeCost> processes{};  // in the order of `Watch::processes`
  double generator_cpu_s = 0;
  double machine_cpu_s = 0;
  std::optional<JournalCounts> journal{};
};
struct Window {
  Sample opened;
  Sample closed;
};
/// What to look at.
struct Watch {
  std::vector<Watched> processes;
  std::optional<std::pair<Endpoint, std::string>> metrics;
};

[[nodiscard]] Sample take_sample(const Watch& watch);

class Sampler {
 public:
  Sampler(Watch watch, Clock::time_point opens, Clock::time_point closes);
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;
  ~Sampler();
  /// Closes the window now if it is open still, and gives it.
  [[nodiscard]] Window finish();

 private:
  void wait_until(Clock::time_point when);
  void run(Clock::time_point opens, Clock::time_point closes);
  Watch watch_;
  Window window_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool finished_ = false;
  std::thread thread_;
};

}  // namespace cambist::load
