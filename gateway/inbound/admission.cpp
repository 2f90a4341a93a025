#include "gateway/inbound/admission.hpp"

namespace cambist::gateway::inbound {

Admission::Verdict Admission::enter(const std::string& address) {
  const std::lock_guard lock{mutex_};
  auto& from_here = by_address_[address];
  const bool over = open_ >= connections_ || from_here >= per_address_;
  if (over && (open_ >= connections_ + refused_max || from_here >= per_address_ + refused_max)) {
    if (from_here == 0) by_address_.erase(address);
    return Verdict::drop;
  }
  ++open_;
  ++from_here;
  return over ? Verdict::refuse : Verdict::serve;
}

void Admission::leave(const std::string& address) noexcept {
  const std::lock_guard lock{mutex_};
  if (const auto found = by_address_.find(address);
      found != by_address_.end() && --found->second == 0) {
    by_address_.erase(found);
  }
  if (--open_ == 0) empty_.notify_all();
}

std::size_t Admission::open() const noexcept {
  const std::lock_guard lock{mutex_};
  return open_;
}

bool Admission::wait_until_empty(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock{mutex_};
  return empty_.wait_until(lock, deadline, [this] { return open_ == 0; });
}

}  // namespace cambist::gateway::inbound
