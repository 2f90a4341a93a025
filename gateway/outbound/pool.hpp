// The connections to one origin: idle ones are taken newest first, and what is over the cap waits
// in line.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "gateway/outbound/link.hpp"

namespace cambist::gateway::outbound {

class Exchange;

/// Bookkeeping only; it starts nothing. `open()` counts idle connections and those in use or being
/// made.
class Pool {
 public:
  using Clock = std::chrono::steady_clock;

  Pool(std::size_t connections_max, std::size_t waiting_max,
       std::chrono::milliseconds idle_max) noexcept
      : connections_max_(connections_max), waiting_max_(waiting_max), idle_max_(idle_max) {}

  /// An idle connection that is still good, or nullptr.
  [[nodiscard]] std::shared_ptr<Link> take_idle(Clock::time_point now);
  void put_idle(std::shared_ptr<Link> link, Clock::time_point now);
  /// Closes what has been idle for too long or was closed by the other side.
  void prune(Clock::time_point now);

  /// Takes the right to open one more connection.
  [[nodiscard]] bool may_open() noexcept;
  void closed() noexcept { --open_; }

  [[nodiscard]] bool enqueue(std::shared_ptr<Exchange> exchange);
  [[nodiscard]] std::shared_ptr<Exchange> next_waiting();
  void stop_waiting(const Exchange& exchange);

  [[nodiscard]] bool is_unused() const noexcept { return open_ == 0 && waiting_.empty(); }

 private:
  struct Idle {
    std::shared_ptr<Link> link;
    Clock::time_point since;
  };

  std::size_t connections_max_;
  std::size_t waiting_max_;
  std::chrono::milliseconds idle_max_;
  std::size_t open_ = 0;
  std::vector<Idle> idle_;
  std::deque<std::shared_ptr<Exchange>> waiting_;
};

}  // namespace cambist::gateway::outbound
