// Keeps the children of one supervisor alive: starts them, hears of their end, starts them again
// after a backoff, and says when the budget is spent. Owned by the supervising actor and called on
// its thread only.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <caf/actor.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/system_messages.hpp>

#include "actors/supervision/board.hpp"
#include "actors/supervision/restart.hpp"

namespace cambist::actors::supervision {

/// A child by its place in the supervisor's list is due to be started again.
struct RestartDue {
  std::size_t child = 0;
};

struct Child {
  std::string name;
  std::string kind;
  std::function<caf::actor()> spawn;  // starts it afresh, and gives its handle to who needs it
  bool restart = true;                // false: its end is a failure of the whole
  Probe mailbox_depth{};
  Probe live_children{};
  std::shared_ptr<Post> post{};  // empty: one is made below the supervisor's
};

struct KeeperParams {
  RestartPolicy policy;
  Clock now;
  Random random;
  std::shared_ptr<Telemetry> telemetry;
  std::shared_ptr<Post> post;  // the supervisor's own
  // How the supervisor hears when a child is due again. Empty: by a RestartDue message.
  std::function<void(Duration, std::size_t)> restart_later{};
  // The budget is spent. Empty: the supervisor fails itself.
  std::function<void(const std::string&)> escalate{};
  std::function<void(std::size_t)> ended{};  // the child is down, for now
};

class Keeper {
 public:
  Keeper(caf::scheduled_actor& supervisor, KeeperParams params);

  /// Its place in the list, by which all else knows it.
  std::size_t start(Child child);
  /// True when the message was about a child of ours.
  bool down(const caf::down_msg& message);
  void restart(std::size_t child);
  /// Ends the child at once, ahead of what waits in its mailbox; it is not started again.
  void stop(std::size_t child);
  /// The child has been asked to end; it is not started again.
  void expect_end(std::size_t child);
  /// Ends the child for good: it is not shown any more, and its place is for another.
  void forget(std::size_t child);
  void stop_all();
  [[nodiscard]] const caf::actor& handle(std::size_t child) const;  // null while it is down
  [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }

 private:
  struct Place {
    Child child;
    caf::actor handle{};
    RestartBook book{};
    bool stopping = false;
    bool forgotten = false;
  };
  void spawn(Place& place);
  void clear(std::size_t child);

  caf::scheduled_actor& supervisor_;
  KeeperParams params_;
  std::vector<Place> places_{};
  std::vector<std::size_t> free_{};  // places of children that are forgotten
};

/// Sends an exit that overtakes whatever waits in the mailbox.
void exit_now(const caf::actor& actor);

}  // namespace cambist::actors::supervision

CAMBIST_LOCAL_MESSAGE_IN(supervision, RestartDue)
