// A server on a port of the system's choice, with a handler that the test gives.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "gateway/inbound/server.hpp"
#include "tests/support/raw_socket.hpp"

namespace cambist::test {

namespace inbound = gateway::inbound;

/// Says the status and the detail, so that a test can tell one refusal from another.
inline http::Response plain_refusal(int status, const Error& error) {
  return {status, {{"Content-Type", "text/plain"}}, error.detail};
}

/// Answers with method, target and body of the request.
inline void echo(http::Request request, const inbound::Responder& respond) {
  respond({{200,
            {{"Content-Type", "text/plain"}},
            request.method + " " + request.target + " " + request.body}});
}

inline std::unique_ptr<inbound::Server> start_server(inbound::Limits limits = {},
                                                     inbound::Handler handler = echo,
                                                     int threads = 1) {
  auto server = inbound::Server::start("127.0.0.1:0", std::move(limits), std::move(handler),
                                       plain_refusal, threads);
  EXPECT_TRUE(server.has_value()) << (server.has_error() ? server.error().detail : "");
  return *std::move(server);
}

/// Whether a plain request on a new connection is served.
inline bool serves(inbound::Server& server) {
  auto socket = RawSocket::connect(server.port());
  socket.send("GET /ok HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto answer = socket.receive_answer();
  return answer && answer->status == 200;
}

/// Waits for a condition that another thread brings about.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds wait = patience) {
  const auto until = std::chrono::steady_clock::now() + wait;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace cambist::test
