// The answers kept under idempotency keys, as a provider keeps them.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gateway/sandbox/resembling.hpp"
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
  static constexpr std::size_t bytes_max = std::size_t{1} << 30U;  // of bodies as they are kept
  static constexpr std::size_t kinds_max = 64;

  explicit Replays(std::chrono::hours retention) : retention_(retention) {}

  /// The stored answer, or nothing when the key is new (or older than the retention).
  [[nodiscard]] std::optional<StoredAnswer> find(std::string_view key, TimePoint now);
  /// `kind` groups answers that look alike, such as those of one route; their bodies are kept
  /// packed.
  void store(const std::string& key, std::string_view kind, StoredAnswer answer);
  void clear();

 private:
  struct Kept {
    StoredAnswer answer;  // its body is packed when `kind` is given
    const Resembling* kind = nullptr;
  };
  using Answers = std::unordered_map<std::string, Kept, TextHash, std::equal_to<>>;
  void forget_oldest();
  const Resembling* kind_of(std::string_view kind, const std::string& body);

  std::chrono::hours retention_;
  std::map<std::string, Resembling, std::less<>> kinds_;
  Answers answers_;
  std::deque<const Answers::value_type*> order_;  // oldest first
  std::size_t bytes_ = 0;
};

}  // namespace cambist::gateway::sandbox
