#include "gateway/sandbox/replays.hpp"

namespace cambist::gateway::sandbox {

const StoredAnswer* Replays::find(std::string_view key, TimePoint now) {
  // The oldest are at the front, so what is past its retention is dropped from there.
  while (!order_.empty()) {
    const auto oldest = answers_.find(order_.front());
    if (oldest->second.made + retention_ > now) break;
    forget_oldest();
  }
  const auto found = answers_.find(key);
  return found == answers_.end() ? nullptr : &found->second;
}

void Replays::store(const std::string& key, StoredAnswer answer) {
  const std::size_t size = answer.body.size();
  if (!answers_.emplace(key, std::move(answer)).second) return;  // the first answer stands
  bytes_ += size;
  order_.push_back(key);
  while (order_.size() > records_max || bytes_ > bytes_max) forget_oldest();
}

void Replays::forget_oldest() {
  const auto oldest = answers_.find(order_.front());
  bytes_ -= oldest->second.body.size();
  answers_.erase(oldest);
  order_.pop_front();
}

void Replays::clear() {
  answers_.clear();
  order_.clear();
  bytes_ = 0;
}

}  // namespace cambist::gateway::sandbox
