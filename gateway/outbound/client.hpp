// The pooled HTTP/1.1 and HTTPS client that talks to providers. Beast stays in client.cpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "actors/ports.hpp"

namespace cambist::gateway::outbound {

struct ClientLimits {
  std::size_t connections_per_origin = 256;
  std::size_t waiting_per_origin = 1'024;  // over it: not_sent "pool_full"
  std::size_t response_bytes = 1024 * 1024;
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds tls_timeout{5'000};
  std::chrono::milliseconds idle_max{20'000};  // below what servers keep
  std::string ca_file{};                       // PEM; empty: the system's roots
};

/// Verifies peer and host name, TLS 1.2 at least. One I/O thread of its own.
/// A request that was written on a reused connection and reset before any byte of the answer is
/// `maybe_sent`.
[[nodiscard]] std::shared_ptr<actors::HttpClient> make_client(ClientLimits limits);

}  // namespace cambist::gateway::outbound
