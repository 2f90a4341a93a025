// Who has been woken a moment ago: a timer that is still due because its payment is on its way is
// not fired again.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <unordered_map>
#include <utility>

#include "protocols/core/ids.hpp"

namespace cambist::actors::scheduler {

/// Time is given: monotonic. Holds nobody for longer than `keep`.
class RecentWakes {
 public:
  using Mono = std::chrono::nanoseconds;

  explicit RecentWakes(Mono keep) : keep_(keep) {}

  void add(const PaymentId& payment, Mono at) {
    latest_.insert_or_assign(payment, at);
    order_.emplace_back(payment, at);
  }
  void forget_old(Mono now) {
    while (!order_.empty() && order_.front().second + keep_ <= now) {
      const auto& [payment, at] = order_.front();
      // Woken again since: the later entry speaks for it.
      if (const auto found = latest_.find(payment); found != latest_.end() && found->second == at) {
        latest_.erase(found);
      }
      order_.pop_front();
    }
  }
  [[nodiscard]] bool contains(const PaymentId& payment) const { return latest_.contains(payment); }
  [[nodiscard]] std::size_t size() const noexcept { return latest_.size(); }

 private:
  Mono keep_;
  std::unordered_map<PaymentId, Mono> latest_;
  std::deque<std::pair<PaymentId, Mono>> order_;
};

}  // namespace cambist::actors::scheduler
