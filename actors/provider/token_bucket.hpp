// An outgoing rate limit: tokens come at a steady rate, a call takes one, and a second's worth may
// be saved up.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace cambist::actors::account {

/// Shape: a rate of 0 lets everything through. The first call finds the bucket full.
class TokenBucket {
 public:
  using Time = std::chrono::nanoseconds;  // on any clock that only goes forward

  TokenBucket(double rate_per_s, Time now)
      : rate_(rate_per_s), burst_(std::max(1.0, rate_per_s)), tokens_(burst_), last_(now) {}

  [[nodiscard]] bool take(Time now) {
    if (rate_ <= 0) return true;
    refill(now);
    if (tokens_ < 1.0) return false;
    tokens_ -= 1.0;
    return true;
  }
  /// How long until `take` succeeds, with `ahead` others before it; zero when it would now.
  [[nodiscard]] Time wait(Time now, std::size_t ahead = 0) {
    if (rate_ <= 0) return Time{0};
    refill(now);
    const double needed = 1.0 + static_cast<double>(ahead);
    if (tokens_ >= needed) return Time{0};
    // One more nanosecond: rounding down would find the token not quite there.
    return Time{static_cast<Time::rep>((needed - tokens_) / rate_ * 1e9) + 1};
  }

 private:
  void refill(Time now) {
    const auto passed = std::chrono::duration<double>(now - last_).count();
    tokens_ = std::min(burst_, tokens_ + std::max(0.0, passed) * rate_);
    last_ = now;
  }

  double rate_;
  double burst_;
  double tokens_;
  Time last_;
};

}  // namespace cambist::actors::account
