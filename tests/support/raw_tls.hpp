// Certificates made at test time and a TLS peer that shows one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <openssl/ssl.h>

#include "tests/support/raw_peer.hpp"

namespace cambist::test {

/// A certificate with its key, as OpenSSL holds them.
struct Identity {
  std::shared_ptr<X509> certificate;
  std::shared_ptr<EVP_PKEY> key;
};

struct Wish {
  std::string name = "localhost";  // a DNS name, or an IPv4 address
  long not_before_s = -3600;       // from now
  long not_after_s = 3600;
};

/// A certificate authority of its own, whose root is also written to a file that goes with it.
class TestCa {
 public:
  TestCa();
  TestCa(const TestCa&) = delete;
  TestCa& operator=(const TestCa&) = delete;
  ~TestCa();

  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] Identity issue(const Wish& wish) const;

 private:
  Identity root_;
  std::string file_;
};

[[nodiscard]] Identity self_signed(const Wish& wish);

/// Answers each request after the handshake with 200 and its request line.
class TlsPeer {
 public:
  /// `newest_version`: for example TLS1_1_VERSION to be out of date; 0 for no limit.
  /// `cut`: end after half of the answer, without close_notify.
  explicit TlsPeer(const Identity& identity, int newest_version = 0, bool cut = false);

  [[nodiscard]] std::string origin(const std::string& host = "localhost") const {
    return "https://" + host + ":" + std::to_string(peer_.port());
  }
  [[nodiscard]] int connections() const noexcept { return peer_.connections(); }
  /// The server name (SNI) the last client asked for.
  [[nodiscard]] std::string asked_name() const;
  [[nodiscard]] int requests() const noexcept { return requests_; }

 private:
  void talk(RawSocket& socket);

  std::shared_ptr<SSL_CTX> context_;
  bool cut_;
  std::atomic<int> requests_{0};
  mutable std::mutex mutex_;
  std::string asked_name_;
  RawPeer peer_;  // last: its threads use the rest
};

}  // namespace cambist::test
