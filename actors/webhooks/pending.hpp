// What an actor waits for, with one deadline for each: for waits of equal length, so that the
// oldest is due first.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace cambist::actors::webhooks {

using Mono = std::chrono::nanoseconds;  // the actor clock, since its start

template <class T>
class Pending {
 public:
  /// The number by which the answer takes it.
  std::uint64_t add(T what, Mono until) {
    waits_.emplace(++last_, Wait{std::move(what), until});
    return last_;
  }
  /// nullopt: given up before.
  [[nodiscard]] std::optional<T> take(std::uint64_t number) {
    auto wait = waits_.extract(number);
    if (wait.empty()) return std::nullopt;
    return std::move(wait.mapped().what);
  }
  [[nodiscard]] std::optional<T> take_overdue(Mono now) {
    if (waits_.empty() || waits_.begin()->second.until > now) return std::nullopt;
    return take(waits_.begin()->first);
  }
  [[nodiscard]] std::optional<T> take_any() { return take_overdue(Mono::max()); }
  [[nodiscard]] std::size_t size() const noexcept { return waits_.size(); }
  [[nodiscard]] bool empty() const noexcept { return waits_.empty(); }

 private:
  struct Wait {
    T what;
    Mono until;
  };
  std::map<std::uint64_t, Wait> waits_{};
  std::uint64_t last_ = 0;
};

}  // namespace cambist::actors::webhooks
