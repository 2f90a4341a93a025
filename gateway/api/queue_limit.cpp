#include "gateway/api/queue_limit.hpp"

#include <algorithm>

namespace cambist::gateway {

QueueLimit::QueueLimit(QueuePolicy policy) : policy_(policy), limit_(policy.limit_first) {
  policy_.limit_min = std::min(policy_.limit_min, policy_.limit_max);
  limit_ = std::clamp(limit_, policy_.limit_min, policy_.limit_max);
}

bool QueueLimit::admit_command(std::chrono::nanoseconds now) {
  return admit_command(1, now);
}

bool QueueLimit::admit_next_command(std::chrono::nanoseconds now) {
  return admit_command(begun_share, now);
}

bool QueueLimit::admit_command(std::uint32_t share, std::chrono::nanoseconds now) {
  look(now);
  most_waiting_ = std::max(most_waiting_, waiting() + 1);
  if (waiting() >= std::uint64_t{limit_} * share) return false;
  ++waiting_;
  return true;
}

bool QueueLimit::admit_webhook(std::chrono::nanoseconds now) {
  look(now);
  if (waiting() >= std::uint64_t{limit_} * webhook_share) return false;
  ++webhooks_;
  return true;
}

void QueueLimit::durable(std::chrono::nanoseconds queued, std::chrono::nanoseconds now) {
  look(now);
  sample(queued);
  // One that was answered before its intent was durable has left already.
  if (waiting_ == 0) return;
  --waiting_;
  ++running_;
}

// Nobody says which command's intent it was that became durable. Where the two counts do not fit
// what left, the other one gives way: their sum is exact, so no mistake outlives the commands that
// are there.
void QueueLimit::command_left(bool wrote, std::chrono::nanoseconds now) {
  look(now);
  std::uint32_t& likely = wrote ? running_ : waiting_;
  std::uint32_t& other = wrote ? waiting_ : running_;
  if (likely > 0) {
    --likely;
  } else if (other > 0) {
    --other;
  }
}

void QueueLimit::webhook_left(bool wrote, std::chrono::nanoseconds queued,
                              std::chrono::nanoseconds now) {
  look(now);
  if (wrote) sample(queued);
  if (webhooks_ > 0) --webhooks_;
}

void QueueLimit::sample(std::chrono::nanoseconds queued) {
  least_ = samples_ == 0 ? queued : std::min(least_, queued);
  ++samples_;
}

void QueueLimit::look(std::chrono::nanoseconds now) {
  if (now < ends_) return;
  adapt();
  ends_ = now + policy_.interval;
  samples_ = 0;
  most_waiting_ = waiting();
  waiting_at_start_ = waiting();
}

void QueueLimit::adapt() {
  const bool stalled = samples_ == 0 && waiting_at_start_ > 0 && waiting() > 0;
  if (stalled || (samples_ > 0 && least_ > policy_.target)) {
    // The last cut works only once the queue has come down to it.
    const std::uint64_t room =
        std::uint64_t{limit_} * (webhooks_ > 0 ? webhook_share : begun_share);
    if (waiting() > room) return;
    // By what the queue is too long (its length is its time times the speed), at most by half.
    const double factor = stalled ? 0.5
                                  : std::max(0.5, static_cast<double>(policy_.target.count()) /
                                                      static_cast<double>(least_.count()));
    limit_ = std::max(policy_.limit_min, static_cast<std::uint32_t>(limit_ * factor));
  } else if (samples_ > 0 && most_waiting_ >= limit_ / 2) {
    // A limit that nobody reaches need not grow: it would be no limit when many come at once.
    limit_ = std::min(policy_.limit_max, limit_ + std::max(limit_ / 8, std::uint32_t{1}));
  }
}

}  // namespace cambist::gateway
