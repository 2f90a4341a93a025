#include "tests/support/fault_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <utility>

#include "tests/support/postgres_frames.hpp"
#include "tests/support/service.hpp"

namespace cambist::test {
namespace {

using Steady = std::chrono::steady_clock;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

/// Bytes on their way to one side, each piece not before its time.
struct Flow {
  struct Piece {
    Steady::time_point due;
    std::string bytes;
  };
  std::deque<Piece> pieces{};

  void add(std::string bytes, std::chrono::milliseconds delay) {
    if (!bytes.empty()) pieces.push_back({Steady::now() + delay, std::move(bytes)});
  }
  [[nodiscard]] bool due() const { return !pieces.empty() && pieces.front().due <= Steady::now(); }
  /// False when the other side takes no more for ever.
  bool send_due(int to) {
    while (due()) {
      auto& bytes = pieces.front().bytes;
      const auto sent = send(to, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0) return errno == EAGAIN || errno == EINTR;
      bytes.erase(0, static_cast<std::size_t>(sent));
      if (bytes.empty()) pieces.pop_front();
    }
    return true;
  }
};

}  // namespace

class FaultProxy::Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  [[nodiscard]] int number() const noexcept { return number_; }
  /// Its end will be a reset, and what is under way is lost.
  void reset_at_end() const {
    const linger at_once{1, 0};
    setsockopt(number_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }

 private:
  int number_;
};

struct FaultProxy::Link {
  Link(Descriptor from, Descriptor to) : client(std::move(from)), server(std::move(to)) {
    // Small messages must not wait for each other: their delay is the test's alone.
    const int on = 1;
    for (const int fd : {client.number(), server.number()})
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  void cut() {
    client.reset_at_end();
    over = true;
  }

  Descriptor client;
  Descriptor server;
  Frames requests{Frames::From::client};
  Frames answers{Frames::From::server};
  Flow to_client{}, to_server{};
  std::string held_request{}, held_answer{};
  bool ready = false;          // logged in
  bool writes = false;         // has written at all
  bool batch_written = false;  // since the server was ready last
  bool ended = false;          // one side has; the rest of what it said is still to be brought
  bool over = false;
};

FaultProxy::FaultProxy(std::uint16_t server_port)
    : server_port_(server_port), wake_(std::make_unique<Descriptor>(eventfd(0, EFD_CLOEXEC))) {
  port_ = free_port();
  thread_ = std::thread{[this] { run(); }};
  wake_and_wait();
}

FaultProxy::~FaultProxy() {
  stop_ = true;
  eventfd_write(wake_->number(), 1);
  thread_.join();
}

std::string FaultProxy::url(const std::string& server_url) const {
  const auto colon = server_url.rfind(':');
  const auto path = server_url.find('/', colon);
  if (colon == std::string::npos || path == std::string::npos)
    throw std::runtime_error("no port in " + server_url);
  const auto rest = server_url.substr(path);
  return server_url.substr(0, colon + 1) + std::to_string(port_) + rest +
         (rest.find('?') == std::string::npos ? "?" : "&") + "sslmode=disable&gssencmode=disable";
}

void FaultProxy::cut() {
  ++cuts_;
  wake_and_wait();
}
void FaultProxy::refuse(bool yes) {
  refuse_ = yes;
  wake_and_wait();
}
void FaultProxy::silence(bool yes) {
  silent_ = yes;
  wake_and_wait();
}
void FaultProxy::delay(std::chrono::milliseconds each) {
  delay_ms_ = each.count();
}
void FaultProxy::drop_next_answer() {
  drop_answer_ = true;
}
void FaultProxy::cut_next_request() {
  cut_request_ = true;
}

void FaultProxy::wake_and_wait() {
  // The turn that runs now may have begun before the order.
  const unsigned before = turns_;
  eventfd_write(wake_->number(), 1);
  if (!eventually(std::chrono::seconds{10}, [&] { return turns_ - before >= 2; }))
    throw std::runtime_error("the proxy does not turn");
}

void FaultProxy::listen_or_refuse(Descriptor& listener) {
  if (refuse_ == (listener.number() < 0)) return;
  listener = Descriptor{};
  if (refuse_) return;
  Descriptor fresh{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  const int on = 1;
  setsockopt(fresh.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto address = loopback(port_);
  if (bind(fresh.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      listen(fresh.number(), 128) == 0)
    listener = std::move(fresh);
}

void FaultProxy::take(Descriptor& listener) {
  for (;;) {
    Descriptor client{accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (client.number() < 0) return;
    Descriptor server{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const auto address = loopback(server_port_);
    if (connect(server.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
      links_.push_back(std::make_unique<Link>(std::move(client), std::move(server)));
    else
      client.reset_at_end();
  }
}

void FaultProxy::run() {
  Descriptor listener;
  unsigned cuts = 0;
  while (!stop_) {
    listen_or_refuse(listener);
    if (const unsigned wanted = cuts_; cuts != wanted) {
      cuts = wanted;
      for (auto& link : links_) link->cut();
    }
    std::erase_if(links_, [](const auto& link) { return link->over; });
    connections_ = links_.size();
    ++turns_;

    std::vector<pollfd> ready{{wake_->number(), POLLIN, 0}};
    // While nothing goes through, the system itself takes connections and bytes, up to its bounds.
    const bool silent = silent_;
    const std::size_t watched = silent ? 0 : links_.size();
    ready.push_back({silent ? -1 : listener.number(), POLLIN, 0});
    bool later = false;
    for (std::size_t i = 0; i < watched; ++i) {
      const Link& link = *links_[i];
      const auto wants = [](const Flow& flow) { return flow.due() ? POLLIN | POLLOUT : POLLIN; };
      ready.push_back({link.client.number(), static_cast<short>(wants(link.to_client)), 0});
      ready.push_back({link.server.number(), static_cast<short>(wants(link.to_server)), 0});
      later = later || !link.to_client.pieces.empty() || !link.to_server.pieces.empty();
    }
    // A piece that waits for its time is looked at every millisecond: close enough.
    if (poll(ready.data(), ready.size(), later ? 1 : 100) < 0) continue;
    if (ready[0].revents != 0) {
      eventfd_t ignored = 0;
      eventfd_read(wake_->number(), &ignored);
      continue;  // the order comes before the bytes
    }
    for (std::size_t i = 0; i < watched; ++i)
      serve(*links_[i], ready[2 + 2 * i].revents, ready[3 + 2 * i].revents);
    if (ready[1].revents != 0) take(listener);
  }
  links_.clear();
}

void FaultProxy::serve(Link& link, short client_events, short server_events) {
  const auto read = [&](Descriptor& from, Frames& into) {
    char chunk[65536];
    const auto size = recv(from.number(), chunk, sizeof chunk, MSG_DONTWAIT);
    if (size > 0) into.add({chunk, static_cast<std::size_t>(size)});
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) link.ended = true;
  };
  constexpr short readable = POLLIN | POLLHUP | POLLERR;
  if ((client_events & readable) != 0 && !link.ended) {
    read(link.client, link.requests);
    from_client(link);
  }
  if ((server_events & readable) != 0 && !link.ended && !link.over) {
    read(link.server, link.answers);
    from_server(link);
  }
  if (link.over) return;
  if (!link.to_client.send_due(link.client.number()) ||
      !link.to_server.send_due(link.server.number()))
    link.over = true;
  if (link.ended && link.to_client.pieces.empty() && link.to_server.pieces.empty())
    link.over = true;
}

void FaultProxy::from_client(Link& link) {
  while (auto frame = link.requests.next()) {
    const bool whole = frame->ends_request();
    link.held_request += frame->bytes;
    if (!cut_request_ || !link.writes) {
      link.to_server.add(std::exchange(link.held_request, {}), {});
    } else if (whole) {
      if (!cut_request_.exchange(false)) continue;
      const auto half = link.held_request.size() / 2;
      link.to_server.add(link.held_request.substr(0, half), {});
      link.to_server.send_due(link.server.number());
      ++hits_;
      return link.cut();
    }
  }
}

void FaultProxy::from_server(Link& link) {
  const std::chrono::milliseconds delay{delay_ms_.load()};
  while (auto frame = link.answers.next()) {
    link.held_answer += frame->bytes;
    link.batch_written = link.batch_written || frame->is_written();
    link.writes = link.writes || link.batch_written;
    if (frame->is_ready()) {
      if (link.ready && link.batch_written && drop_answer_.exchange(false)) {
        ++hits_;
        return link.cut();
      }
      link.ready = true;
      link.batch_written = false;
    }
    // What may have to be kept back is kept until the server has said all of it.
    if (!drop_answer_ || !link.ready || frame->is_ready())
      link.to_client.add(std::exchange(link.held_answer, {}), delay);
  }
}

}  // namespace cambist::test
