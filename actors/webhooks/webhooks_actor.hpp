// The address for everything about providers' webhooks, and the supervisor of the streams: it stays
// valid while a stream behind it is restarted.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <caf/actor_system.hpp>

#include "actors/supervision/keeper.hpp"
#include "actors/webhooks/stream_actor.hpp"

namespace cambist::actors::webhooks {

using supervisor_actor = webhooks_actor::extend<caf::reacts_to<supervision::RestartDue>>;

struct Params {
  std::map<std::string, std::shared_ptr<const provider::Adapter>> adapters;
  journal_actor journal;
  std::shared_ptr<Gate> journal_gate;
  reader_actor reader;
  payments_actor payments;
  providers_actor providers{};
  std::shared_ptr<Telemetry> telemetry;
  Clock now;
  Random random;
  supervision::RestartPolicy restart;
  std::shared_ptr<supervision::Post> post;
  Limits limits;
  std::size_t replays_max = 4;  // requests to replay under way; over it: overloaded
};

[[nodiscard]] supervisor_actor spawn(caf::actor_system& system, Params params);

}  // namespace cambist::actors::webhooks
