// Deadlines as a port: tests fire them by hand, the program has one thread for all of them.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace cambist::gateway {

class Timers {
 public:
  Timers() = default;
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;
  virtual ~Timers() = default;
  /// Runs `action` once after `delay`, on any thread; it must not block. What is still waiting when
  /// the timers go is dropped. Hold what may end earlier by a weak pointer: nothing is ever taken
  /// back.
  virtual void after(std::chrono::milliseconds delay, std::function<void()> action) = 0;
};

[[nodiscard]] std::shared_ptr<Timers> make_timers();

}  // namespace cambist::gateway
