// What becomes due later, by time and then by age: a payer types a PIN, a prompt ends.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox {

class Agenda {
 public:
  /// The entry that would be due first goes when there are too many.
  void add(TimePoint at, std::string object) {
    constexpr std::size_t entries_max = 1'000'000;
    if (entries_.size() >= entries_max) entries_.erase(entries_.begin());
    entries_.emplace(at, std::move(object));
  }
  /// The first that is due, with its time; it is forgotten.
  [[nodiscard]] std::optional<std::pair<TimePoint, std::string>> take(TimePoint now) {
    if (entries_.empty() || entries_.begin()->first > now) return std::nullopt;
    auto first = *entries_.begin();
    entries_.erase(entries_.begin());
    return first;
  }
  [[nodiscard]] std::optional<TimePoint> next() const {
    return entries_.empty() ? std::nullopt : std::optional{entries_.begin()->first};
  }
  void clear() { entries_.clear(); }

 private:
  std::multimap<TimePoint, std::string> entries_;
};

}  // namespace cambist::gateway::sandbox
