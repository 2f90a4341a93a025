// A string that cannot be printed, logged or written as JSON by accident, and is wiped when it
// goes.
#pragma once

#include <string>
#include <string_view>

namespace cambist {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(); }

  /// The only way to read it: the word shows where secrets are used.
  [[nodiscard]] std::string_view reveal() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }
  /// A deliberate copy.
  [[nodiscard]] Secret clone() const { return Secret{value_}; }
  /// Constant time for equal lengths.
  [[nodiscard]] bool equals(std::string_view other) const noexcept;

 private:
  void wipe() noexcept;
  std::string value_;
};

}  // namespace cambist
