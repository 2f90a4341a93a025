#include "tests/support/raw_peer.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cambist::test {

namespace {

// A listening socket on 127.0.0.1 and its port.
std::pair<int, std::uint16_t> listen_somewhere() {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::bind(made, reinterpret_cast<const sockaddr*>(&at), sizeof at);
  ::listen(made, 128);
  socklen_t size = sizeof at;
  ::getsockname(made, reinterpret_cast<sockaddr*>(&at), &size);
  return {made, ntohs(at.sin_port)};
}

}  // namespace

RawPeer::RawPeer(Script script) : script_(std::move(script)) {
  std::tie(listener_, port_) = listen_somewhere();
  acceptor_ = std::jthread{[this] { accept_all(); }};
}

RawPeer::~RawPeer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    for (auto& socket : sockets_) {
      if (socket.is_open()) ::shutdown(socket.descriptor(), SHUT_RDWR);
    }
  }
  scripts_.clear();  // joins
}

void RawPeer::accept_all() {
  while (true) {
    const int made = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (made < 0) return;
    const std::lock_guard lock{mutex_};
    if (stopping_) {
      ::close(made);
      return;
    }
    auto& socket = sockets_.emplace_back(made);
    scripts_.emplace_back([this, &socket, nth = ++connections_] {
      script_(socket, nth);
      const std::lock_guard closing{mutex_};
      socket.close();
    });
  }
}

std::string answer_bytes(int status, std::string_view body, std::string_view fields) {
  return "HTTP/1.1 " + std::to_string(status) +
         " Said\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string{fields} +
         "\r\n" + std::string{body};
}

void answer_politely(RawSocket& socket, int) {
  while (const auto request = socket.receive_request()) {
    socket.send(answer_bytes(200, request->substr(0, request->find("\r\n"))));
  }
}

std::uint16_t dead_port() {
  const auto [socket, port] = listen_somewhere();
  ::close(socket);
  return port;
}

}  // namespace cambist::test
