// Wakes payments: at start those that were not settled, then those whose durable timer is due. In
// bounded portions, so that ten thousand due timers do not become ten thousand calls at once.
#pragma once

#include <memory>

#include <caf/actor_system.hpp>

#include "actors/messages.hpp"

namespace cambist::actors::scheduler {

/// Time to look for due timers.
struct Poll {};
/// Time for the next portion of the payments that were open at start.
struct NextPage {};

using scheduler_actor = caf::typed_actor<caf::reacts_to<Poll>, caf::reacts_to<NextPage>>;

struct Params {
  reader_actor reader;
  payments_actor payments;
  std::shared_ptr<Telemetry> telemetry;
  Clock now;
  std::chrono::milliseconds poll{500};
  std::chrono::milliseconds page_pause{100};
  std::size_t page = 256;                                       // payments in one portion
  std::shared_ptr<Gate> wakes = std::make_shared<Gate>(1'024);  // woken, and not yet seen to
  // A timer that is still due so long after its wake-up is tried again.
  std::chrono::milliseconds rewake{2'000};
  std::chrono::milliseconds read_max{10'000};  // then a read is given up, and its answer ignored
};

[[nodiscard]] scheduler_actor spawn(caf::actor_system& system, Params params);

}  // namespace cambist::actors::scheduler

CAMBIST_LOCAL_MESSAGE_IN(scheduler, Poll)
CAMBIST_LOCAL_MESSAGE_IN(scheduler, NextPage)
