// How often someone may ask: GCRA, one arrival time per key, in a table of bounded size.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cambist::gateway {

/// Shape: `per_s` 0 or below lets everything through.
struct Rate {
  double per_s = 0;
  double burst = 1;
};

/// Thread safe. Time is given: monotonic, from any origin.
/// Source: facts/security.md section 10.
class RateLimiter {
 public:
  /// Shape: at most about `keys_max` keys are remembered; when all of them are busy, new ones share
  /// one place.
  explicit RateLimiter(Rate rate, std::size_t keys_max = 65'536);
  /// Zero when admitted; else how long to wait.
  [[nodiscard]] std::chrono::nanoseconds admit(std::string_view key, std::chrono::nanoseconds now);
  [[nodiscard]] std::size_t size() const;

 private:
  static constexpr std::size_t shards = 16;
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, std::int64_t> arrivals;
  };
  std::int64_t interval_ns_ = 0;
  std::int64_t tolerance_ns_ = 0;
  std::size_t shard_keys_max_;
  std::array<Shard, shards> shards_;
};

}  // namespace cambist::gateway
