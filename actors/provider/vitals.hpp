// How a provider is doing, written by its actor and read by whoever asks, even while the actor is
// restarted.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

#include "actors/messages.hpp"
#include "protocols/breaker/breaker.hpp"

namespace cambist::actors::account {

class Vitals {
 public:
  /// Shape: `busy` says that a call that comes now would be refused, and for about how long.
  struct Load {
    std::uint32_t in_flight = 0;
    std::uint32_t queued = 0;
    std::chrono::milliseconds wait{0};
    std::optional<std::chrono::seconds> busy{};
    bool credentials_refused = false;
  };
  void set(const breaker::Breaker& breaker, const Load& load);
  /// Fills the moving parts of `health`.
  void read(ProviderHealth& health) const;
  [[nodiscard]] std::optional<std::chrono::seconds> busy() const;

 private:
  mutable std::mutex mutex_;
  ProviderHealth moving_{};
  std::optional<std::chrono::seconds> busy_{};
};

}  // namespace cambist::actors::account
