// Who has been woken a moment ago: a timer that is still due because its payment is on its way is
// not fired again, and one that stays due although it was fired is tried ever more rarely.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <unordered_map>
#include <utility>

#include "protocols/core/ids.hpp"
#include "protocols/core/time.hpp"

namespace cambist::actors::scheduler {

/// Time is given: monotonic, so that a wall clock that jumps makes nothing fire twice.
class RecentWakes {
 public:
  using Mono = std::chrono::nanoseconds;

  /// A timer that is still due `keep` after its wake-up is tried again; then after twice as long,
  /// up to `keep_max`.
  RecentWakes(Mono keep, Mono keep_max) : keep_(keep), keep_max_(keep_max) {}

  /// The payment was woken because it was due at `due`.
  void add(const PaymentId& payment, TimePoint due, Mono at) {
    auto [entry, is_new] = latest_.try_emplace(payment, Entry{due, {}, keep_});
    if (!is_new) {
      const bool again = entry->second.due == due;
      entry->second = {due, {}, again ? std::min(entry->second.keep * 2, keep_max_) : keep_};
    }
    entry->second.until = at + entry->second.keep;
    // Remembered for as long again: a wake-up in that time is a repetition.
    order_.emplace(entry->second.until + entry->second.keep, payment);
  }
  void forget_old(Mono now) {
    while (!order_.empty() && order_.begin()->first <= now) {
      const auto [at, payment] = *order_.begin();
      order_.erase(order_.begin());
      // Woken again since: the later entry speaks for it.
      const auto found = latest_.find(payment);
      if (found != latest_.end() && found->second.until + found->second.keep <= at) {
        latest_.erase(found);
      }
    }
  }
  /// Whether the timer that is due at `due` was fired, and not too long ago. Another time is
  /// another timer.
  [[nodiscard]] bool contains(const PaymentId& payment, TimePoint due, Mono now) const {
    const auto found = latest_.find(payment);
    return found != latest_.end() && found->second.due == due && now < found->second.until;
  }
  [[nodiscard]] std::size_t size() const noexcept { return latest_.size(); }

 private:
  struct Entry {
    TimePoint due;
    Mono until{};
    Mono keep{};
  };
  Mono keep_;
  Mono keep_max_;
  std::unordered_map<PaymentId, Entry> latest_{};
  std::multimap<Mono, PaymentId> order_{};
};

}  // namespace cambist::actors::scheduler
