// Deadlines as a port: tests fire them by hand, the program has one thread for all of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace cambist::gateway {

class Timers {
 public:
  Timers() = default;
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;
  virtual ~Timers() = default;
  /// Names a timer that waits; 0 is none.
  using Token = std::uint64_t;
  /// Runs `action` once after `delay`, on any thread; it must not block. What is still waiting when
  /// the timers go is dropped. Hold what may end earlier by a weak pointer: `action` may be running
  /// while it is taken back.
  virtual Token after(std::chrono::milliseconds delay, std::function<void()> action) = 0;
  /// Forgets a timer that has not run yet; one that has, or none, is fine too.
  virtual void cancel(Token token) = 0;
};

[[nodiscard]] std::shared_ptr<Timers> make_timers();

}  // namespace cambist::gateway
