#include "actors/payment/directory.hpp"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "actors/guarded.hpp"
#include "actors/payment/failures.hpp"
#include "actors/payment/nudges.hpp"
#include "actors/supervision/keeper.hpp"

namespace cambist::actors::live {
namespace {

/// Parent: the root, which takes its failure for that of the whole tree: two directories would mean
/// two actors for one payment. It supervises the payment actors: one that failed is rebuilt by the
/// next message for it.
class Directory final : public Guarded<directory_actor> {
 public:
  Directory(caf::actor_config& config, DirectoryParams params)
      : Guarded(config, "payments", params.payment.telemetry),
        params_(std::move(params)),
        payment_params_(std::make_shared<const PaymentParams>(params_.payment)),
        failures_(params_.failures_max, params_.failures_window, params_.parked_for) {}

 protected:
  behavior_type make_behavior() override {
    set_down_handler([this](caf::down_msg& message) { down(message); });
    return {
        [this](Perform& perform) -> caf::result<Reply> { return pass_on(perform); },
        [this](Deliver& notice) -> caf::result<Delivered> { return pass_on(notice); },
        [this](Wake& wake) {
          // The timer of a parked payment stays due: the scheduler asks again, ever more rarely.
          if (draining_ || parked(wake.payment)) return;
          Entry* entry = find_or_spawn(wake.payment, false);
          if (entry == nullptr) return;  // full; its timer stays due
          ++entry->sent;
          send(entry->actor, std::move(wake));
        },
        [this](const Retire& retire) { release(retire); },
        [this](const Nudge& nudge) {
          nudges_.add(nudge);
          wait_for_nudges();
        },
        [this](LookAtNudges look) {
          if (!nudges_.looked(look.at)) return;
          const auto now = mono();
          while (const auto due = nudges_.pop(now)) nudge(*due);
          wait_for_nudges();
        },
        [this](Drain) { drain(); },
    };
  }

  void stopped() override {
    for (auto& [payment, entry] : live_)
      supervision::exit_now(caf::actor_cast<caf::actor>(entry.actor));
    live_.clear();
  }

 private:
  struct Entry {
    payment_actor actor;
    std::uint64_t sent = 0;  // Perform, Deliver and Wake messages, as the actor counts them too
  };

  caf::result<Reply> pass_on(Perform& perform) {
    const std::string& request_id = perform.context.request_id;
    if (draining_) {
      return api::problem({ErrorCode::unavailable, "The server is stopping."}, request_id, 1);
    }
    if (parked(perform.payment)) {
      return api::problem(
          {ErrorCode::unavailable,
           "The payment is parked: it failed repeatedly and waits for the operators."},
          request_id, 60);
    }
    Entry* entry =
        find_or_spawn(perform.payment, std::holds_alternative<payment::Create>(perform.command));
    if (entry == nullptr) {
      return api::problem({ErrorCode::overloaded, "Too many payments are in progress."}, request_id,
                          1);
    }
    ++entry->sent;
    return delegate(entry->actor, std::move(perform));
  }

  caf::result<Delivered> pass_on(Deliver& notice) {
    using enum Delivered::Outcome;
    if (draining_) return Delivered{later, "The server is stopping."};
    if (parked(notice.payment)) return Delivered{failed, "parked"};
    Entry* entry = find_or_spawn(notice.payment, false);
    if (entry == nullptr) return Delivered{later, "Too many payments are in progress."};
    ++entry->sent;
    return delegate(entry->actor, std::move(notice));
  }

  [[nodiscard]] bool parked(const PaymentId& payment) {
    if (failures_.parked_count() == 0) return false;
    if (failures_.release(params_.payment.now())) show_parked();
    return failures_.parked(payment);
  }

  void show_parked() {
    std::vector<SupervisionNode> nodes;
    for (auto& one : failures_.newest(params_.parked_shown)) {
      SupervisionNode node;
      node.name = one.payment.to_string();
      node.kind = "payment";
      node.state = "parked";
      node.restarts = one.failures;
      node.last_error = std::move(one.last_error);
      node.since = one.since;
      nodes.push_back(std::move(node));
    }
    params_.post->list(std::move(nodes));
  }

  /// `fresh`: an id that was just made has nothing in the journal. Null when too many payments are
  /// live.
  Entry* find_or_spawn(const PaymentId& payment, bool fresh) {
    if (const auto found = live_.find(payment); found != live_.end()) return &found->second;
    if (by_actor_.size() >= params_.live_max) return nullptr;
    payment_actor actor = live::spawn(system(), payment_params_, payment, fresh, self());
    monitor(actor);
    by_actor_.emplace(actor.id(), payment);
    params_.live->store(by_actor_.size(), std::memory_order_relaxed);
    return &live_.emplace(payment, Entry{std::move(actor), 0}).first->second;
  }

  [[nodiscard]] std::chrono::nanoseconds mono() {
    return system().clock().now().time_since_epoch();
  }

  void nudge(const Nudge& due) {
    const auto found = live_.find(due.payment);
    if (found == live_.end() || found->second.actor.id() != due.actor) return;
    send(found->second.actor, Tick{due.serial});
  }

  void wait_for_nudges() {
    const auto next = nudges_.next_look();
    if (!next) return;
    const auto wait = std::max(*next - mono(), std::chrono::nanoseconds{1});
    delayed_send(self(), wait, LookAtNudges{*next});
  }

  /// An idle actor may go unless a message is on its way to it. Once it is forgotten here, none can
  /// be: the next command finds a new actor, which reads what this one has written.
  void release(const Retire& retire) {
    const auto found = live_.find(retire.payment);
    if (found == live_.end() || found->second.actor.id() != retire.actor) return;
    if (found->second.sent != retire.received) return;
    send(found->second.actor, Leave{});
    live_.erase(found);
  }

  void down(const caf::down_msg& message) {
    const auto known = by_actor_.find(message.source.id());
    if (known == by_actor_.end()) return;
    const PaymentId payment = known->second;
    by_actor_.erase(known);
    params_.live->store(by_actor_.size(), std::memory_order_relaxed);
    if (const auto found = live_.find(payment);
        found != live_.end() && found->second.actor.id() == message.source.id()) {
      live_.erase(found);
    }
    const bool failed = message.reason && message.reason != caf::exit_reason::user_shutdown;
    if (failed) {
      telemetry().restarted("payment");
      const std::string why = system().render(message.reason);
      if (failures_.add(payment, why, params_.payment.now())) {
        spdlog::error("payment_parked payment={} failures={} error=\"{}\"", payment.to_string(),
                      params_.failures_max, why);
        show_parked();
      }
    }
    if (draining_ && by_actor_.empty()) quit();
  }

  void drain() {
    draining_ = true;
    if (by_actor_.empty()) return quit();
    for (auto& [payment, entry] : live_) send(entry.actor, Drain{});
  }

  DirectoryParams params_;
  std::shared_ptr<const PaymentParams> payment_params_;
  Failures failures_;
  std::unordered_map<PaymentId, Entry> live_{};
  Nudges nudges_{};
  std::unordered_map<caf::actor_id, PaymentId> by_actor_{};  // includes those that are about to end
  bool draining_ = false;
};

}  // namespace

directory_actor spawn_directory(caf::actor_system& system, DirectoryParams params) {
  return system.spawn<Directory>(std::move(params));
}

}  // namespace cambist::actors::live
