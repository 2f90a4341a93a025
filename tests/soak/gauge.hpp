// What the server takes of the machine while it runs: memory, descriptors, threads, sampled from
// /proc, and whether any of it grows.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "tests/soak/keeper.hpp"

namespace cambist::soak {

/// Shape: `life` counts the server's processes from 0, `age` from the start of that one, `at` from
/// the start of the run; `payments` were taken by then, by all of them.
struct Sample {
  std::size_t life = 0;
  std::chrono::duration<double> age{};
  std::chrono::duration<double> at{};
  std::uint64_t payments = 0;
  std::int64_t resident_kib = 0;
  std::int64_t descriptors = 0;
  std::int64_t threads = 0;
};

/// What /proc says of a process; nullopt when it is gone.
[[nodiscard]] std::optional<Sample> look_at(pid_t pid);

/// A straight line through points, least squares; nullopt for fewer than two different x.
struct Point {
  double x = 0;
  double y = 0;
};
[[nodiscard]] std::optional<double> slope(const std::vector<Point>& points);
/// The slope that all groups have in common, each at a height of its own.
[[nodiscard]] std::optional<double> slope_within(const std::vector<std::vector<Point>>& groups);

/// Shape: memory in KiB. `…within` are slopes inside lives, past `warm_after`; `…across` compare
/// lives at `compared_at`. `first` and `last` are the samples of the first and last such life.
struct Growth {
  std::chrono::duration<double> warm_after{};
  std::chrono::duration<double> compared_at{};
  std::size_t lives_within = 0;
  std::size_t lives_across = 0;
  std::optional<double> per_minute_within{}, per_thousand_within{};
  std::optional<double> per_minute_across{}, per_thousand_across{};
  std::optional<Sample> first{}, last{};
  std::int64_t resident_kib_max = 0, descriptors_max = 0, threads_max = 0;
};
[[nodiscard]] Growth growth(const std::vector<Sample>& samples,
                            std::chrono::duration<double> warm_after,
                            std::chrono::duration<double> compared_at);

/// Looks once a second, on a thread of its own, and says every ten seconds how it goes.
class Gauge {
 public:
  Gauge(const Keeper& keeper, const Tally& tally);
  Gauge(const Gauge&) = delete;
  Gauge& operator=(const Gauge&) = delete;
  ~Gauge();
  void finish();
  [[nodiscard]] const std::vector<Sample>& samples() const { return samples_; }

 private:
  void run();
  void tell(const Sample& sample) const;

  const Keeper& keeper_;
  const Tally& tally_;
  const Steady::time_point began_ = Steady::now();
  std::vector<Sample> samples_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace cambist::soak
