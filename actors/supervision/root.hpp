// The root of the tree: starts everything in order, tells how it is, and stops it in the opposite
// order.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include <caf/actor_system.hpp>

#include "actors/messages.hpp"
#include "actors/supervision/keeper.hpp"

namespace cambist::actors::supervision {

/// Stop the tree, step by step.
struct Shutdown {};
/// The step that is being waited for has taken too long.
struct StepOverdue {
  std::size_t step = 0;
};

using root_actor = supervision_actor::extend<caf::reacts_to<Shutdown>, caf::reacts_to<StepOverdue>,
                                             caf::reacts_to<RestartDue>>;

/// One child of the root, in the order of starting.
struct Part {
  Child child;
  std::function<void(const caf::actor&)> ask_to_end;  // politely; empty: at once
  std::chrono::milliseconds patience{2'000};          // then it is ended at once
};

/// Set once the tree has stopped; waited for outside of the actors.
class Stopped {
 public:
  void set() {
    const std::lock_guard lock{mutex_};
    done_ = true;
    changed_.notify_all();
  }
  [[nodiscard]] bool is_set() const {
    const std::lock_guard lock{mutex_};
    return done_;
  }
  /// False when `limit` is over before.
  [[nodiscard]] bool wait(std::chrono::milliseconds limit) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, limit, [this] { return done_; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
};

struct RootParams {
  std::vector<Part> parts;
  RestartPolicy restart;
  std::shared_ptr<Telemetry> telemetry;
  Clock now;
  Random random;
  std::shared_ptr<Post> post;
  std::shared_ptr<Stopped> stopped;
  std::function<void(const std::string&)> on_escalation;
};

[[nodiscard]] root_actor spawn_root(caf::actor_system& system, RootParams params);

}  // namespace cambist::actors::supervision

CAMBIST_LOCAL_MESSAGE_IN(supervision, Shutdown)
CAMBIST_LOCAL_MESSAGE_IN(supervision, StepOverdue)
