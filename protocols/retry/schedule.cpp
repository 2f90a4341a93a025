#include "protocols/retry/schedule.hpp"

#include <algorithm>

namespace cambist::retry {
namespace {

// What the first wait is when a policy lists none.
constexpr Duration delay_default = std::chrono::seconds{1};

/// `delay` doubled `times` times, never above `delay_max`; nothing overflows on the way.
Duration doubled(Duration delay, int times, Duration delay_max) {
  for (int i = 0; i < times && delay < delay_max; ++i) {
    delay = delay > delay_max / 2 ? delay_max : delay * 2;
  }
  return std::min(delay, delay_max);
}

Duration scaled(Duration delay, double factor) {
  return Duration{static_cast<Duration::rep>(static_cast<double>(delay.count()) * factor)};
}

}  // namespace

Duration backoff(int failures, Duration delay_min, Duration delay_max, double roll) {
  const Duration window = std::max(delay_min, doubled(delay_min, std::max(failures, 1), delay_max));
  return delay_min + scaled(window - delay_min, roll);
}

Duration inquiry_delay(int asked, std::span<const Duration> delays, Duration delay_max,
                       double roll) {
  const auto listed = static_cast<int>(delays.size());
  if (asked < listed) {
    const auto index = static_cast<std::size_t>(std::max(asked, 0));
    return jittered(std::min(delays[index], delay_max), roll);
  }
  const Duration last = delays.empty() ? delay_default : delays.back();
  return jittered(doubled(last, delays.empty() ? asked : asked - listed + 1, delay_max), roll);
}

Duration jittered(Duration delay, double roll) {
  return scaled(delay, 0.9 + 0.2 * roll);
}

}  // namespace cambist::retry
