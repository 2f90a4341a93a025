#include "benchmarks/load/schedule.hpp"

namespace cambist::load {

Nanoseconds Schedule::at(std::uint64_t n) const noexcept {
  return Nanoseconds{static_cast<std::int64_t>(static_cast<double>(n) * 1e9 / per_second_)};
}

std::optional<Nanoseconds> Schedule::take(Nanoseconds now) noexcept {
  const Nanoseconds intended = next();
  if (intended > now) return std::nullopt;
  ++taken_;
  return intended;
}

void Backlog::push(Nanoseconds intended) {
  if (waiting_.size() >= size_max_) {
    ++given_up_;
  } else {
    waiting_.push_back(intended);
  }
}

std::optional<Nanoseconds> Backlog::pop(Nanoseconds now) {
  while (!waiting_.empty()) {
    const Nanoseconds intended = waiting_.front();
    waiting_.pop_front();
    if (now - intended <= patience_) return intended;
    ++given_up_;
  }
  return std::nullopt;
}

}  // namespace cambist::load
