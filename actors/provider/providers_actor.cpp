#include "actors/provider/providers_actor.hpp"

#include <utility>
#include <vector>

#include "actors/guarded.hpp"
#include "actors/provider/answers.hpp"
#include "actors/provider/provider_actor.hpp"

namespace cambist::actors::account {
namespace {

/// Parent: the root. When a provider's restart budget is spent it fails itself.
class ProvidersActor final : public Guarded<router_actor> {
 public:
  ProvidersActor(caf::actor_config& config, RouterParams params)
      : Guarded(config, "providers", params.telemetry),
        params_(std::move(params)),
        keeper_(*this, {.policy = params_.restart,
                        .now = params_.now,
                        .random = params_.random,
                        .telemetry = params_.telemetry,
                        .post = params_.post}) {}

 protected:
  behavior_type make_behavior() override {
    set_down_handler([this](caf::down_msg& message) { keeper_.down(message); });
    for (const auto& [name, limits] : params_.providers) start(name, limits);
    return {
        [this](ProviderQuery) -> caf::result<ProvidersHealth> { return health(); },
        [](OperateBreaker&) -> caf::result<BreakerOperated> { return BreakerOperated{}; },
        [this](Dispatch& dispatch) -> caf::result<CallAnswer> { return pass_on(dispatch); },
        [this](const supervision::RestartDue& due) { keeper_.restart(due.child); },
    };
  }
  void stopped() override { keeper_.stop_all(); }

 private:
  struct Account {
    std::size_t child = 0;
    call_actor actor{};
    std::shared_ptr<Vitals> vitals = std::make_shared<Vitals>();
  };

  void start(const std::string& name, const ProviderParams& limits) {
    Account& entry = accounts_[name];
    entry.child = keeper_.size();
    keeper_.start(supervision::Child{.name = name,
                                     .kind = "provider",
                                     .spawn =
                                         [this, &entry, name, limits] {
                                           entry.actor = account::spawn(
                                               system(), Params{.name = name,
                                                                .limits = limits,
                                                                .http = params_.http,
                                                                .telemetry = params_.telemetry,
                                                                .now = params_.now,
                                                                .random = params_.random,
                                                                .vitals = entry.vitals});
                                           return caf::actor_cast<caf::actor>(entry.actor);
                                         },
                                     .mailbox_depth =
                                         [vitals = entry.vitals] {
                                           ProviderHealth health;
                                           vitals->read(health);
                                           return std::uint64_t{health.in_flight} + health.queued;
                                         }});
  }

  caf::result<CallAnswer> pass_on(Dispatch& dispatch) {
    const auto found = accounts_.find(dispatch.provider);
    if (found == accounts_.end()) {
      return not_sent(dispatch.call,
                      {.code = provider::FailureCode::configuration_error,
                       .message = "The provider is not configured.",
                       .reason = "not_configured",
                       .repeatable = false},
                      params_.now());
    }
    if (!keeper_.handle(found->second.child)) {
      return not_sent(dispatch.call,
                      {.message = "The connection to the provider is restarted.",
                       .reason = "restarting",
                       .retry_after = std::chrono::seconds{1}},
                      params_.now());
    }
    return delegate(found->second.actor, CallRequest{std::move(dispatch.call)});
  }

  [[nodiscard]] ProvidersHealth health() const {
    ProvidersHealth all;
    for (const auto& [name, entry] : accounts_) {
      const ProviderParams& limits = params_.providers.at(name);
      ProviderHealth health;
      health.name = name;
      health.in_flight_max = limits.in_flight_max;
      health.queued_max = limits.queued_max;
      health.rate_limit_per_s = limits.rate_limit_per_s;
      health.capabilities = limits.adapter->capabilities();
      entry.vitals->read(health);
      all.providers.push_back(std::move(health));
    }
    return all;
  }

  RouterParams params_;
  supervision::Keeper keeper_;
  std::map<std::string, Account> accounts_{};  // stable addresses: `spawn` keeps a reference
};

}  // namespace

router_actor spawn_router(caf::actor_system& system, RouterParams params) {
  return system.spawn<ProvidersActor>(std::move(params));
}

}  // namespace cambist::actors::account
