// A TCP server whose every byte and silence the test decides: each connection runs a script on its
// own thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "tests/support/raw_socket.hpp"

namespace cambist::test {

class RawPeer {
 public:
  /// `nth` counts connections from 1. The connection closes when the script returns.
  using Script = std::function<void(RawSocket& socket, int nth)>;

  explicit RawPeer(Script script);
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;
  ~RawPeer();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] int connections() const noexcept { return connections_; }

 private:
  void accept_all();

  Script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  bool stopping_ = false;
  std::list<RawSocket> sockets_;
  std::list<std::jthread> scripts_;
  std::jthread acceptor_;
};

/// A whole answer with Content-Length.
[[nodiscard]] std::string answer_bytes(int status, std::string_view body,
                                       std::string_view fields = "");
/// Answers every request on the connection with 200 and its own request line.
void answer_politely(RawSocket& socket, int nth);
/// A port of 127.0.0.1 where nobody listens.
[[nodiscard]] std::uint16_t dead_port();

}  // namespace cambist::test
