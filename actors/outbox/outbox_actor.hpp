// The supervisor of the delivery actors, and the only writer of merchants' endpoints: a change is
// durable, with its line in the audit log, before anybody acts on it.
#pragma once

#include <memory>

#include <caf/actor_system.hpp>

#include "actors/messages.hpp"
#include "actors/outbox/delivery_actor.hpp"
#include "actors/supervision/keeper.hpp"

namespace cambist::actors::outbound {

/// Look whether something came for those who have read all there was.
struct Poll {};

using supervisor_actor =
    outbox_actor::extend<caf::reacts_to<GaveUp>, caf::reacts_to<Poll>, caf::reacts_to<Drain>,
                         caf::reacts_to<supervision::RestartDue>>;

struct Params {
  Shared shared;
  supervision::RestartPolicy restart;
  std::shared_ptr<supervision::Post> post;
};

[[nodiscard]] supervisor_actor spawn(caf::actor_system& system, Params params);

}  // namespace cambist::actors::outbound

CAMBIST_LOCAL_MESSAGE_IN(outbound, Poll)
