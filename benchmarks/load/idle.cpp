#include "benchmarks/load/idle.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <optional>

namespace cambist::load {
namespace {

constexpr std::size_t opening_at_once = 200;  // below the backlog of any listener
constexpr int answer_wait_ms = 5'000;

bool ready(const Descriptor& socket, short events) {
  pollfd waiting{socket.get(), events, 0};
  return ::poll(&waiting, 1, answer_wait_ms) == 1 && (waiting.revents & events) != 0;
}

bool ask(const Descriptor& socket, const Endpoint& server) {
  if (!socket.open() || !ready(socket, POLLOUT)) return false;
  const std::string request = "GET /livez HTTP/1.1\r\nHost: " + server.host + "\r\n\r\n";
  return ::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(request.size());
}

bool hear(const Descriptor& socket) {
  std::string bytes;
  std::array<char, 4096> part{};
  while (ready(socket, POLLIN)) {
    const ssize_t got = ::recv(socket.get(), part.data(), part.size(), 0);
    if (got <= 0) return false;
    bytes.append(part.data(), static_cast<std::size_t>(got));
    const auto read = read_answer(bytes);
    if (const auto* answer = std::get_if<Answer>(&read)) return answer->status == 200;
    if (std::holds_alternative<Broken>(read)) return false;
  }
  return false;
}

bool still_open(const Descriptor& socket) {
  char byte = 0;
  return ::recv(socket.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

}  // namespace

IdleTally hold_idle(const IdlePlan& plan, Window& window) {
  window.opened = take_sample(plan.watch);
  IdleTally tally{.wanted = plan.connections};
  std::vector<Descriptor> held;
  held.reserve(plan.connections);
  const auto began = Clock::now();
  for (std::size_t left = plan.connections; left > 0;) {
    const auto count = std::min(left, opening_at_once);
    left -= count;
    std::vector<Descriptor> group;
    for (std::size_t i = 0; i < count; ++i) group.push_back(begin_connect(plan.server));
    for (const auto& socket : group) static_cast<void>(ask(socket, plan.server));
    for (auto& socket : group) {
      if (socket.open() && hear(socket)) held.push_back(std::move(socket));
    }
  }
  tally.opened = held.size();
  tally.seconds_to_open = std::chrono::duration<double>(Clock::now() - began).count();
  std::this_thread::sleep_for(plan.seconds);
  window.closed = take_sample(plan.watch);
  for (const auto& socket : held) tally.open_at_end += still_open(socket) ? 1U : 0U;
  return tally;
}

}  // namespace cambist::load
