#include "actors/payment/nudges.hpp"

#include <algorithm>

namespace cambist::actors::live {
namespace {

// Deadlines and rests are seconds long; a call that is to be repeated waits for 50 ms at least.
constexpr Nudges::Mono slot_width = std::chrono::milliseconds{10};

}  // namespace

void Nudges::add(const Nudge& nudge) {
  const auto slots = nudge.due / slot_width + (nudge.due % slot_width == Mono{0} ? 0 : 1);
  slots_[slots * slot_width].push_back(nudge);
  ++size_;
}

std::optional<Nudges::Mono> Nudges::next_look() {
  if (slots_.empty()) return std::nullopt;
  const Mono first = slots_.begin()->first;
  if (asked_for_ && *asked_for_ <= first) return std::nullopt;
  asked_for_ = first;
  return first;
}

bool Nudges::looked(Mono at) noexcept {
  if (asked_for_ != at) return false;
  asked_for_.reset();
  return true;
}

std::optional<Nudge> Nudges::pop(Mono now) {
  if (due_.empty()) {
    if (slots_.empty() || slots_.begin()->first > now) return std::nullopt;
    due_ = std::move(slots_.begin()->second);
    std::reverse(due_.begin(), due_.end());
    slots_.erase(slots_.begin());
  }
  const Nudge next = due_.back();
  due_.pop_back();
  --size_;
  return next;
}

}  // namespace cambist::actors::live
