#include "gateway/inbound/connection.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <spdlog/spdlog.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>

#include "gateway/inbound/response_bytes.hpp"

namespace cambist::gateway::inbound {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// What the last copy of a Responder owns: the right to answer one request, once.
class Ticket {
 public:
  Ticket(std::shared_ptr<Worker> worker, std::weak_ptr<Connection> connection,
         std::uint64_t request)
      : worker_(std::move(worker)), connection_(std::move(connection)), request_(request) {}
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  ~Ticket() {
    if (used_.exchange(true)) return;
    try {
      asio::post(worker_->io, [connection = connection_, request = request_] {
        if (const auto alive = connection.lock()) alive->abandon(request);
      });
    } catch (...) {  // out of memory: the handler deadline will answer instead
    }
  }

  void answer(Outgoing outgoing) {
    if (used_.exchange(true)) return;
    asio::post(worker_->io,
               [connection = connection_, request = request_, out = std::move(outgoing)]() mutable {
                 if (const auto alive = connection.lock()) alive->answer(request, std::move(out));
               });
  }

 private:
  std::shared_ptr<Worker> worker_;
  std::weak_ptr<Connection> connection_;
  std::uint64_t request_;
  std::atomic<bool> used_{false};
};

}  // namespace

Connection::Connection(Worker& worker, asio::ip::tcp::socket socket, std::string peer)
    : worker_(worker),
      shared_(*worker.shared),
      socket_(std::move(socket)),
      timer_(worker.io),
      peer_(std::move(peer)) {
  worker_.connections.insert(this);
}

Connection::~Connection() {
  worker_.connections.erase(this);
  leave_room();
  error_code ignored;
  socket_.close(ignored);
  shared_.admission.leave(peer_);
}

void Connection::serve() {
  set_deadline(Clock::now() + limits().idle_max);
  wait_readable();
}

void Connection::turn_away() {
  ++shared_.refused_connections;
  refuse(503, {ErrorCode::overloaded, "there are too many connections"});
}

void Connection::drain() {
  if (phase_ != Phase::idle) return;
  error_code error;
  if (socket_.available(error) == 0) close();  // else a request is already there: serve it first
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

// ---- reading ----

// Waits without a buffer; on_readable then reads into the thread's own.
void Connection::wait_readable() {
  socket_.async_wait(asio::socket_base::wait_read, [self = shared_from_this()](error_code error) {
    if (!error) self->on_readable();
  });
}

void Connection::on_readable() {
  if (phase_ == Phase::closed) return;
  error_code error;
  const auto n = socket_.read_some(asio::buffer(worker_.scratch), error);
  if (error == asio::error::would_block || error == asio::error::try_again) return wait_readable();
  if (error == asio::error::eof) return on_end();
  if (error) return close();
  if (phase_ == Phase::lingering || phase_ == Phase::silent) return wait_readable();
  in_.append(worker_.scratch.data(), n);
  if (phase_ == Phase::idle) {
    phase_ = Phase::head;
    set_deadline(Clock::now() + limits().head_deadline);
  }
  advance();
}

// The client will send no more. Half a request is answered too: only its other half of the
// connection is shut.
void Connection::on_end() {
  if (phase_ == Phase::head || phase_ == Phase::body) {
    return refuse(400, {ErrorCode::invalid_request, "the request ended early"});
  }
  close();
}

void Connection::advance() {
  if (phase_ == Phase::head && !read_head()) return;
  if (phase_ == Phase::body && !read_body()) return;
  hand_over();
}

// Returns whether the whole head is there and was accepted, here and below; otherwise what comes
// next is arranged.
bool Connection::read_head() {
  const auto scan = http::scan_head(in_, scanned_);
  scanned_ = scan.scanned;
  if (scan.bad) {
    refuse(400, {ErrorCode::invalid_request, "the head holds a bare CR, a bare LF or NUL"});
    return false;
  }
  if (scan.end == 0) {
    if (in_.size() >= limits().head_bytes) {
      auto refusal = http::head_too_long(in_);
      refuse(refusal.status, std::move(refusal.error));
    } else {
      wait_readable();
    }
    return false;
  }
  auto outcome =
      http::guard_head(std::string_view{in_}.substr(0, scan.end),
                       {limits().head_bytes, limits().head_fields, limits().target_bytes});
  if (auto* refusal = std::get_if<http::HeadRefusal>(&outcome)) {
    refuse(refusal->status, std::move(refusal->error));
    return false;
  }
  head_ = std::move(std::get<http::Head>(outcome));
  in_.erase(0, scan.end);
  scanned_ = 0;
  return begin_body();
}

bool Connection::begin_body() {
  phase_ = Phase::body;
  body_.clear();
  body_raw_ = 0;
  body_max_ = head_.target.starts_with(limits().webhook_prefix) ? limits().webhook_body_bytes
                                                                : limits().body_bytes;
  if (head_.framing == http::Framing::none) return true;
  if (!make_room()) {
    refuse(503, {ErrorCode::overloaded, "too many large bodies at a time; send it again"});
    return false;
  }
  if (head_.content_length > body_max_) {
    refuse(413, {ErrorCode::payload_too_large, "the body is too long"});
    return false;
  }
  if (head_.framing == http::Framing::chunked)
    chunks_ = std::make_unique<http::ChunkReader>(body_max_);
  body_began_ = Clock::now();
  if (head_.expects_continue && in_.empty()) {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code error;
    // The send buffer is empty but for an earlier answer; a client that does not even read that one
    // is left.
    if (socket_.write_some(asio::buffer(go_on), error) != go_on.size()) {
      close();
      return false;
    }
  }
  return true;
}

// Whether the body may come as far as the room for large ones goes; the others need none.
bool Connection::make_room() {
  const auto& large = limits().large;
  const bool fits = head_.framing == http::Framing::length && head_.content_length <= body_max_;
  if (fits || !large.may || !large.may(head_)) return true;
  if (head_.content_length > large.bytes) return true;  // refused for its length
  if (shared_.large_bodies.fetch_add(1) >= large.at_once) {
    shared_.large_bodies.fetch_sub(1);
    return false;
  }
  large_ = true;
  body_max_ = std::max(body_max_, large.bytes);
  return true;
}

void Connection::leave_room() noexcept {
  if (!large_) return;
  large_ = false;
  shared_.large_bodies.fetch_sub(1);
}

bool Connection::read_body() {
  if (head_.framing == http::Framing::length) {
    const auto part = std::min<std::size_t>(head_.content_length - body_.size(), in_.size());
    body_.append(in_, 0, part);
    body_raw_ += part;
    in_.erase(0, part);
    if (body_.size() == head_.content_length) return true;
  } else if (head_.framing == http::Framing::chunked) {
    const auto progress = chunks_->feed(in_, body_);
    body_raw_ += progress.consumed;
    in_.erase(0, progress.consumed);
    switch (progress.step) {
      case http::ChunkReader::Step::done:
        return true;
      case http::ChunkReader::Step::more:
        break;
      case http::ChunkReader::Step::bad:
        refuse(400, {ErrorCode::invalid_request, "the chunked body is malformed"});
        return false;
      case http::ChunkReader::Step::too_large:
        refuse(413, {ErrorCode::payload_too_large, "the body is too long"});
        return false;
    }
  } else {
    return true;
  }
  set_deadline(body_deadline());
  wait_readable();
  return false;
}

// ---- handing over ----

void Connection::hand_over() {
  phase_ = Phase::handling;
  chunks_.reset();
  keep_alive_ = head_.keep_alive;
  const auto number = ++requests_;
  ++shared_.requests;
  set_deadline(Clock::now() + limits().handler_deadline);
  auto ticket = std::make_shared<Ticket>(worker_.shared_from_this(), weak_from_this(), number);
  http::Request request{head_.method,     {},   std::move(head_.target), std::move(head_.headers),
                        std::move(body_), peer_};
  try {
    shared_.handler(std::move(request),
                    [ticket](Outgoing outgoing) { ticket->answer(std::move(outgoing)); });
  } catch (...) {
    ticket->answer({});  // spent: what the handler may still hold of it is void
    abandon(number);
  }
}

void Connection::answer(std::uint64_t request, Outgoing outgoing) {
  if (phase_ != Phase::handling || request != requests_) return;
  const auto delay = outgoing.delay;
  delayed_ = std::make_unique<Outgoing>(std::move(outgoing));
  if (delay.count() <= 0) return deliver();
  phase_ = Phase::delaying;
  set_deadline(Clock::now() + delay);
}

void Connection::abandon(std::uint64_t request) {
  if (phase_ != Phase::handling || request != requests_) return;
  refuse(500, {ErrorCode::internal, "the request could not be served"});
}

// The connection ends with every refusal, since what follows may be part of what was refused.
void Connection::refuse(int status, Error error) {
  if (status != 503 && status != 500 && status != 408) ++shared_.refused_heads;
  spdlog::debug("http refused: {} {}", status, error.detail);  // no detail repeats what was sent
  http::Response response;
  try {
    response = shared_.refusal(status, error);
  } catch (...) {
    response = {status, {}, {}};
  }
  write(std::move(response), Delivery::normal, false);
}

// ---- writing ----

void Connection::deliver() {
  const auto outgoing = std::move(delayed_);
  switch (outgoing->delivery) {
    case Delivery::never:
      phase_ = Phase::silent;
      set_deadline(Clock::now() + limits().idle_max);
      return wait_readable();
    case Delivery::reset:
      return reset();
    case Delivery::normal:
    case Delivery::reset_mid_body:
    case Delivery::truncate:
      break;
  }
  const auto* connection = http::find(outgoing->response.headers, "Connection");
  const bool handler_closes = connection != nullptr && *connection == "close";
  write(std::move(outgoing->response), outgoing->delivery,
        keep_alive_ && !handler_closes && outgoing->delivery == Delivery::normal &&
            requests_ < limits().requests_per_connection && !shared_.draining);
}

void Connection::write(http::Response response, Delivery delivery, bool keep_alive) {
  phase_ = Phase::writing;
  keep_alive_ = keep_alive;
  leave_room();
  if (const auto now = std::time(nullptr); now != worker_.date_second) {
    worker_.date_second = now;
    worker_.date = http_date(now);
  }
  out_head_ = response_head(response, {worker_.date, keep_alive, head_.minor_version});
  out_body_ = std::move(response.body);
  if (head_.method == "HEAD" || !allows_body(response.status)) out_body_.clear();
  if (delivery != Delivery::normal) {
    auto& cut = out_body_.empty() ? out_head_ : out_body_;
    cut.resize(cut.size() / 2);
  }
  set_deadline(Clock::now() + limits().write_deadline);
  const std::array buffers{asio::buffer(std::as_const(out_head_)),
                           asio::buffer(std::as_const(out_body_))};
  asio::async_write(socket_, buffers,
                    [self = shared_from_this(), delivery](error_code error, std::size_t) {
                      if (error) return self->close();
                      self->on_written(delivery);
                    });
}

void Connection::on_written(Delivery delivery) {
  if (phase_ == Phase::closed) return;
  if (delivery == Delivery::reset_mid_body) return reset();
  if (!keep_alive_) return linger();
  next();
}

// Pipelined requests wait in `in_`, so answers keep the order of the requests.
void Connection::next() {
  head_ = {};
  out_head_.clear();
  std::string{}.swap(out_body_);
  if (in_.empty()) {
    if (shared_.draining) return linger();
    phase_ = Phase::idle;
    std::string{}.swap(in_);
    std::string{}.swap(out_head_);
    set_deadline(Clock::now() + limits().idle_max);
    return wait_readable();
  }
  phase_ = Phase::head;
  set_deadline(Clock::now() + limits().head_deadline);
  advance();
}

// Closing with unread bytes would send RST and could take the answer with it: shut our side, let
// the client finish.
void Connection::linger() {
  phase_ = Phase::lingering;
  std::string{}.swap(in_);
  error_code error;
  socket_.shutdown(asio::socket_base::shutdown_send, error);
  if (error) return close();
  set_deadline(Clock::now() + limits().linger_max);
  wait_readable();
}

void Connection::reset() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
  close();
}

// ---- deadlines ----

// One timer that is only moved when a deadline comes earlier than it would fire; else it looks
// again when it fires.
void Connection::set_deadline(Clock::time_point at) {
  deadline_ = at;
  if (!armed_ || at < armed_until_) arm();
}

void Connection::arm() {
  armed_ = true;
  armed_until_ = deadline_;
  timer_.expires_at(deadline_);
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (error || self->phase_ == Phase::closed) return;
    self->armed_ = false;
    if (Clock::now() < self->deadline_) return self->arm();
    self->on_deadline();
  });
}

// Absolute, and earlier for a client that sends less than the minimum rate.
Connection::Clock::time_point Connection::body_deadline() const {
  const std::chrono::milliseconds earned{body_raw_ * 1000 /
                                         std::max<std::size_t>(limits().body_rate_min, 1)};
  const auto longest = large_ ? limits().large.deadline : limits().body_deadline;
  return body_began_ + std::min(longest, limits().body_grace + earned);
}

void Connection::on_deadline() {
  switch (phase_) {
    case Phase::head:
    case Phase::body:
      ++shared_.timed_out;
      return refuse(408, {ErrorCode::timeout, "the request did not arrive in time"});
    case Phase::handling:
      ++shared_.timed_out;
      return refuse(503, {ErrorCode::unavailable, "the request took too long"});
    case Phase::delaying:
      return deliver();
    case Phase::writing:
      ++shared_.timed_out;
      return reset();
    case Phase::idle:
    case Phase::lingering:
    case Phase::silent:
      return close();
    case Phase::closed:
      return;
  }
}

}  // namespace cambist::gateway::inbound
