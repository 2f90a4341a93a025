// An optional that costs one pointer while it is empty: for parts that few values have.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace cambist {

/// Copies and compares as std::optional does.
template <class T>
class Rare {
 public:
  Rare() = default;
  Rare(std::nullopt_t) {}                                          // NOLINT: like std::optional
  Rare(T value) : held_(std::make_unique<T>(std::move(value))) {}  // NOLINT
  Rare(const Rare& other) : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) {
    if (this != &other) held_ = other.held_ ? std::make_unique<T>(*other.held_) : nullptr;
    return *this;
  }
  Rare& operator=(Rare&&) noexcept = default;
  ~Rare() = default;

  [[nodiscard]] bool has_value() const noexcept { return held_ != nullptr; }
  explicit operator bool() const noexcept { return has_value(); }
  [[nodiscard]] const T& operator*() const noexcept { return *held_; }
  [[nodiscard]] T& operator*() noexcept { return *held_; }
  const T* operator->() const noexcept { return held_.get(); }
  T* operator->() noexcept { return held_.get(); }
  [[nodiscard]] T value_or(T otherwise) const { return held_ ? *held_ : std::move(otherwise); }
  void reset() noexcept { held_.reset(); }

  friend bool operator==(const Rare& a, const Rare& b) {
    return a.held_ && b.held_ ? *a.held_ == *b.held_ : a.held_ == b.held_;
  }

 private:
  std::unique_ptr<T> held_{};
};

}  // namespace cambist
