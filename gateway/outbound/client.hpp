// The pooled HTTP/1.1 and HTTPS client that talks to providers and to merchants' endpoints. Beast
// stays in client.cpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/ports.hpp"

namespace cambist::gateway::outbound {

/// Whether an address, as text, may be connected to.
using AddressGuard = std::function<bool(std::string_view address)>;
/// Asks for the addresses of a name, as text; none: there are none, or nobody could be asked.
/// Called on the client's own thread, and must answer there, at once or later.
using Resolve = std::function<void(const std::string& host,
                                   std::function<void(std::vector<std::string>)> found)>;

struct ClientLimits {
  std::size_t connections_per_origin = 256;
  std::size_t waiting_per_origin = 1'024;  // over it: not_sent "pool_full"
  std::size_t response_bytes = 1024 * 1024;
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds tls_timeout{5'000};
  std::chrono::milliseconds idle_max{20'000};  // below what servers keep
  std::string ca_file{};                       // PEM; empty: the system's roots
  // Asked about every address of a name before any is connected to: one that is refused refuses the
  // name, not_sent "address_refused". Empty: all are fine.
  AddressGuard address_allowed{};
  Resolve resolve{};              // empty: the system's resolver
  bool long_answers_cut = false;  // what is over `response_bytes` is dropped instead of refused
};

/// Verifies peer and host name, TLS 1.2 at least. One I/O thread of its own.
/// A request that was written on a reused connection and reset before any byte of the answer is
/// `maybe_sent`.
[[nodiscard]] std::shared_ptr<actors::HttpClient> make_client(ClientLimits limits);

}  // namespace cambist::gateway::outbound
