// One client's connection: reads a request, waits for its answer, writes it, and goes on. Lives on
// one I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include "gateway/inbound/server.hpp"
#include "gateway/inbound/worker.hpp"
#include "protocols/http/chunk_reader.hpp"
#include "protocols/http/head_guard.hpp"

namespace cambist::gateway::inbound {

/// Owned by its pending operations: with the last of them it goes. Everything but construction of a
/// Responder's post runs on the worker's thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Worker& worker, boost::asio::ip::tcp::socket socket, std::string peer);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  void serve();
  /// Says 503 and closes: there are too many connections.
  void turn_away();
  /// Closes when idle; otherwise the running request is the last.
  void drain();
  void close();

  /// Both do nothing unless request number `request` is still waiting for its answer.
  void answer(std::uint64_t request, Outgoing outgoing);
  void abandon(std::uint64_t request);

 private:
  using Clock = std::chrono::steady_clock;
  enum class Phase : std::uint8_t {
    idle,
    head,
    body,
    handling,
    delaying,
    writing,
    lingering,
    silent,
    closed
  };

  // Reading.
  void wait_readable();
  void on_readable();
  void on_end();
  void advance();
  bool read_head();
  bool begin_body();
  bool make_room();
  bool read_body();
  // Handing over.
  void hand_over();
  void refuse(int status, Error error);
  // Writing.
  void deliver();
  void write(http::Response response, Delivery delivery, bool keep_alive);
  void on_written(Delivery delivery);
  void next();
  void linger();
  void reset();
  void leave_room() noexcept;
  // Deadlines.
  void set_deadline(Clock::time_point at);
  void arm();
  void on_deadline();
  [[nodiscard]] Clock::time_point body_deadline() const;

  [[nodiscard]] const Limits& limits() const noexcept { return shared_.limits; }

  Worker& worker_;
  Shared& shared_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  Clock::time_point deadline_{};
  Clock::time_point armed_until_{};
  Clock::time_point body_began_{};
  std::string peer_;
  std::string in_;  // bytes that are not yet part of a request
  std::string out_head_, out_body_;
  http::Head head_;
  std::string body_;
  std::unique_ptr<http::ChunkReader> chunks_;
  std::unique_ptr<Outgoing> delayed_;
  std::size_t scanned_ = 0;  // bytes of `in_` that hold no end of a head
  std::size_t body_max_ = 0;
  std::size_t body_raw_ = 0;  // bytes of the body as sent, chunk heads included
  std::uint64_t requests_ = 0;
  Phase phase_ = Phase::idle;
  bool armed_ = false;
  bool keep_alive_ = true;
  bool large_ = false;  // counts among the large bodies
};

}  // namespace cambist::gateway::inbound
