// Sockets of the generator: the address that is driven, connections that do not block, and one
// plain request for what stands beside the load (metrics, readiness).
#pragma once

#include <netinet/in.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "benchmarks/load/answer.hpp"

namespace cambist::load {

/// Shape: an IPv4 address; names are not resolved, since a benchmark should not measure DNS.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
  sockaddr_in address{};
};
/// "http://127.0.0.1:8080" and "http://127.0.0.1:8080/metrics"; the second is the path, "/" if
/// none.
[[nodiscard]] std::optional<std::pair<Endpoint, std::string>> read_url(std::string_view url);

/// A file descriptor that is closed with it.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool open() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// A connection that is being made; writable when it stands. Not open when the system refuses.
[[nodiscard]] Descriptor begin_connect(const Endpoint& endpoint);
/// As many descriptors as the system lets us have.
void raise_descriptor_limit();

/// One GET on a connection of its own that may block, at most 5 s.
[[nodiscard]] std::optional<Answer> get_once(const Endpoint& endpoint, std::string_view path);

}  // namespace cambist::load
