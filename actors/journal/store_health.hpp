// Whether the store can be written, as the journal sees it and everybody may ask.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "protocols/core/time.hpp"

namespace cambist::actors::journal {

/// Written by the journal alone, read by any thread.
class StoreHealth {
 public:
  /// What has been under way longer than `stuck_after` speaks against the store before it has
  /// failed: who waits for a silent network learns of it late.
  explicit StoreHealth(Duration stuck_after = std::chrono::seconds{1})
      : stuck_after_(stuck_after) {}

  void begins(TimePoint now) noexcept { since_ = now.time_since_epoch().count(); }
  void ended() noexcept { since_ = idle; }
  void is_up(bool up) noexcept { up_ = up; }

  [[nodiscard]] bool up() const noexcept { return up_; }
  [[nodiscard]] bool good(TimePoint now) const noexcept {
    const auto since = since_.load();
    return up_ && (since == idle || now.time_since_epoch().count() - since < stuck_after_.count());
  }

 private:
  static constexpr Duration::rep idle = -1;
  const Duration stuck_after_;
  std::atomic<bool> up_{true};
  std::atomic<Duration::rep> since_{idle};
};

}  // namespace cambist::actors::journal
