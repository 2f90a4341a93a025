#include "gateway/outbound/pool.hpp"

#include <algorithm>
#include <utility>

namespace cambist::gateway::outbound {

std::shared_ptr<Link> Pool::take_idle(Clock::time_point now) {
  while (!idle_.empty()) {
    auto [link, since] = std::move(idle_.back());
    idle_.pop_back();
    if (now - since < idle_max_ && link->is_quiet()) return link;
    link->close();
    --open_;
  }
  return nullptr;
}

void Pool::put_idle(std::shared_ptr<Link> link, Clock::time_point now) {
  link->rest();
  idle_.push_back({std::move(link), now});
}

void Pool::prune(Clock::time_point now) {
  open_ -= std::erase_if(idle_, [&](const Idle& idle) {
    if (now - idle.since < idle_max_ && idle.link->is_quiet()) return false;
    idle.link->close();
    return true;
  });
}

bool Pool::may_open() noexcept {
  if (open_ >= connections_max_) return false;
  ++open_;
  return true;
}

bool Pool::enqueue(std::shared_ptr<Exchange> exchange) {
  if (waiting_.size() >= waiting_max_) return false;
  waiting_.push_back(std::move(exchange));
  return true;
}

std::shared_ptr<Exchange> Pool::next_waiting() {
  if (waiting_.empty()) return nullptr;
  auto first = std::move(waiting_.front());
  waiting_.pop_front();
  return first;
}

void Pool::stop_waiting(const Exchange& exchange) {
  std::erase_if(waiting_, [&](const auto& waiting) { return waiting.get() == &exchange; });
}

}  // namespace cambist::gateway::outbound
