#include "tests/support/raw_socket.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cambist::test {

namespace {

using Clock = std::chrono::steady_clock;

std::string header_of(std::string_view head, std::string_view name) {
  std::size_t at = head.find("\r\n");
  while (at != std::string_view::npos && at + 2 < head.size()) {
    const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    const auto colon = line.find(':');
    if (colon == name.size() &&
        std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
          return std::tolower(static_cast<unsigned char>(a)) ==
                 std::tolower(static_cast<unsigned char>(b));
        })) {
      const auto value = line.substr(colon + 1);
      const auto first = value.find_first_not_of(' ');
      return std::string{first == std::string_view::npos ? std::string_view{}
                                                         : value.substr(first)};
    }
    at = head.find("\r\n", at + 2);
  }
  return {};
}

std::size_t number(std::string_view text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::string RawAnswer::header(std::string_view name) const {
  return header_of(head, name);
}

RawSocket::RawSocket(RawSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      reset_seen_(other.reset_seen_),
      read_(std::move(other.read_)) {}

RawSocket& RawSocket::operator=(RawSocket&& other) noexcept {
  close();
  descriptor_ = std::exchange(other.descriptor_, -1);
  reset_seen_ = other.reset_seen_;
  read_ = std::move(other.read_);
  return *this;
}

RawSocket RawSocket::connect(std::uint16_t port) {
  RawSocket made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    return {};
  const int on = 1;
  ::setsockopt(made.descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return made;
}

bool RawSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool RawSocket::receive_some(std::chrono::milliseconds wait) {
  pollfd ready{descriptor_, POLLIN, 0};
  if (::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(wait.count(), 0))) <= 0)
    return false;
  std::array<char, 64 * 1024> buffer;
  const auto n = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (n < 0 && errno == ECONNRESET) reset_seen_ = true;
  if (n <= 0) return false;
  read_.append(buffer.data(), static_cast<std::size_t>(n));
  return true;
}

std::string RawSocket::receive_all(std::chrono::milliseconds wait) {
  const auto until = Clock::now() + wait;
  while (
      receive_some(std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()))) {
  }
  return std::exchange(read_, {});
}

std::optional<RawAnswer> RawSocket::receive_answer(bool to_head_request,
                                                   std::chrono::milliseconds wait) {
  const auto until = Clock::now() + wait;
  while (true) {
    if (const auto end = read_.find("\r\n\r\n"); end != std::string::npos) {
      RawAnswer answer;
      answer.head = read_.substr(0, end + 4);
      answer.status = static_cast<int>(number(answer.head.substr(answer.head.find(' ') + 1, 3)));
      const auto length = to_head_request ? 0 : number(answer.header("Content-Length"));
      if (read_.size() >= end + 4 + length) {
        answer.body = read_.substr(end + 4, length);
        read_.erase(0, end + 4 + length);
        return answer;
      }
    }
    if (!receive_some(std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now())))
      return std::nullopt;
  }
}

std::optional<std::string> RawSocket::receive_request(std::chrono::milliseconds wait) {
  const auto until = Clock::now() + wait;
  while (true) {
    if (const auto end = read_.find("\r\n\r\n"); end != std::string::npos) {
      const auto size = end + 4 + number(header_of(read_.substr(0, end + 4), "Content-Length"));
      if (read_.size() >= size) {
        auto request = read_.substr(0, size);
        read_.erase(0, size);
        return request;
      }
    }
    if (!receive_some(std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now())))
      return std::nullopt;
  }
}

bool RawSocket::closes(std::chrono::milliseconds wait) {
  const auto until = Clock::now() + wait;
  while (Clock::now() < until) {
    pollfd ready{descriptor_, POLLIN, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    if (::poll(&ready, 1, static_cast<int>(left.count()) + 1) > 0 &&
        !receive_some(std::chrono::milliseconds{0})) {
      return true;
    }
  }
  return false;
}

void RawSocket::shut_write() {
  ::shutdown(descriptor_, SHUT_WR);
}

void RawSocket::reset() {
  const linger now{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

void RawSocket::close() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

}  // namespace cambist::test
