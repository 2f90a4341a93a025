// The parameters of one run of a statement, in the order of $1, $2, …
#pragma once

#include <string>
#include <vector>

#include "storage/postgres/wire.hpp"

namespace cambist::storage::postgres {

class Parameters {
 public:
  template <class... Values>
  explicit Parameters(const Values&... values) {
    starts_.reserve(sizeof...(values));
    (add(values), ...);
  }

  /// As libpq takes them; valid until the parameters go. nullptr is NULL.
  [[nodiscard]] std::vector<const char*> pointers() const {
    std::vector<const char*> found;
    found.reserve(starts_.size());
    for (std::size_t i = 0; i < starts_.size(); ++i) {
      found.push_back(lengths_[i] < 0 ? nullptr : bytes_.data() + starts_[i]);
    }
    return found;
  }
  [[nodiscard]] const std::vector<int>& lengths() const noexcept { return lengths_; }

 private:
  template <class Value>
  void add(const Value& value) {
    starts_.push_back(bytes_.size());
    encode(bytes_, value);
    lengths_.push_back(static_cast<int>(bytes_.size() - starts_.back()));
  }
  template <class Value>
  void add(const std::optional<Value>& value) {
    if (value) return add(*value);
    starts_.push_back(bytes_.size());
    lengths_.push_back(-1);
  }

  std::string bytes_;
  std::vector<std::size_t> starts_;
  std::vector<int> lengths_;
};

}  // namespace cambist::storage::postgres
