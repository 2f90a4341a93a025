// Latencies as counts in log-linear buckets: bounded memory whatever the run, quantiles within 1 %.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace cambist::load {

using Nanoseconds = std::chrono::nanoseconds;

/// Shape:  every power of two of microseconds has 128 buckets; below 128 us each microsecond has
///         its own. What is longer than `longest` counts as that long; `max` stays exact.
/// Units:  microseconds inside, rounded down.
class Histogram {
 public:
  static constexpr std::chrono::hours longest{1};

  void add(Nanoseconds latency) noexcept;
  void add(const Histogram& other) noexcept;
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] Nanoseconds max() const noexcept { return max_; }
  /// The least latency that at least the share `q` of all does not pass: the upper edge of its
  /// bucket, never more than `max`. Zero when nothing was added.
  [[nodiscard]] Nanoseconds quantile(double q) const noexcept;

 private:
  static constexpr std::size_t sub_bits = 7;
  static constexpr std::size_t sub_count = std::size_t{1} << sub_bits;
  // 2^32 us is more than an hour.
  static constexpr std::size_t bucket_count = (32 - sub_bits + 1) * sub_count;
  [[nodiscard]] static std::size_t bucket_of(std::uint64_t us) noexcept;
  [[nodiscard]] static std::uint64_t upper_us(std::size_t bucket) noexcept;

  std::array<std::uint64_t, bucket_count> buckets_{};
  std::uint64_t count_ = 0;
  Nanoseconds max_{};
};

}  // namespace cambist::load
