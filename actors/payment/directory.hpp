// Which payments are live: the one address for all commands, and the supervisor of the payment
// actors.
#pragma once

#include <memory>

#include <caf/actor_system.hpp>

#include "actors/payment/payment_actor.hpp"
#include "actors/supervision/board.hpp"

namespace cambist::actors::live {

struct DirectoryParams {
  PaymentParams payment;
  std::uint32_t live_max = 100'000;
  // A payment whose actor fails so often within the window is parked for a time; then it gets one
  // more chance, so that nothing stays without a deadline.
  std::uint32_t failures_max = 5;
  Duration failures_window = std::chrono::minutes{10};
  Duration parked_for = std::chrono::hours{1};
  std::size_t parked_shown = 100;  // in the supervision tree, the newest
  std::shared_ptr<supervision::Post> post;
  // Commands on their way or being served, and live payment actors; read by the supervision tree.
  std::shared_ptr<std::atomic<std::uint64_t>> live =
      std::make_shared<std::atomic<std::uint64_t>>(0);
};

[[nodiscard]] directory_actor spawn_directory(caf::actor_system& system, DirectoryParams params);

}  // namespace cambist::actors::live
