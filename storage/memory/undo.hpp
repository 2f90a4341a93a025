// Takes back what was written: several records are written all or not at all.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace cambist::storage::memory {

class Undo {
 public:
  /// Remembers what `map` holds at `key` now. Called before every change.
  template <class Map>
  void remember(Map& map, const typename Map::key_type& key) {
    const auto found = map.find(key);
    std::optional<typename Map::mapped_type> old;
    if (found != map.end()) old = found->second;
    steps_.emplace_back([&map, key, old = std::move(old)] {
      if (old) {
        map.insert_or_assign(key, *old);
      } else {
        map.erase(key);
      }
    });
  }
  /// The same for a counter.
  void remember(std::uint64_t& counter) {
    steps_.emplace_back([&counter, old = counter] { counter = old; });
  }
  /// Puts all back, the latest change first.
  void run() {
    for (; !steps_.empty(); steps_.pop_back()) steps_.back()();
  }

 private:
  std::vector<std::function<void()>> steps_;
};

}  // namespace cambist::storage::memory
