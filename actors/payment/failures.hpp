// How often the actors of payments have failed of late, and which payments are parked for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <unordered_set>

#include "protocols/core/ids.hpp"
#include "protocols/core/time.hpp"

namespace cambist::actors::live {

class Failures {
 public:
  Failures(std::uint32_t max, Duration window) : max_(max), window_(window) {}

  /// A payment's actor has failed. True when this parks the payment.
  bool add(const PaymentId& payment, TimePoint now) {
    if (recent_.size() >= remembered_max) forget(now);
    auto& times = recent_[payment];
    while (!times.empty() && now - times.front() >= window_) times.pop_front();
    times.push_back(now);
    if (times.size() < max_ || parked_.size() >= remembered_max) return false;
    recent_.erase(payment);
    return parked_.insert(payment).second;
  }
  [[nodiscard]] bool parked(const PaymentId& payment) const { return parked_.contains(payment); }
  [[nodiscard]] std::size_t parked_count() const noexcept { return parked_.size(); }

 private:
  static constexpr std::size_t remembered_max = 10'000;

  void forget(TimePoint now) {
    std::erase_if(recent_, [&](const auto& entry) { return now - entry.second.back() >= window_; });
    if (recent_.size() >= remembered_max)
      recent_.clear();  // a flood of failures: start counting anew
  }

  std::uint32_t max_;
  Duration window_;
  std::unordered_map<PaymentId, std::deque<TimePoint>> recent_{};
  std::unordered_set<PaymentId> parked_{};
};

}  // namespace cambist::actors::live
