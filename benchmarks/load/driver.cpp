#include "benchmarks/load/driver.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace cambist::load {
namespace {

constexpr Nanoseconds drain_max = std::chrono::seconds{10};
constexpr Nanoseconds reconnect_delay = std::chrono::milliseconds{2};
constexpr Nanoseconds look_around = std::chrono::milliseconds{100};
constexpr std::size_t backlog_max = 1'000'000;

std::string printable(std::string_view text) {
  std::string out{text.substr(0, 300)};
  for (char& c : out) {
    if (c < 32 || c == 127) c = ' ';
  }
  return out;
}

}  // namespace

struct Driver::Link {
  Descriptor socket;
  bool connecting = false;
  bool busy = false;  // a payment is under way on it
  bool capturing = false;
  Nanoseconds intended{};  // of the request that is under way: latency counts from here
  std::string id{};
  std::string rid{};
  std::string out{};
  std::size_t sent = 0;
  std::string in{};
};

Driver::Driver(const Plan& plan, Clock::time_point start)
    : plan_(plan),
      start_(start),
      opens_(std::chrono::duration_cast<Nanoseconds>(plan.warm)),
      closes_(opens_ + std::chrono::duration_cast<Nanoseconds>(plan.seconds)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      schedule_(plan.rate > 0 ? plan.rate : 1),
      backlog_(backlog_max, plan.patience) {
  if (!epoll_.open()) throw std::runtime_error("no epoll");
  for (std::size_t i = 0; i < plan.connections; ++i) links_.push_back(std::make_unique<Link>());
}
Driver::~Driver() = default;

Nanoseconds Driver::now() const {
  return Clock::now() - start_;
}
bool Driver::in_window(Nanoseconds when) const noexcept {
  return when >= opens_ && when < closes_;
}
bool Driver::may_start() const noexcept {
  return plan_.payments == 0 || tally_.started < plan_.payments;
}

bool Driver::finished(Nanoseconds when) const noexcept {
  if (!may_start() && busy_ == 0) return true;
  if (when < closes_) return false;
  return !open_loop() || (busy_ == 0 && backlog_.size() == 0) || when >= closes_ + drain_max;
}

Nanoseconds Driver::sleep_until(Nanoseconds when) const noexcept {
  Nanoseconds wake = when + look_around;
  if (when < closes_) wake = std::min(wake, closes_);
  if (open_loop() && may_start() && schedule_.next() < closes_) {
    wake = std::min(wake, schedule_.next());
  }
  if (!reviving_.empty()) wake = std::min(wake, reviving_.front().first);
  return std::max(wake, when);
}

Tally Driver::run() {
  for (const auto& link : links_) connect(*link);
  std::array<epoll_event, 256> ready{};
  for (Nanoseconds when = now(); !finished(when); when = now()) {
    const auto left = (sleep_until(when) - when).count();
    const timespec wait{left / 1'000'000'000, left % 1'000'000'000};
    const int count = ::epoll_pwait2(epoll_.get(), ready.data(), ready.size(), &wait, nullptr);
    for (int i = 0; i < count; ++i) {
      const auto& event = ready[static_cast<std::size_t>(i)];
      on_event(*static_cast<Link*>(event.data.ptr), event.events);
    }
    revive(now());
    if (open_loop()) admit_arrivals(now());
  }
  tally_.unanswered = busy_ + backlog_.size();
  if (!open_loop()) tally_.unanswered = 0;  // a closed loop simply stops where it is
  tally_.given_up = backlog_.given_up();
  return tally_;
}

void Driver::connect(Link& link) {
  link.in.clear();
  link.socket = begin_connect(plan_.server);
  link.connecting = true;
  if (!link.socket.open()) {
    reviving_.emplace_back(now() + reconnect_delay, &link);
    return;
  }
  epoll_event wanted{};
  wanted.events = EPOLLOUT;
  wanted.data.ptr = &link;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, link.socket.get(), &wanted);
}

void Driver::revive(Nanoseconds when) {
  while (!reviving_.empty() && reviving_.front().first <= when) {
    Link* link = reviving_.front().second;
    reviving_.pop_front();
    connect(*link);
  }
}

void Driver::listen_for(Link& link, std::uint32_t events) {
  epoll_event wanted{};
  wanted.events = events;
  wanted.data.ptr = &link;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, link.socket.get(), &wanted);
}

/// Every arrival that is due finds a connection or waits for one, first come first served.
void Driver::admit_arrivals(Nanoseconds when) {
  while (may_start() && schedule_.next() < closes_) {
    const auto due = schedule_.take(when);
    if (!due) break;
    backlog_.push(*due);
  }
  while (!free_.empty() && may_start()) {
    const auto intended = backlog_.pop(when);
    if (!intended) return;
    Link* link = free_.back();
    free_.pop_back();
    begin_payment(*link, *intended);
  }
}

/// `link` is connected and has nothing to do.
void Driver::next_payment(Link& link, Nanoseconds when) {
  if (!may_start()) return;
  if (!open_loop()) {
    begin_payment(link, when);
  } else if (const auto intended = backlog_.pop(when)) {
    begin_payment(link, *intended);
  } else {
    free_.push_back(&link);
  }
}

void Driver::begin_payment(Link& link, Nanoseconds intended) {
  link.id = plan_.prefix + "-" + std::to_string(tally_.started++);
  link.rid.clear();
  link.busy = true;
  link.capturing = false;
  link.intended = intended;
  ++busy_;
  begin_request(link);
}

void Driver::begin_request(Link& link) {
  const Call& call = link.capturing ? plan_.capture : plan_.create;
  const std::string body = call.body.filled(link.id, link.rid);
  auto& out = link.out;
  out = "POST ";
  call.path.append_to(out, link.id, link.rid);
  out += " HTTP/1.1\r\nHost: ";
  out += plan_.server.host;
  out += ':';
  out += std::to_string(plan_.server.port);
  out += "\r\nContent-Type: application/json\r\nIdempotency-Key: ";
  call.key.append_to(out, link.id, link.rid);
  for (const auto& header : plan_.headers) {
    out += "\r\n";
    out += header;
  }
  out += "\r\nContent-Length: ";
  out += std::to_string(body.size());
  out += "\r\n\r\n";
  out += body;
  link.sent = 0;
  link.in.clear();
  flush(link);
}

void Driver::on_event(Link& link, std::uint32_t events) {
  if (!link.socket.open()) return;
  if (link.connecting) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(link.socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return fail(link, std::strerror(error), true);
    link.connecting = false;
    listen_for(link, EPOLLIN);
    return next_payment(link, now());
  }
  if ((events & EPOLLOUT) != 0) {
    listen_for(link, EPOLLIN);
    flush(link);
  }
  if (link.socket.open() && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive(link);
}

void Driver::flush(Link& link) {
  while (link.sent < link.out.size()) {
    const ssize_t sent = ::send(link.socket.get(), link.out.data() + link.sent,
                                link.out.size() - link.sent, MSG_NOSIGNAL);
    if (sent > 0) {
      link.sent += static_cast<std::size_t>(sent);
    } else if (sent < 0 && errno == EAGAIN) {
      return listen_for(link, EPOLLIN | EPOLLOUT);
    } else {
      return fail(link, "send", true);
    }
  }
}

void Driver::receive(Link& link) {
  std::array<char, 16 * 1024> part{};
  const ssize_t got = ::recv(link.socket.get(), part.data(), part.size(), 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return fail(link, got == 0 ? "closed" : "receive", true);
  link.in.append(part.data(), static_cast<std::size_t>(got));
  const auto read = read_answer(link.in);
  if (const auto* answer = std::get_if<Answer>(&read)) {
    answered(link, *answer);
  } else if (std::holds_alternative<Broken>(read)) {
    fail(link, "not understood", true);
  }
}

void Driver::answered(Link& link, const Answer& answer) {
  if (!link.busy) return fail(link, "unasked answer", true);
  const Call& call = link.capturing ? plan_.capture : plan_.create;
  const bool good = answer.status >= 200 && answer.status < 300 &&
                    answer.body.find(call.expected) != std::string::npos;
  if (!good) {
    if (tally_.first_error.empty()) tally_.first_error = printable(answer.body);
    return fail(link, std::to_string(answer.status), answer.closing);
  }
  const Nanoseconds when = now();
  // A closed loop belongs to the window by its end, an open one by its intended start: what a stall
  // makes late must not fall out of the count.
  if (in_window(open_loop() ? link.intended : when)) {
    (link.capturing ? tally_.capture : tally_.create).add(when - link.intended);
  }
  if (!link.capturing && !plan_.create_only) {
    link.rid = answered_id(answer.body);
    link.capturing = true;
    link.intended = when;
    if (!answer.closing) return begin_request(link);
    return fail(link, "closed between", true);
  }
  link.busy = false;
  --busy_;
  ++tally_.payments_in_all;
  if (in_window(when)) ++tally_.payments;
  if (answer.closing) return connect(link);
  next_payment(link, when);
}

/// The payment on `link`, if there is one, ends here; it is not tried again.
void Driver::fail(Link& link, std::string_view why, bool broken) {
  const Nanoseconds when = now();
  if (link.busy) {
    link.busy = false;
    --busy_;
  }
  if (in_window(when)) ++tally_.errors[std::string{why}];
  if (tally_.first_error.empty()) tally_.first_error = why;
  if (!broken) return next_payment(link, when);
  // A free connection that breaks is not free any more.
  free_.erase(std::remove(free_.begin(), free_.end(), &link), free_.end());
  link.socket = Descriptor{};
  link.connecting = true;
  reviving_.emplace_back(when + reconnect_delay, &link);
}

}  // namespace cambist::load
