#include "gateway/sandbox/replays.hpp"

namespace cambist::gateway::sandbox {

std::optional<StoredAnswer> Replays::find(std::string_view key, TimePoint now) {
  // The oldest are at the front, so what is past its retention is dropped from there.
  while (!order_.empty() && order_.front()->second.answer.made + retention_ <= now) forget_oldest();
  const auto found = answers_.find(key);
  if (found == answers_.end()) return std::nullopt;
  auto answer = found->second.answer;
  if (found->second.kind != nullptr) answer.body = found->second.kind->unpack(answer.body);
  return answer;
}

const Resembling* Replays::kind_of(std::string_view kind, const std::string& body) {
  if (const auto known = kinds_.find(kind); known != kinds_.end()) return &known->second;
  if (kinds_.size() >= kinds_max) return nullptr;
  return &kinds_.emplace(kind, Resembling{body})
              .first->second;  // the first of a kind is the reference
}

void Replays::store(const std::string& key, std::string_view kind, StoredAnswer answer) {
  const auto* reference = kind_of(kind, answer.body);
  if (reference != nullptr) answer.body = reference->pack(answer.body);
  const auto [place, fresh] = answers_.try_emplace(key, Kept{std::move(answer), reference});
  if (!fresh) return;  // the first answer stands
  bytes_ += place->second.answer.body.size();
  order_.push_back(&*place);
  while (order_.size() > records_max || bytes_ > bytes_max) forget_oldest();
}

void Replays::forget_oldest() {
  const auto oldest = answers_.find(order_.front()->first);
  order_.pop_front();
  bytes_ -= oldest->second.answer.body.size();
  answers_.erase(oldest);
}

void Replays::clear() {
  order_.clear();
  answers_.clear();
  kinds_.clear();
  bytes_ = 0;
}

}  // namespace cambist::gateway::sandbox
