// A merchant's endpoint as the tests play it: an HTTP receiver of its own that checks the signature
// of each event by the published scheme, writes down what came in which order, and can fail.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/inbound/server.hpp"
#include "tests/support/invariants.hpp"

namespace cambist::test {

/// Whether `body` was signed under Standard Webhooks with `secret` ("whsec_…") and is at most five
/// minutes old or early.
/// Source: facts/webhooks.md section 2; written here again on purpose, so that the signer is not
/// its own judge.
[[nodiscard]] bool verifies(std::string_view secret, const http::Headers& headers,
                            std::string_view body, std::chrono::seconds now);

/// Listens on a port the system picks, for as long as it lives. Thread safe.
class Merchant {
 public:
  explicit Merchant(unsigned seed = 1);
  Merchant(const Merchant&) = delete;
  Merchant& operator=(const Merchant&) = delete;
  ~Merchant();

  /// Where events for `name` go.
  [[nodiscard]] std::string url(const std::string& name) const;
  /// What came to `name` before this is answered 500 and not counted: nobody can verify it.
  void knows(const std::string& name, std::string endpoint, std::string secret);
  /// So many of a hundred requests fail from now on: answered 500 or 503, or never answered in
  /// full. Half of them have been taken in by then, as when the answer is lost. No event fails
  /// twice at one endpoint: the second wait of the published schedule is five minutes.
  void fail(unsigned percent);
  /// From now on a digest is kept instead of each body: whether two are the same can still be seen,
  /// and a long run fits into memory.
  void keep_digests();
  [[nodiscard]] std::vector<Received> received() const;
  /// Whether an event of that type of a payment has been taken.
  [[nodiscard]] bool has_taken(const std::string& payment, const std::string& type) const;
  /// Requests with a signature that is wrong.
  [[nodiscard]] std::size_t unverified() const;

 private:
  struct Known {
    std::string endpoint;
    std::string secret;
  };
  gateway::inbound::Outgoing take(const http::Request& request);

  mutable std::mutex mutex_;
  std::mt19937 random_;
  unsigned percent_ = 0;
  bool digests_ = false;
  std::map<std::string, Known> known_;
  std::vector<Received> received_;
  std::set<std::pair<std::string, std::string>> failed_;  // endpoint and event
  std::size_t unverified_ = 0;
  std::unique_ptr<gateway::inbound::Server> server_;
};

}  // namespace cambist::test
