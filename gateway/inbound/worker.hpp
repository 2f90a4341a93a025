// One I/O thread with its acceptor and its connections. Only server.cpp and connection.cpp include
// this.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <thread>
#include <unordered_set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/inbound/admission.hpp"
#include "gateway/inbound/server.hpp"

namespace cambist::gateway::inbound {

class Connection;

/// What all threads of one server share.
struct Shared {
  Shared(Limits limits_, Handler handler_, Refusal refusal_)
      : limits(std::move(limits_)),
        handler(std::move(handler_)),
        refusal(std::move(refusal_)),
        admission(limits.connections, limits.connections_per_address) {}

  const Limits limits;
  Handler handler;
  Refusal refusal;
  Admission admission;
  std::atomic<bool> draining{false};
  std::atomic<std::size_t> large_bodies{0};  // under way
  std::atomic<std::uint64_t> accepted{0}, requests{0}, refused_heads{0}, refused_connections{0},
      accept_failures{0}, timed_out{0};
};

/// Lives as long as the server or any Responder that came from it: posting to `io` is always safe.
struct Worker : std::enable_shared_from_this<Worker> {
  explicit Worker(std::shared_ptr<Shared> shared_) : shared(std::move(shared_)) {}

  // Connections may be destroyed with `io`, so what they touch on their way out is declared before
  // it.
  std::shared_ptr<Shared> shared;
  std::unordered_set<Connection*> connections;
  std::array<char, 16 * 1024>
      scratch{};  // one read at a time per thread, so idle connections own no buffer
  std::time_t date_second = 0;
  std::string date;
  boost::asio::io_context io{1};
  boost::asio::ip::tcp::acceptor acceptor{io};
  boost::asio::steady_timer accept_retry{io};
  std::thread thread;
};

}  // namespace cambist::gateway::inbound
