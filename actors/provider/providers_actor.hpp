// The supervisor of the provider actors, and the address payments send their calls to: it stays
// valid while a provider actor behind it is restarted.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <caf/actor_system.hpp>

#include "actors/messages.hpp"
#include "actors/provider/vitals.hpp"
#include "actors/runtime.hpp"
#include "actors/supervision/keeper.hpp"

namespace cambist::actors::account {

/// A call for the provider account `provider`.
struct Dispatch {
  std::string provider;
  provider::Call call;
};

using router_actor = providers_actor::extend<caf::replies_to<Dispatch>::with<CallAnswer>,
                                             caf::reacts_to<supervision::RestartDue>>;

struct RouterParams {
  std::map<std::string, ProviderParams> providers;
  std::map<std::string, std::shared_ptr<Vitals>> vitals;  // one for each of them
  journal_actor journal;
  std::shared_ptr<Gate> journal_gate;
  std::chrono::milliseconds journal_timeout{10'000};
  std::shared_ptr<HttpClient> http;
  std::shared_ptr<Telemetry> telemetry;
  Clock now;
  Random random;
  supervision::RestartPolicy restart;
  std::shared_ptr<supervision::Post> post;
};

[[nodiscard]] router_actor spawn_router(caf::actor_system& system, RouterParams params);

}  // namespace cambist::actors::account

CAMBIST_LOCAL_MESSAGE_IN(account, Dispatch)
