#include "gateway/sandbox/paypal/repeats.hpp"

namespace cambist::gateway::sandbox::paypal {

const Repeats::First* Repeats::find(std::string_view key, TimePoint now) {
  // The oldest are at the front, so what is past its lifetime is dropped from there.
  while (!order_.empty() && order_.front()->second.made + lifetime_ <= now) forget_oldest();
  const auto found = records_.find(key);
  return found == records_.end() ? nullptr : &found->second.first;
}

void Repeats::keep(const std::string& key, First first, TimePoint now) {
  const auto [place, fresh] = records_.try_emplace(key, Kept{std::move(first), now});
  if (!fresh) return;  // the first stands
  order_.push_back(&*place);
  while (order_.size() > records_max) forget_oldest();
}

void Repeats::forget_oldest() {
  const std::string key = order_.front()->first;
  order_.pop_front();
  records_.erase(key);
}

void Repeats::clear() {
  order_.clear();
  records_.clear();
}

}  // namespace cambist::gateway::sandbox::paypal
