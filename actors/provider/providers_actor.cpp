#include "actors/provider/providers_actor.hpp"

#include <utility>
#include <vector>

#include "actors/guarded.hpp"
#include "actors/provider/answers.hpp"
#include "actors/provider/provider_actor.hpp"

namespace cambist::actors::account {
namespace {

constexpr auto operate_max = std::chrono::seconds{5};

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
        [this](OperateBreaker& operation) -> caf::result<BreakerOperated> {
          return operate(operation);
        },
        [this](Dispatch& dispatch) -> caf::result<CallAnswer> { return pass_on(dispatch); },
        [this](Fetch& request) -> caf::result<Fetched> { return pass_on(request); },
        [this](const supervision::RestartDue& due) { keeper_.restart(due.child); },
    };
  }
  void stopped() override { keeper_.stop_all(); }

 private:
  struct Account {
    std::size_t child = 0;
    call_actor actor{};
    std::shared_ptr<Vitals> vitals{};
    bool held = false;  // by an operator: a new actor starts so too
  };

  void start(const std::string& name, const ProviderParams& limits) {
    Account& entry = accounts_[name];
    entry.vitals = params_.vitals.at(name);
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
                                                                .vitals = entry.vitals,
                                                                .breaker = initial(entry)});
                                           return caf::actor_cast<caf::actor>(entry.actor);
                                         },
                                     .mailbox_depth =
                                         [vitals = entry.vitals] {
                                           ProviderHealth health;
                                           vitals->read(health);
                                           return std::uint64_t{health.in_flight} + health.queued;
                                         }});
  }

  [[nodiscard]] static breaker::Breaker initial(const Account& entry) {
    return entry.held ? breaker::hold({}) : breaker::Breaker{};
  }

  /// First it is written who wants it, then it is done.
  caf::result<BreakerOperated> operate(OperateBreaker& operation) {
    if (!accounts_.contains(operation.provider)) return BreakerOperated{};
    Ticket ticket = params_.journal_gate->try_enter();
    if (!ticket) {
      return BreakerOperated{{}, Error{ErrorCode::overloaded, "too many writes are waiting"}};
    }
    auto promise = make_response_promise<BreakerOperated>();
    storage::Records records{{audit_of(operation)}};
    request(params_.journal, params_.journal_timeout, Write{std::move(records), std::move(ticket)})
        .then(
            [this, promise, operation](const Written& written) mutable {
              if (!std::holds_alternative<storage::Appended>(written.result)) {
                return unavailable(promise);
              }
              carry_out(operation, promise);
            },
            [this, promise](const caf::error&) mutable { unavailable(promise); });
    return promise;
  }

  using Promise = caf::typed_response_promise<BreakerOperated>;

  void unavailable(Promise& promise) {
    promise.deliver(
        BreakerOperated{{}, Error{ErrorCode::unavailable, "the breaker cannot be operated now"}});
  }

  [[nodiscard]] storage::AuditRow audit_of(const OperateBreaker& operation) const {
    using Action = OperateBreaker::Action;
    storage::AuditRow row = operation.audit;
    const TimePoint now = params_.now();
    if (row.id.empty()) row.id = AuditId::make(now, params_.random);
    if (row.tenant.value.empty()) row.tenant = default_tenant();
    if (row.at == TimePoint{}) row.at = now;
    if (row.object.empty()) row.object = operation.provider;
    if (row.action.empty()) {
      row.action = operation.action == Action::trip   ? "breaker.trip"
                   : operation.action == Action::hold ? "breaker.hold"
                                                      : "breaker.reset";
    }
    return row;
  }

  void carry_out(const OperateBreaker& operation, Promise& promise) {
    using Action = OperateBreaker::Action;
    Account& entry = accounts_.at(operation.provider);
    if (operation.action != Action::trip) entry.held = operation.action == Action::hold;
    auto answer = [this, promise, name = operation.provider]() mutable {
      promise.deliver(BreakerOperated{health_of(name), {}});
    };
    if (!keeper_.handle(entry.child)) {
      // The next actor starts as it is wanted; but what is tripped now is forgotten by then.
      if (operation.action == Action::trip) return unavailable(promise);
      return answer_of_none(operation, promise);
    }
    request(entry.actor, operate_max, Operate{operation.action})
        .then([answer](Operated) mutable { answer(); },
              [this, operation, promise](const caf::error&) mutable {
                if (operation.action == Action::trip) return unavailable(promise);
                answer_of_none(operation, promise);
              });
  }

  /// While there is no actor, what its vitals say is of before.
  void answer_of_none(const OperateBreaker& operation, Promise& promise) {
    accounts_.at(operation.provider)
        .vitals->set(initial(accounts_.at(operation.provider)), Vitals::Load{});
    promise.deliver(BreakerOperated{health_of(operation.provider), {}});
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

  caf::result<Fetched> pass_on(Fetch& request) {
    const auto found = accounts_.find(request.provider);
    if (found == accounts_.end() || !keeper_.handle(found->second.child))
      return Fetched{http::TransportFailure{http::FailurePhase::not_sent, "cancelled"}};
    return delegate(found->second.actor, std::move(request));
  }

  [[nodiscard]] ProvidersHealth health() const {
    ProvidersHealth all;
    for (const auto& [name, entry] : accounts_) all.providers.push_back(health_of(name));
    return all;
  }

  [[nodiscard]] ProviderHealth health_of(const std::string& name) const {
    const ProviderParams& limits = params_.providers.at(name);
    ProviderHealth health;
    health.name = name;
    health.in_flight_max = limits.in_flight_max;
    health.queued_max = limits.queued_max;
    health.rate_limit_per_s = limits.rate_limit_per_s;
    health.capabilities = limits.adapter->capabilities();
    accounts_.at(name).vitals->read(health);
    return health;
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
