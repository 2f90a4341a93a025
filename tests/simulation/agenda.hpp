// What happens in the world outside the process, in the order of virtual time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace cambist::sim {

/// Virtual time since the run began.
using Tick = std::chrono::nanoseconds;

/// Two things at one moment happen in the order in which they were put down.
class Agenda {
 public:
  using Token = std::pair<Tick, std::uint64_t>;

  Token at(Tick when, std::function<void()> what) {
    const Token token{when, ++last_};
    waiting_.emplace(token, std::move(what));
    return token;
  }
  void strike(const Token& token) { waiting_.erase(token); }
  [[nodiscard]] std::optional<Tick> next() const {
    if (waiting_.empty()) return std::nullopt;
    return waiting_.begin()->first.first;
  }
  /// Takes the earliest away and runs it.
  void run_next() {
    auto node = waiting_.extract(waiting_.begin());
    node.mapped()();
  }

 private:
  std::map<Token, std::function<void()>> waiting_;
  std::uint64_t last_ = 0;
};

}  // namespace cambist::sim
