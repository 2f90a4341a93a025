// How long a call to a provider would wait for its turn, and when that is too long to let it wait
// at all. Pure: whoever owns the queue tells it what is.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>

namespace cambist::actors::account {

class QueueGauge {
 public:
  using Time = std::chrono::nanoseconds;

  explicit QueueGauge(Time wait_max) : wait_max_(wait_max) {}

  void call_took(Time time) { call_ = call_ == Time{0} ? time : call_ + (time - call_) / 8; }
  void waited_too_long() { stalled_ = true; }
  void got_through() { stalled_ = false; }

  /// Shape: `slots` are all there are, 0 while one is free; `token_wait` is what the rate limit
  /// asks
  ///        of one more call; `oldest` is how long the first in the queue has waited.
  struct Queue {
    std::size_t ahead = 0;
    std::size_t slots = 0;
    Time token_wait{0};
    Time oldest{0};
  };

  /// About how long a call that comes now waits: by what calls take of late and by the rate limit,
  /// and no less than the oldest has waited.
  [[nodiscard]] Time expected(const Queue& queue) const {
    if (is_free(queue)) return Time{0};
    Time wait = std::max(queue.oldest, queue.token_wait);
    if (queue.slots > 0) {
      const auto turn = static_cast<Time::rep>(queue.ahead + 1);
      wait = std::max(wait, call_ * turn / static_cast<Time::rep>(queue.slots));
    }
    return wait;
  }
  /// Set while a call that comes now would not be made in time, or one has waited too long since
  /// the last got through; for how long it is worth staying away.
  [[nodiscard]] std::optional<std::chrono::seconds> busy(const Queue& queue) const {
    if (is_free(queue)) return std::nullopt;
    const Time wait = expected(queue);
    if (!stalled_ && wait <= wait_max_) return std::nullopt;
    return std::clamp(std::chrono::ceil<std::chrono::seconds>(wait), std::chrono::seconds{1},
                      std::chrono::seconds{60});
  }

 private:
  [[nodiscard]] static bool is_free(const Queue& queue) {
    return queue.slots == 0 && queue.token_wait == Time{0};
  }

  Time wait_max_;
  Time call_{0};          // what a call takes, of late
  bool stalled_ = false;  // one has waited too long since the last got through
};

}  // namespace cambist::actors::account
