// What PayPal remembers under a PayPal-Request-Id: not the answer, but what was made, so that a
// repeat shows it as it is by then.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "gateway/sandbox/paypal/failure.hpp"
#include "gateway/sandbox/shelf.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox::paypal {

/// Bounded; the oldest go first. An id that has gone runs as a new request, as after its lifetime.
class Repeats {
 public:
  static constexpr std::size_t records_max = 2'000'000;
  using First = std::variant<Made, Failure>;

  explicit Repeats(std::chrono::hours lifetime) : lifetime_(lifetime) {}

  /// What the first request under `key` came to, or nullptr.
  [[nodiscard]] const First* find(std::string_view key, TimePoint now);
  void keep(const std::string& key, First first, TimePoint now);
  void clear();

 private:
  struct Kept {
    First first;
    TimePoint made;
  };
  using Records = std::unordered_map<std::string, Kept, TextHash, std::equal_to<>>;
  void forget_oldest();

  std::chrono::hours lifetime_;
  Records records_;
  std::deque<const Records::value_type*> order_;  // oldest first
};

}  // namespace cambist::gateway::sandbox::paypal
