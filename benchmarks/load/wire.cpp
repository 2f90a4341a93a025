#include "benchmarks/load/wire.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <charconv>

namespace cambist::load {

std::optional<std::pair<Endpoint, std::string>> read_url(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return std::nullopt;
  url.remove_prefix(scheme.size());
  const auto slash = url.find('/');
  const auto authority = url.substr(0, slash);
  const auto colon = authority.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Endpoint endpoint;
  endpoint.host = authority.substr(0, colon);
  const auto digits = authority.substr(colon + 1);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), endpoint.port);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  endpoint.address.sin_family = AF_INET;
  endpoint.address.sin_port = htons(endpoint.port);
  const std::string address = endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host;
  if (inet_pton(AF_INET, address.c_str(), &endpoint.address.sin_addr) != 1) return std::nullopt;
  return std::pair{std::move(endpoint), slash == std::string_view::npos
                                            ? std::string{"/"}
                                            : std::string{url.substr(slash)}};
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

namespace {

Descriptor tcp_socket(int flags) {
  Descriptor made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0)};
  const int one = 1;
  if (made.open()) ::setsockopt(made.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return made;
}

int start_connect(const Descriptor& socket, const Endpoint& endpoint) {
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&endpoint.address),
                   sizeof endpoint.address);
}

}  // namespace

Descriptor begin_connect(const Endpoint& endpoint) {
  Descriptor made = tcp_socket(SOCK_NONBLOCK);
  if (!made.open()) return made;
  if (start_connect(made, endpoint) != 0 && errno != EINPROGRESS) return Descriptor{};
  return made;
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

std::optional<Answer> get_once(const Endpoint& endpoint, std::string_view path) {
  const Descriptor socket = tcp_socket(0);
  if (!socket.open()) return std::nullopt;
  const timeval wait{5, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  if (start_connect(socket, endpoint) != 0) return std::nullopt;
  const std::string request = "GET " + std::string{path} + " HTTP/1.1\r\nHost: " + endpoint.host +
                              ":" + std::to_string(endpoint.port) + "\r\nConnection: close\r\n\r\n";
  if (::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return std::nullopt;
  }
  std::string bytes;
  std::array<char, 16 * 1024> part{};
  for (;;) {
    const ssize_t got = ::recv(socket.get(), part.data(), part.size(), 0);
    if (got <= 0) return std::nullopt;
    bytes.append(part.data(), static_cast<std::size_t>(got));
    auto read = read_answer(bytes);
    if (auto* answer = std::get_if<Answer>(&read)) return std::move(*answer);
    if (std::holds_alternative<Broken>(read)) return std::nullopt;
  }
}

}  // namespace cambist::load
