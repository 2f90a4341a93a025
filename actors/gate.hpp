// A bound with a count. CAF's mailboxes know neither, so whoever sends takes a ticket first; the
// ticket travels with the message, and when it goes, however it goes, its place is free again.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace cambist::actors {

/// Held by what waits or is at work. Empty: there was no place.
using Ticket = std::shared_ptr<void>;

class Gate : public std::enable_shared_from_this<Gate> {
 public:
  explicit Gate(std::size_t max) : max_(max) {}

  /// Any thread. Empty when `max` tickets are out.
  [[nodiscard]] Ticket try_enter() {
    std::size_t seen = depth_.load(std::memory_order_relaxed);
    do {
      if (seen >= max_) return {};
    } while (!depth_.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed));
    return Ticket{this, [self = shared_from_this()](Gate* gate) {
                    gate->depth_.fetch_sub(1, std::memory_order_relaxed);
                  }};
  }
  [[nodiscard]] std::size_t depth() const noexcept {
    return depth_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::size_t max() const noexcept { return max_; }

 private:
  const std::size_t max_;
  std::atomic<std::size_t> depth_{0};
};

}  // namespace cambist::actors
