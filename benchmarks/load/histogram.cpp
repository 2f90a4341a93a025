#include "benchmarks/load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace cambist::load {

std::size_t Histogram::bucket_of(std::uint64_t us) noexcept {
  if (us < sub_count) return static_cast<std::size_t>(us);
  const auto power =
      static_cast<std::size_t>(std::bit_width(us)) - 1;  // us in [2^power, 2^(power+1))
  const auto sub = static_cast<std::size_t>(us >> (power - sub_bits)) & (sub_count - 1);
  return (power - sub_bits + 1) * sub_count + sub;
}

std::uint64_t Histogram::upper_us(std::size_t bucket) noexcept {
  if (bucket < sub_count) return bucket;
  const std::size_t power = bucket / sub_count + sub_bits - 1;
  const std::uint64_t width = std::uint64_t{1} << (power - sub_bits);
  return (std::uint64_t{1} << power) + (bucket % sub_count + 1) * width - 1;
}

void Histogram::add(Nanoseconds latency) noexcept {
  const auto bounded = std::clamp<Nanoseconds>(latency, Nanoseconds{0}, longest);
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(bounded).count();
  ++buckets_[bucket_of(static_cast<std::uint64_t>(us))];
  ++count_;
  max_ = std::max(max_, latency);
}

void Histogram::add(const Histogram& other) noexcept {
  for (std::size_t i = 0; i < bucket_count; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

Nanoseconds Histogram::quantile(double q) const noexcept {
  if (count_ == 0) return {};
  const auto wanted = std::max<std::uint64_t>(
      1,
      static_cast<std::uint64_t>(std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < bucket_count; ++i) {
    seen += buckets_[i];
    if (seen >= wanted) {
      return std::min<Nanoseconds>(
          max_, std::chrono::microseconds{static_cast<std::int64_t>(upper_us(i))});
    }
  }
  return max_;
}

}  // namespace cambist::load
