#include "actors/supervision/root.hpp"

#include <utility>

#include <spdlog/spdlog.h>

#include "actors/guarded.hpp"

namespace cambist::actors::supervision {
namespace {

/// Has no parent. A child that may not be restarted, or has spent its budget, stops the whole tree:
/// the process ends and is started anew, which is the recovery that is exercised most.
class Root final : public Guarded<root_actor> {
 public:
  Root(caf::actor_config& config, RootParams params)
      : Guarded(config, "root", params.telemetry),
        params_(std::move(params)),
        keeper_(*this,
                KeeperParams{.policy = params_.restart,
                             .now = params_.now,
                             .random = params_.random,
                             .telemetry = params_.telemetry,
                             .post = params_.post,
                             .restart_later =
                                 [this](Duration wait, std::size_t child) {
                                   delayed_send(self(), wait, RestartDue{child});
                                 },
                             .escalate = [this](const std::string& why) { escalate(why); }}) {}

 protected:
  behavior_type make_behavior() override {
    set_down_handler([this](caf::down_msg& message) {
      keeper_.down(message);
      if (stopping_) go_on();
    });
    for (Part& part : params_.parts) keeper_.start(part.child);
    return {
        [this](SupervisionQuery) -> caf::result<SupervisionNode> {
          return params_.post->snapshot();
        },
        [this](Shutdown) { shut_down(); },
        [this](const StepOverdue& overdue) {
          if (stopping_ && overdue.step == step_) keeper_.stop(overdue.step - 1);
        },
        [this](const RestartDue& due) {
          if (!stopping_) keeper_.restart(due.child);
        },
    };
  }

  void stopped() override {
    keeper_.stop_all();
    params_.post->state("stopped", params_.now());
    params_.stopped->set();
  }

 private:
  void escalate(const std::string& why) {
    if (stopping_) return;
    spdlog::critical("runtime_escalated error=\"{}\"", why);
    if (params_.on_escalation) params_.on_escalation(why);
    shut_down();
  }

  void shut_down() {
    if (stopping_) return;
    stopping_ = true;
    step_ = params_.parts.size();
    begin_step();
  }

  /// Children end one after the other, the last one started first.
  void begin_step() {
    while (step_ > 0 && !keeper_.handle(step_ - 1)) {
      keeper_.stop(step_ - 1);
      --step_;
    }
    if (step_ == 0) return quit();
    const Part& part = params_.parts[step_ - 1];
    const caf::actor handle = keeper_.handle(step_ - 1);
    if (!part.ask_to_end) return keeper_.stop(step_ - 1);
    keeper_.expect_end(step_ - 1);
    part.ask_to_end(handle);
    delayed_send(self(), part.patience, StepOverdue{step_});
  }

  void go_on() {
    if (step_ > 0 && !keeper_.handle(step_ - 1)) begin_step();
  }

  RootParams params_;
  Keeper keeper_;
  bool stopping_ = false;
  std::size_t step_ = 0;  // the child being waited for, counted from 1
};

}  // namespace

root_actor spawn_root(caf::actor_system& system, RootParams params) {
  return system.spawn<Root>(std::move(params));
}

}  // namespace cambist::actors::supervision
