#include "actors/supervision/board.hpp"

#include <utility>

namespace cambist::actors::supervision {

Post::Post(std::string name, std::string kind, TimePoint since) {
  node_.name = std::move(name);
  node_.kind = std::move(kind);
  node_.state = "running";
  node_.since = since;
}

std::shared_ptr<Post> Post::add(std::string name, std::string kind, TimePoint since) {
  auto child = std::make_shared<Post>(std::move(name), std::move(kind), since);
  const std::lock_guard lock{mutex_};
  children_.push_back(child);
  return child;
}

void Post::drop(const std::shared_ptr<Post>& child) {
  const std::lock_guard lock{mutex_};
  std::erase(children_, child);
}

void Post::watch(Probe mailbox_depth, Probe live_children) {
  const std::lock_guard lock{mutex_};
  mailbox_depth_ = std::move(mailbox_depth);
  live_children_ = std::move(live_children);
}

void Post::state(std::string state, TimePoint since) {
  const std::lock_guard lock{mutex_};
  node_.state = std::move(state);
  node_.since = since;
}

void Post::failed(std::string error, TimePoint since) {
  const std::lock_guard lock{mutex_};
  node_.last_error = std::move(error);
  node_.state = "restarting";
  node_.since = since;
}

void Post::restarted(TimePoint since) {
  const std::lock_guard lock{mutex_};
  ++node_.restarts;
  node_.state = "running";
  node_.since = since;
}

void Post::list(std::vector<SupervisionNode> nodes) {
  const std::lock_guard lock{mutex_};
  listed_ = std::move(nodes);
}

SupervisionNode Post::snapshot() const {
  const std::lock_guard lock{mutex_};
  SupervisionNode node = node_;
  if (mailbox_depth_) node.mailbox_depth = mailbox_depth_();
  if (live_children_) node.live_children = live_children_();
  for (const auto& child : children_) node.children.push_back(child->snapshot());
  node.children.insert(node.children.end(), listed_.begin(), listed_.end());
  return node;
}

}  // namespace cambist::actors::supervision
