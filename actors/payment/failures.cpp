#include "actors/payment/failures.hpp"

#include <utility>

namespace cambist::actors::live {

bool Failures::add(const PaymentId& payment, std::string error, TimePoint now) {
  if (recent_.size() >= remembered_max) forget(now);
  Recent& recent = recent_[payment];
  while (!recent.times.empty() && now - recent.times.front() >= window_) recent.times.pop_front();
  recent.times.push_back(now);
  if (recent.times.size() < max_ || parked_.size() >= remembered_max) return false;
  const auto failures = recent.before + static_cast<std::uint32_t>(recent.times.size());
  recent_.erase(payment);
  if (!parked_.emplace(payment, ++parked_ever_).second) return false;
  order_.emplace(parked_ever_, ParkedPayment{payment, failures, std::move(error), now});
  return true;
}

bool Failures::release(TimePoint now) {
  bool released = false;
  while (!order_.empty() && now - order_.begin()->second.since >= parked_for_) {
    const ParkedPayment over = std::move(order_.begin()->second);
    order_.erase(order_.begin());
    parked_.erase(over.payment);
    // As if all but one of the failures that park it had happened just now.
    recent_[over.payment] = Recent{std::deque<TimePoint>(max_ > 0 ? max_ - 1 : 0, now),
                                   over.failures - (max_ > 0 ? max_ - 1 : 0)};
    released = true;
  }
  return released;
}

std::vector<ParkedPayment> Failures::newest(std::size_t limit) const {
  std::vector<ParkedPayment> found;
  for (auto it = order_.rbegin(); it != order_.rend() && found.size() < limit; ++it) {
    found.push_back(it->second);
  }
  return found;
}

void Failures::forget(TimePoint now) {
  std::erase_if(recent_, [&](const auto& entry) {
    return entry.second.times.empty() || now - entry.second.times.back() >= window_;
  });
  // A flood of failures: start counting anew.
  if (recent_.size() >= remembered_max) recent_.clear();
}

}  // namespace cambist::actors::live
