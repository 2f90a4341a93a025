// Wakes payments: at start those that were not settled, then each when its durable timer is due. In
// bounded portions, so that ten thousand due timers do not become ten thousand calls at once, and
// with nothing in memory but what is due soon. It also reminds the webhook streams of what is due:
// one look at the store for all of them, since most have nothing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>

#include "actors/messages.hpp"

namespace cambist::actors::scheduler {

/// Time to load what is due until the next poll.
struct Poll {};
/// The next of what was loaded is due. Shape: `load` says which load; of an older one it is
/// ignored.
struct Fire {
  std::uint64_t load = 0;
};
/// Time for the next portion of the payments that were open at start.
struct NextPage {};

using scheduler_actor =
    caf::typed_actor<caf::reacts_to<Poll>, caf::reacts_to<Fire>, caf::reacts_to<NextPage>>;

struct Params {
  reader_actor reader;
  payments_actor payments;
  webhooks_actor webhooks;
  std::vector<std::string> streams{};  // providers whose webhooks may be due
  std::shared_ptr<Telemetry> telemetry;
  Clock now;
  std::chrono::milliseconds poll{500};  // and how far ahead it loads
  std::chrono::milliseconds page_pause{100};
  std::size_t page = 256;                                       // payments in one portion
  std::shared_ptr<Gate> wakes = std::make_shared<Gate>(1'024);  // woken, and not yet seen to
  // A timer that is still due so long after its wake-up is tried again, then after twice as long …
  std::chrono::milliseconds rewake{2'000};
  std::chrono::milliseconds rewake_max{300'000};  // … up to this: it may be a parked payment's
  std::chrono::milliseconds read_max{10'000};     // then a read is given up, its answer ignored
};

[[nodiscard]] scheduler_actor spawn(caf::actor_system& system, Params params);

}  // namespace cambist::actors::scheduler

CAMBIST_LOCAL_MESSAGE_IN(scheduler, Poll)
CAMBIST_LOCAL_MESSAGE_IN(scheduler, Fire)
CAMBIST_LOCAL_MESSAGE_IN(scheduler, NextPage)
