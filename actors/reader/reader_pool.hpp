// Reads, spread over a few readers that each own a connection. The pool is the handle everybody
// keeps; the readers behind it may fail and come back.
#pragma once

#include <cstddef>
#include <memory>

#include <caf/actor_system.hpp>

#include "actors/messages.hpp"
#include "actors/supervision/keeper.hpp"

namespace cambist::actors::reader {

using pool_actor = reader_actor::extend<caf::reacts_to<supervision::RestartDue>>;

struct Params {
  std::shared_ptr<storage::Store> store;
  std::shared_ptr<Telemetry> telemetry;
  Clock now;
  Random random;
  supervision::RestartPolicy restart;
  std::shared_ptr<supervision::Post> post;
  int readers = 2;
  std::size_t waiting_max = 4'096;  // per reader; over it a read is refused
  bool detached = true;             // each reader on a thread of its own
};

[[nodiscard]] pool_actor spawn(caf::actor_system& system, Params params);

}  // namespace cambist::actors::reader
