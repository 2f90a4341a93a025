// Answers that are given again under their idempotency key, for what no payment keeps them: the
// operators' and the endpoints' requests. In memory and bounded; README.md, decision 10.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>
#include <variant>

#include "protocols/core/digest.hpp"
#include "protocols/core/error.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway {

/// Thread safe.
class KeptAnswers {
 public:
  struct Before {
    int status = 200;
    std::string body;
    std::string location{};
  };
  struct First {};

  explicit KeptAnswers(std::size_t answers_max = 4'096, Duration lifetime = std::chrono::hours{24})
      : answers_max_(answers_max), lifetime_(lifetime) {}

  /// Takes the key, or says what is known under it. When all places are taken the oldest answer
  /// goes.
  /// Errors: idempotency_key_reused, idempotency_in_progress; overloaded when all places are taken
  /// by requests that are still running.
  [[nodiscard]] std::variant<First, Before, Error> claim(const std::string& key,
                                                         const Sha256& fingerprint, TimePoint now);
  /// The claimed request is answered. Nothing is kept of a failure of ours: it may be repeated.
  void answered(const std::string& key, Before answer);

 private:
  struct Entry {
    Sha256 fingerprint{};
    TimePoint at{};
    bool done = false;
    Before answer{};
  };
  void forget_expired(TimePoint now);
  [[nodiscard]] bool make_room();
  void forget_oldest();

  std::mutex mutex_;
  std::size_t answers_max_;
  Duration lifetime_;
  std::unordered_map<std::string, Entry> entries_;
  std::deque<std::string> order_;  // of the answers, the oldest first
};

}  // namespace cambist::gateway
