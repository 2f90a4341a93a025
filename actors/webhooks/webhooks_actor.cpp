#include "actors/webhooks/webhooks_actor.hpp"

#include <utility>

#include "actors/guarded.hpp"
#include "actors/webhooks/replay.hpp"

namespace cambist::actors::webhooks {
namespace {

WebhookTaken refused(ErrorCode code, const char* detail) {
  return WebhookTaken{false, Error{code, detail}};
}

/// Parent: the root. When a stream's restart budget is spent it fails itself.
class Supervisor final : public Guarded<supervisor_actor> {
 public:
  Supervisor(caf::actor_config& config, Params params)
      : Guarded(config, "webhooks", params.telemetry),
        params_(std::move(params)),
        keeper_(*this, {.policy = params_.restart,
                        .now = params_.now,
                        .random = params_.random,
                        .telemetry = params_.telemetry,
                        .post = params_.post}),
        replays_(*this, params_, [this] { look_everywhere(); }) {}

 protected:
  behavior_type make_behavior() override {
    set_down_handler([this](caf::down_msg& message) { keeper_.down(message); });
    for (const auto& [provider, adapter] : params_.adapters) start(provider, adapter);
    return {
        [this](WebhookIn& webhook) -> caf::result<WebhookTaken> { return pass_on(webhook); },
        [this](ReplayWebhooks& request) -> caf::result<WebhooksReplayed> {
          auto promise = make_response_promise<WebhooksReplayed>();
          replays_.start(std::move(request), promise);
          return promise;
        },
        [this](const WebhooksDue& due) {
          const auto found = streams_.find(due.provider);
          if (found != streams_.end()) look(found->second);
        },
        [this](const supervision::RestartDue& due) { keeper_.restart(due.child); },
    };
  }

  void stopped() override {
    replays_.stop();
    keeper_.stop_all();
  }

 private:
  struct Account {
    std::size_t child = 0;
    stream_actor actor{};
    std::shared_ptr<Gate> gate{};
    std::shared_ptr<std::atomic<std::uint64_t>> held =
        std::make_shared<std::atomic<std::uint64_t>>(0);
  };

  void start(const std::string& provider, std::shared_ptr<const provider::Adapter> adapter) {
    Account& account = streams_[provider];
    account.child = keeper_.size();
    account.gate = std::make_shared<Gate>(params_.limits.intake_max);
    const StreamParams stream{.provider = provider,
                              .adapter = std::move(adapter),
                              .journal = params_.journal,
                              .journal_gate = params_.journal_gate,
                              .reader = params_.reader,
                              .payments = params_.payments,
                              .providers = params_.providers,
                              .telemetry = params_.telemetry,
                              .now = params_.now,
                              .random = params_.random,
                              .limits = params_.limits,
                              .held = account.held};
    keeper_.start({.name = provider,
                   .kind = "webhook_stream",
                   .spawn =
                       [this, &account, stream] {
                         account.actor = spawn_stream(system(), stream);
                         return caf::actor_cast<caf::actor>(account.actor);
                       },
                   .mailbox_depth =
                       [gate = account.gate, held = account.held] {
                         return std::uint64_t{gate->depth()} +
                                held->load(std::memory_order_relaxed);
                       }});
  }

  caf::result<WebhookTaken> pass_on(WebhookIn& webhook) {
    const auto found = streams_.find(webhook.provider);
    if (found == streams_.end()) {
      return refused(ErrorCode::not_found, "There is no such provider.");
    }
    Account& account = found->second;
    if (!keeper_.handle(account.child)) {
      return refused(ErrorCode::unavailable, "The webhook stream is restarted.");
    }
    Ticket place = account.gate->try_enter();
    if (!place) {
      telemetry().webhook_received(webhook.provider, "refused");
      return refused(ErrorCode::overloaded, "Too many webhooks are being stored.");
    }
    return delegate(account.actor,
                    Intake{std::move(webhook.request), std::move(place), webhook.vouched});
  }

  void look(const Account& account) {
    if (keeper_.handle(account.child)) send(account.actor, Look{});
  }
  void look_everywhere() {
    for (const auto& [provider, account] : streams_) look(account);
  }

  const Params params_;
  supervision::Keeper keeper_;
  Replays replays_;
  std::map<std::string, Account> streams_{};  // stable addresses: `spawn` keeps a reference
};

}  // namespace

supervisor_actor spawn(caf::actor_system& system, Params params) {
  return system.spawn<Supervisor>(std::move(params));
}

}  // namespace cambist::actors::webhooks
