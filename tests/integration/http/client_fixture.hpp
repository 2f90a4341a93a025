// Sending with the real client and waiting for its outcome.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "gateway/outbound/client.hpp"
#include "tests/support/raw_peer.hpp"

namespace cambist::test {

using actors::HttpClient;
using actors::HttpOutcome;
using gateway::outbound::ClientLimits;
using gateway::outbound::make_client;
using Pending = std::future<HttpOutcome>;

inline http::Request get(const std::string& origin, const std::string& target = "/x") {
  return {"GET", origin, target, {}, {}, {}};
}

/// A second call of `done` would throw inside the client and be seen as a lost promise.
inline Pending send(HttpClient& client, http::Request request,
                    std::chrono::milliseconds timeout = patience) {
  auto promise = std::make_shared<std::promise<HttpOutcome>>();
  auto outcome = promise->get_future();
  client.send(std::move(request), timeout,
              [promise](HttpOutcome told) { promise->set_value(std::move(told)); });
  return outcome;
}

inline HttpOutcome outcome_of(Pending pending) {
  if (pending.wait_for(patience) != std::future_status::ready) {
    ADD_FAILURE() << "no outcome";
    return http::TransportFailure{http::FailurePhase::maybe_sent, "never told"};
  }
  return pending.get();
}

inline HttpOutcome call(HttpClient& client, http::Request request,
                        std::chrono::milliseconds timeout = patience) {
  return outcome_of(send(client, std::move(request), timeout));
}

/// "200 body", or "not_sent reason" / "maybe_sent reason": one line that a test can compare.
inline std::string describe(const HttpOutcome& outcome) {
  if (const auto* response = std::get_if<http::Response>(&outcome)) {
    return std::to_string(response->status) + " " + response->body;
  }
  const auto& failure = std::get<http::TransportFailure>(outcome);
  return (failure.phase == http::FailurePhase::not_sent ? "not_sent " : "maybe_sent ") +
         failure.reason;
}

}  // namespace cambist::test
