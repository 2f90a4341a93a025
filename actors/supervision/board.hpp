// Where every supervisor writes down how its children are. The supervision query reads it, so that
// it is answered at once even when one of them hangs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "actors/messages.hpp"

namespace cambist::actors::supervision {

/// Reads a counter of the child's own; called from any thread.
using Probe = std::function<std::uint64_t()>;

/// One node of the tree. Thread safe; written by the node's supervisor alone.
class Post {
 public:
  Post(std::string name, std::string kind, TimePoint since);
  [[nodiscard]] std::shared_ptr<Post> add(std::string name, std::string kind, TimePoint since);
  void drop(const std::shared_ptr<Post>& child);
  void watch(Probe mailbox_depth, Probe live_children);
  void state(std::string state, TimePoint since);
  void failed(std::string error, TimePoint since);  // now "restarting"
  void restarted(TimePoint since);
  /// What is shown below it besides its children: no actors of their own, for example parked
  /// payments. The latest list replaces the one before.
  void list(std::vector<SupervisionNode> nodes);
  [[nodiscard]] SupervisionNode snapshot() const;

 private:
  mutable std::mutex mutex_;
  SupervisionNode node_;
  Probe mailbox_depth_{};
  Probe live_children_{};
  std::vector<std::shared_ptr<Post>> children_{};
  std::vector<SupervisionNode> listed_{};
};

}  // namespace cambist::actors::supervision
