#include "gateway/api/kept_answers.hpp"

#include <utility>

namespace cambist::gateway {

std::variant<KeptAnswers::First, KeptAnswers::Before, Error> KeptAnswers::claim(
    const std::string& key, const Sha256& fingerprint, TimePoint now) {
  const std::lock_guard lock{mutex_};
  forget_expired(now);
  const auto found = entries_.find(key);
  if (found != entries_.end()) {
    const Entry& entry = found->second;
    if (entry.fingerprint != fingerprint)
      return Error{ErrorCode::idempotency_key_reused, "this key was used for another request"};
    if (!entry.done)
      return Error{ErrorCode::idempotency_in_progress,
                   "the first request with this key is still running"};
    return entry.answer;
  }
  if (!make_room()) return Error{ErrorCode::overloaded, "too many requests are being worked on"};
  entries_.emplace(key, Entry{fingerprint, now, false, {}});
  return First{};
}

void KeptAnswers::answered(const std::string& key, Before answer) {
  const std::lock_guard lock{mutex_};
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  if (answer.status >= 500 || answer.status == 429) {
    entries_.erase(found);
    return;
  }
  found->second.done = true;
  found->second.answer = std::move(answer);
  order_.push_back(key);
}

void KeptAnswers::forget_expired(TimePoint now) {
  while (!order_.empty() && entries_.at(order_.front()).at + lifetime_ <= now) forget_oldest();
}

bool KeptAnswers::make_room() {
  if (entries_.size() >= answers_max_ && !order_.empty()) forget_oldest();
  return entries_.size() < answers_max_;
}

void KeptAnswers::forget_oldest() {
  entries_.erase(order_.front());
  order_.pop_front();
}

}  // namespace cambist::gateway
