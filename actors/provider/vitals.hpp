// How a provider is doing, written by its actor and read by whoever asks, even while the actor is
// restarted.
#pragma once

#include <mutex>

#include "actors/messages.hpp"
#include "protocols/breaker/breaker.hpp"

namespace cambist::actors::account {

class Vitals {
 public:
  void set(const breaker::Breaker& breaker, std::uint32_t in_flight, std::uint32_t queued);
  /// Fills the moving parts of `health`.
  void read(ProviderHealth& health) const;

 private:
  mutable std::mutex mutex_;
  ProviderHealth moving_{};
};

}  // namespace cambist::actors::account
