// The handle of a payment actor, and what it is made from. Only the directory spawns them.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <caf/actor_system.hpp>

#include "actors/gate.hpp"
#include "actors/messages.hpp"
#include "actors/payment/routes.hpp"
#include "actors/provider/providers_actor.hpp"
#include "actors/provider/vitals.hpp"

namespace cambist::actors::live {

/// A payment actor is idle and asks to go.
/// Shape: `received` counts the messages it has had from the directory. When the directory has sent
/// more, one
///        is on its way, and the actor stays.
struct Retire {
  PaymentId payment;
  caf::actor_id actor = 0;
  std::uint64_t received = 0;
};
/// A payment actor wants to look at its own deadlines at `due` (actor clock) or soon after. The
/// directory keeps these for all of them: each timer in the actor clock wakes its thread twice, and
/// would keep an actor alive that has left.
struct Nudge {
  PaymentId payment;
  caf::actor_id actor = 0;
  std::uint64_t serial = 0;
  std::chrono::nanoseconds due{};
};
/// The directory's own timer: some nudges are due.
struct LookAtNudges {
  std::chrono::nanoseconds at{};
};
/// The process ends: finish what runs, start nothing, and go.
struct Drain {};
/// The directory has forgotten the actor; nothing more will come.
struct Leave {};
/// The actor's own timer.
struct Tick {
  std::uint64_t serial = 0;
};

using payment_actor =
    caf::typed_actor<caf::replies_to<Perform>::with<Reply>,
                     caf::replies_to<Deliver>::with<Delivered>, caf::reacts_to<Wake>,
                     caf::reacts_to<Tick>, caf::reacts_to<Drain>, caf::reacts_to<Leave>>;
using directory_actor = payments_actor::extend<caf::reacts_to<Retire>, caf::reacts_to<Nudge>,
                                               caf::reacts_to<LookAtNudges>, caf::reacts_to<Drain>>;

/// Shared by all payment actors of a runtime.
struct PaymentParams {
  journal_actor journal;
  std::shared_ptr<Gate> journal_gate;
  reader_actor reader;
  account::router_actor providers;
  std::map<std::string, std::shared_ptr<const provider::Adapter>> adapters;
  std::map<std::string, std::shared_ptr<account::Vitals>> vitals;
  std::shared_ptr<const Routes> routes;
  std::shared_ptr<Telemetry> telemetry;
  Clock now;
  Random random;
  payment::Policy policy;
  Duration key_lifetime;
  std::chrono::milliseconds idle_max;
  std::chrono::milliseconds settled_idle_max;
  std::chrono::milliseconds journal_timeout;
  std::chrono::milliseconds reply_max;
  // A backstop above all deadlines of the provider actor: a call that got no answer at all is
  // unknown.
  std::chrono::milliseconds answer_max{120'000};
  std::size_t inbox_max =
      512;  // messages a payment lets wait while it reads or writes; then overloaded
};

/// `fresh`: the id is new, there is nothing to load.
[[nodiscard]] payment_actor spawn(caf::actor_system& system,
                                  std::shared_ptr<const PaymentParams> params, PaymentId payment,
                                  bool fresh, directory_actor directory);

}  // namespace cambist::actors::live

CAMBIST_LOCAL_MESSAGE_IN(live, Retire)
CAMBIST_LOCAL_MESSAGE_IN(live, Nudge)
CAMBIST_LOCAL_MESSAGE_IN(live, LookAtNudges)
CAMBIST_LOCAL_MESSAGE_IN(live, Drain)
CAMBIST_LOCAL_MESSAGE_IN(live, Leave)
CAMBIST_LOCAL_MESSAGE_IN(live, Tick)
