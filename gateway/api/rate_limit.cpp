#include "gateway/api/rate_limit.hpp"

#include <algorithm>
#include <functional>

namespace cambist::gateway {

RateLimiter::RateLimiter(Rate rate, std::size_t keys_max)
    : shard_keys_max_(std::max<std::size_t>(keys_max / shards, 1)) {
  if (rate.per_s <= 0) return;
  interval_ns_ = std::max<std::int64_t>(static_cast<std::int64_t>(1e9 / rate.per_s), 1);
  tolerance_ns_ =
      static_cast<std::int64_t>(static_cast<double>(interval_ns_) * std::max(rate.burst - 1, 0.0));
}

std::chrono::nanoseconds RateLimiter::admit(std::string_view key, std::chrono::nanoseconds now) {
  if (interval_ns_ == 0) return std::chrono::nanoseconds{0};
  Shard& shard = shards_[std::hash<std::string_view>{}(key) % shards];
  const std::lock_guard lock{shard.mutex};
  std::string name{key};
  if (!shard.arrivals.contains(name) && shard.arrivals.size() >= shard_keys_max_) {
    std::erase_if(shard.arrivals, [&](const auto& entry) { return entry.second < now.count(); });
    if (shard.arrivals.size() >= shard_keys_max_) name = "*";
  }
  std::int64_t& arrival = shard.arrivals.try_emplace(std::move(name), now.count()).first->second;
  const std::int64_t earliest = arrival - tolerance_ns_;
  if (now.count() < earliest) return std::chrono::nanoseconds{earliest - now.count()};
  arrival = std::max(arrival, now.count()) + interval_ns_;
  return std::chrono::nanoseconds{0};
}

std::size_t RateLimiter::size() const {
  std::size_t size = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock{shard.mutex};
    size += shard.arrivals.size();
  }
  return size;
}

}  // namespace cambist::gateway
