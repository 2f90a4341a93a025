// The one writer of the event store. What arrives while a commit is under way forms the next batch.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include <caf/actor_system.hpp>

#include "actors/journal/store_health.hpp"
#include "actors/messages.hpp"

namespace cambist::actors::journal {

/// Behind everything that already waits: commit it.
struct Flush {};
/// Drop a slice of what has served: expired idempotency keys, old webhooks and events.
struct Forget {};
/// Ask the store whether it can be written, if nothing else has just told.
struct Examine {};
/// Commit what was given, then end.
struct Finish {};

using writer_actor = journal_actor::extend<caf::reacts_to<Flush>, caf::reacts_to<Forget>,
                                           caf::reacts_to<Examine>, caf::reacts_to<Finish>>;

struct Params {
  std::shared_ptr<storage::Store> store;
  std::shared_ptr<Telemetry> telemetry;
  Clock now;
  std::size_t batch_max = 256;
  std::size_t queue_max = 20'000;
  std::chrono::milliseconds forget_every{60'000};
  std::size_t forget_slice = 500;
  Duration kept_for = std::chrono::hours{24 * 30};  // settled webhooks, delivered events
  std::chrono::milliseconds examine_every{500};
  // Whoever has waited so long has given up: what it sent is not written any more.
  std::chrono::milliseconds wait_max{10'000};
  std::shared_ptr<StoreHealth> health = std::make_shared<StoreHealth>();
  // How long the oldest write of the latest batch had been on its way when the batch was taken:
  // what admission goes by.
  std::shared_ptr<std::atomic<std::int64_t>> queue_us =
      std::make_shared<std::atomic<std::int64_t>>(0);
};

/// `detached` gives it a thread of its own, since a commit blocks.
[[nodiscard]] writer_actor spawn(caf::actor_system& system, Params params, bool detached);

}  // namespace cambist::actors::journal

CAMBIST_LOCAL_MESSAGE_IN(journal, Flush)
CAMBIST_LOCAL_MESSAGE_IN(journal, Forget)
CAMBIST_LOCAL_MESSAGE_IN(journal, Examine)
CAMBIST_LOCAL_MESSAGE_IN(journal, Finish)
