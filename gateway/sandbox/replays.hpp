// The answers kept under idempotency keys, as a provider keeps them.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gateway/sandbox/shelf.hpp"
#include "protocols/core/digest.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox {

/// One stored answer. `busy_until` is when it reaches the wire: until then the key is in use.
struct StoredAnswer {
  Sha256 fingerprint{};
  int status = 0;
  std::string body;
  std::string request_id;
  TimePoint made;
  TimePoint busy_until;
};

/// Bounded by count and by bytes; the oldest go first. A key that has gone runs as a new request,
/// as at the provider after its retention time.
class Replays {
 public:
  static constexpr std::size_t records_max = 2'000'000;
  static constexpr std::size_t bytes_max = std::size_t{1} << 30U;

  explicit Replays(std::chrono::hours retention) : retention_(retention) {}

  /// The stored answer, or nullptr when the key is new (or older than the retention).
  [[nodiscard]] const StoredAnswer* find(std::string_view key, TimePoint now);
  void store(const std::string& key, StoredAnswer answer);
  void clear();

 private:
  void forget_oldest();

  std::chrono::hours retention_;
  std::unordered_map<std::string, StoredAnswer, TextHash, std::equal_to<>> answers_;
  std::deque<std::string> order_;  // oldest first
  std::size_t bytes_ = 0;
};

}  // namespace cambist::gateway::sandbox
