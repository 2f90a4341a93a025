// How a client of a soak asks: again and again with the same key, through crashes and refusals,
// until it has an answer that will not change.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <utility>

#include "tests/soak/tally.hpp"

namespace cambist::soak {

using Draws = std::mt19937_64;

/// Whether the server runs, as those know who wait for it.
class Doorway {
 public:
  void open();
  void close();
  /// Waits until it is open; false after `timeout`.
  [[nodiscard]] bool wait_open(std::chrono::milliseconds timeout);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

/// A request, to be sent again exactly so. `kind` is its name in the report.
struct Ask {
  std::string kind;
  std::string target;
  std::string body;
  std::string key;
  std::string method = "POST";
};

/// Whether asking again with the same key would be answered the same: any 2xx, and any refusal that
/// is not "not now". A payment that failed because nothing could be sent is such a 503 too: its key
/// is free again.
[[nodiscard]] bool is_final(const test::ApiResponse& answer);

/// Thread safe.
class Asker {
 public:
  Asker(std::string origin, std::string api_key, Tally& tally, Doorway& doorway);

  [[nodiscard]] test::ApiResponse once(const Ask& ask, std::chrono::milliseconds timeout) const;
  /// Until the answer is final; after a minute it gives up, and the tally knows.
  [[nodiscard]] test::ApiResponse insist(const Ask& ask, std::uint64_t seed) const;
  /// Two at the same time.
  [[nodiscard]] std::pair<test::ApiResponse, test::ApiResponse> both(const Ask& one,
                                                                     const Ask& other,
                                                                     std::uint64_t seed) const;

 private:
  std::string origin_;
  std::string api_key_;
  Tally& tally_;
  Doorway& doorway_;
  std::shared_ptr<actors::HttpClient> http_;
};

}  // namespace cambist::soak
