// The one queue limit of the process, shared by whoever lets commands in and whoever hears that
// their intents are durable.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>

#include "gateway/api/queue_limit.hpp"

namespace cambist::gateway {

/// Thread safe.
class QueueGate {
 public:
  using Ticks = std::function<std::chrono::nanoseconds()>;  // monotonic

  QueueGate(QueuePolicy policy, Ticks ticks) : limit_(policy), ticks_(std::move(ticks)) {}

  [[nodiscard]] bool admit_command(bool begun) {
    const std::lock_guard lock{mutex_};
    return begun ? limit_.admit_next_command(ticks_()) : limit_.admit_command(ticks_());
  }
  [[nodiscard]] bool admit_webhook() {
    const std::lock_guard lock{mutex_};
    return limit_.admit_webhook(ticks_());
  }
  void durable(std::chrono::nanoseconds queued) {
    const std::lock_guard lock{mutex_};
    limit_.durable(queued, ticks_());
  }
  void command_left(bool wrote) {
    const std::lock_guard lock{mutex_};
    limit_.command_left(wrote, ticks_());
  }
  void webhook_left(bool wrote, std::chrono::nanoseconds queued) {
    const std::lock_guard lock{mutex_};
    limit_.webhook_left(wrote, queued, ticks_());
  }
  [[nodiscard]] std::uint32_t limit() const {
    const std::lock_guard lock{mutex_};
    return limit_.limit();
  }
  [[nodiscard]] std::uint32_t waiting() const {
    const std::lock_guard lock{mutex_};
    return limit_.waiting();
  }

 private:
  mutable std::mutex mutex_;
  QueueLimit limit_;
  Ticks ticks_;
};

}  // namespace cambist::gateway
