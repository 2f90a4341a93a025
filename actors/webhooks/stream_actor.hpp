// One provider account's webhooks: verified, stored, answered, and then applied in order. Only the
// supervisor spawns it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include <caf/actor_system.hpp>

#include "actors/messages.hpp"
#include "actors/webhooks/marks.hpp"

namespace cambist::actors::webhooks {

/// A webhook from the network, with its place among those that are not answered yet.
struct Intake {
  http::Request request;
  Ticket ticket{};
  bool vouched = false;
};
/// The store may hold webhooks that are due.
struct Look {};
/// Give up what is overdue.
struct Sweep {};

using stream_actor = caf::typed_actor<caf::replies_to<Intake>::with<WebhookTaken>,
                                      caf::reacts_to<Look>, caf::reacts_to<Sweep>>;

/// Every value is a setting.
struct Limits {
  std::size_t intake_max =
      1'024;                      // not answered yet; over it: overloaded, the provider sends again
  std::size_t queue_max = 1'024;  // in memory; what does not fit waits in the store
  std::size_t in_flight_max = 64;                 // payments that work on a webhook at once
  std::size_t proofs_max = 64;                    // webhooks whose evidence is being fetched
  std::chrono::milliseconds proof_max{10'000};    // and how long one may take
  std::size_t page = 256;                         // read from the store at once
  std::chrono::milliseconds deliver_max{30'000};  // a payment's time for one webhook
  std::chrono::milliseconds store_max{10'000};    // then a write or a read is given up
  RetryPolicy retry{};
};

struct StreamParams {
  std::string provider;
  std::shared_ptr<const provider::Adapter> adapter;
  journal_actor journal;
  std::shared_ptr<Gate> journal_gate;
  reader_actor reader;
  payments_actor payments;
  providers_actor providers;  // fetches what a webhook is verified with
  std::shared_ptr<Telemetry> telemetry;
  Clock now;
  Random random;
  Limits limits;
  std::shared_ptr<std::atomic<std::uint64_t>> held;  // webhooks in memory; read by the tree
};

[[nodiscard]] stream_actor spawn_stream(caf::actor_system& system, StreamParams params);

}  // namespace cambist::actors::webhooks

CAMBIST_LOCAL_MESSAGE_IN(webhooks, Intake)
CAMBIST_LOCAL_MESSAGE_IN(webhooks, Look)
CAMBIST_LOCAL_MESSAGE_IN(webhooks, Sweep)
