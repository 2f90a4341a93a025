// Objects of one kind in the order they were made, found by id; the oldest go when there are too
// many.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cambist::gateway::sandbox {

/// Lets maps with string keys be searched by views.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

/// `T` has a `std::string id`. References stay good until the object is evicted.
template <class T>
class Shelf {
 public:
  explicit Shelf(std::size_t items_max) : items_max_(items_max) {}

  T& add(T item) {
    if (items_.size() >= items_max_) {
      index_.erase(items_.front().id);
      items_.pop_front();
      ++first_;
    }
    items_.push_back(std::move(item));
    index_.emplace(items_.back().id, first_ + items_.size() - 1);
    return items_.back();
  }

  [[nodiscard]] T* find(std::string_view id) {
    const auto found = index_.find(id);
    return found == index_.end() ? nullptr
                                 : &items_[static_cast<std::size_t>(found->second - first_)];
  }

  /// Where `id` stands, counted from the oldest that is kept.
  [[nodiscard]] std::optional<std::size_t> position(std::string_view id) const {
    const auto found = index_.find(id);
    if (found == index_.end()) return std::nullopt;
    return static_cast<std::size_t>(found->second - first_);
  }

  [[nodiscard]] T& at(std::size_t position) { return items_[position]; }
  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }

  void clear() {
    index_.clear();
    items_.clear();
    first_ = 0;
  }

 private:
  std::size_t items_max_;
  std::uint64_t first_ = 0;
  std::deque<T> items_;
  std::unordered_map<std::string, std::uint64_t, TextHash, std::equal_to<>> index_;
};

}  // namespace cambist::gateway::sandbox
