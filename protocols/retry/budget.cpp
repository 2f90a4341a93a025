#include "protocols/retry/budget.hpp"

#include <algorithm>
#include <cmath>

namespace cambist::retry {
namespace {

constexpr std::int64_t one = 1'000'000;
constexpr auto second = Duration{std::chrono::seconds{1}};

// Settings are checked where they are read; here they only must not overflow.
std::int64_t millionths(double repeats) {
  return std::llround(std::clamp(repeats, 0.0, 1e6) * static_cast<double>(one));
}

}  // namespace

Budget::Budget(const BudgetPolicy& policy)
    : per_call_{millionths(policy.ratio)},
      per_second_{millionths(policy.per_s_min)},
      burst_{millionths(policy.burst)},
      tokens_{burst_} {}

void Budget::first_call(TimePoint now) {
  refill(now);
  earned_ += per_call_;
  grant(earned_);
}

bool Budget::take(TimePoint now) {
  refill(now);
  if (tokens_ < one) return false;
  tokens_ -= one;
  return true;
}

void Budget::give_back() {
  tokens_ = std::min(tokens_ + one, burst_);
}

std::int64_t Budget::left(TimePoint now) {
  refill(now);
  return tokens_ / one;
}

void Budget::refill(TimePoint now) {
  // A clock that was set back begins a new second: nothing is gained by it, nothing is lost.
  if (!second_ || now < *second_) {
    second_ = now;
    earned_ = granted_ = 0;
    return;
  }
  const auto passed = (now - *second_) / second;
  if (passed > 0) {
    grant(per_second_);  // the rest of the second that has ended
    // Those in between were idle. A long sleep fills the bucket, and no more.
    const auto idle = std::min<std::int64_t>(passed - 1, 1'000'000);
    tokens_ = std::min(tokens_ + std::min(idle * per_second_, burst_), burst_);
    second_ = *second_ + passed * second;
    earned_ = granted_ = 0;
  }
  const std::int64_t since = (now - *second_).count();  // below a million
  grant(per_second_ / second.count() * since +
        per_second_ % second.count() * since / second.count());
}

// `due` is what this second has given by now: the minimum or what the calls have earned.
void Budget::grant(std::int64_t due) {
  if (due <= granted_) return;
  tokens_ = std::min(tokens_ + (due - granted_), burst_);
  granted_ = due;
}

}  // namespace cambist::retry
