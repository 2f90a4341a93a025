// One merchant's endpoint: reads the tenant's outbox behind its cursor and delivers it, in order
// per payment, at least once. However slow or broken the endpoint is, only its own events wait.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <caf/actor_system.hpp>

#include "actors/messages.hpp"
#include "actors/runtime.hpp"

namespace cambist::actors::outbound {

/// Something may be there to read.
struct Nudge {};
/// The endpoint as it is now. What has failed so far is tried again from the start of the schedule.
struct Renewed {
  storage::EndpointRow row;
};
/// Drop everything, whatever is under way; the cursor is about to be set. The answer comes when no
/// more writes of the old cursor follow.
struct LetGo {};
struct LetGone {};
/// Begin again at the cursor that is stored.
struct Load {};
/// Send one event out of order; without one, a made-up event as a test.
struct SendOne {
  std::optional<EventId> event{};
};
/// The HTTP client is done with the attempt it was given under `serial`.
struct Answered {
  std::uint64_t serial = 0;
  HttpOutcome outcome;
};
/// Something is due: an attempt, a deadline, a write that is tried again.
struct Due {
  std::uint64_t serial = 0;
};
/// Begin nothing more; end when nothing is under way.
struct Drain {};
/// To the supervisor: no further attempt is made for this endpoint until it is enabled again.
/// Shape: `known_at` is the `updated_at` of the endpoint that was given up.
struct GaveUp {
  EndpointId id;
  std::string reason;
  storage::DeliveryRow delivery;
  TimePoint known_at{};
};

using delivery_actor =
    caf::typed_actor<caf::reacts_to<Nudge>, caf::reacts_to<Renewed>,
                     caf::replies_to<LetGo>::with<LetGone>, caf::reacts_to<Load>,
                     caf::replies_to<SendOne>::with<EndpointChanged>, caf::reacts_to<Answered>,
                     caf::reacts_to<Due>, caf::reacts_to<Drain>>;

/// What the supervisor sees of a delivery actor without asking it.
struct Progress {
  std::atomic<bool> idle{false};  // it has read all there was
  std::atomic<std::uint64_t> read_to{0};
  std::atomic<std::uint64_t> cursor{0};
  std::atomic<std::uint64_t> depth{0};  // events it holds
};

/// What all delivery actors share.
struct Shared {
  journal_actor journal;
  std::shared_ptr<Gate> journal_gate;
  reader_actor reader;
  std::shared_ptr<HttpClient> http;
  std::shared_ptr<Telemetry> telemetry;
  Clock now;
  Random random;
  OutboxParams limits;
};

struct DeliveryParams {
  std::shared_ptr<const Shared> shared;
  storage::EndpointRow row;
  bool held = false;  // wait for Load
  std::shared_ptr<Progress> progress;
  std::function<void(GaveUp)> gave_up;  // does not keep the supervisor alive
};

[[nodiscard]] delivery_actor spawn_delivery(caf::actor_system& system, DeliveryParams params);

}  // namespace cambist::actors::outbound

CAMBIST_LOCAL_MESSAGE_IN(outbound, Nudge)
CAMBIST_LOCAL_MESSAGE_IN(outbound, Renewed)
CAMBIST_LOCAL_MESSAGE_IN(outbound, LetGo)
CAMBIST_LOCAL_MESSAGE_IN(outbound, LetGone)
CAMBIST_LOCAL_MESSAGE_IN(outbound, Load)
CAMBIST_LOCAL_MESSAGE_IN(outbound, SendOne)
CAMBIST_LOCAL_MESSAGE_IN(outbound, Answered)
CAMBIST_LOCAL_MESSAGE_IN(outbound, Due)
CAMBIST_LOCAL_MESSAGE_IN(outbound, Drain)
CAMBIST_LOCAL_MESSAGE_IN(outbound, GaveUp)
