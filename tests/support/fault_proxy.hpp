// The network between the program and its database, with everything that a network does wrong: it
// stands between the two, and is told by a test when to fail and how.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace cambist::test {

/// Listens at a port that stays its own for as long as it lives. Thread safe; what it is told holds
/// when the function returns, but for `drop_next_answer` and `cut_next_request`, which wait for
/// their moment.
class FaultProxy {
 public:
  /// To the server at this port of 127.0.0.1, which need not be there yet.
  explicit FaultProxy(std::uint16_t server_port);
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;
  ~FaultProxy();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// `server_url` by way of this proxy, unencrypted: it must read what it forwards.
  [[nodiscard]] std::string url(const std::string& server_url) const;

  /// All connections are reset.
  void cut();
  /// New connections are refused, as where nobody listens.
  void refuse(bool yes);
  /// Nothing goes through any more, and nobody is told: neither an end nor an error.
  void silence(bool yes);
  /// Every answer comes so much later.
  void delay(std::chrono::milliseconds each);
  /// The next request that writes is done by the server, and its answer never arrives: the
  /// connection is reset instead.
  void drop_next_answer();
  /// The connection is reset in the middle of the next request, at a connection that has written.
  void cut_next_request();
  /// How often the last two came to pass.
  [[nodiscard]] int hits() const noexcept { return hits_; }
  [[nodiscard]] std::size_t connections() const noexcept { return connections_; }

 private:
  class Descriptor;
  struct Link;

  void run();
  void listen_or_refuse(Descriptor& listener);
  void take(Descriptor& listener);
  void serve(Link& link, short client_events, short server_events);
  void from_client(Link& link);
  void from_server(Link& link);
  void wake_and_wait();

  const std::uint16_t server_port_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Descriptor> wake_;
  std::vector<std::unique_ptr<Link>> links_{};  // the thread's own
  std::atomic<bool> stop_{false}, refuse_{false}, silent_{false};
  std::atomic<bool> drop_answer_{false}, cut_request_{false};
  std::atomic<unsigned> cuts_{0}, turns_{0};
  std::atomic<std::chrono::milliseconds::rep> delay_ms_{0};
  std::atomic<int> hits_{0};
  std::atomic<std::size_t> connections_{0};
  std::thread thread_{};
};

}  // namespace cambist::test
