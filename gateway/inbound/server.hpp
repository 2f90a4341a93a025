// The HTTP/1.1 server: bytes in, http::Request out to a handler, http::Response back. Sockets stay
// in connection.cpp and server.cpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "protocols/core/error.hpp"
#include "protocols/http/head_guard.hpp"
#include "protocols/http/message.hpp"

namespace cambist::gateway::inbound {

/// Requests that may bring more than the others, a few at a time, so that memory stays bounded.
/// Shape: `may` is asked with the head, on an I/O thread; empty: none may.
struct LargeBodies {
  std::size_t bytes = 8 * 1024 * 1024;
  std::size_t at_once = 4;                     // from the head to the answer; over it: 503
  std::chrono::milliseconds deadline{60'000};  // absolute, for the body
  std::function<bool(const http::Head&)> may{};
};

/// Source: facts/security.md section 5.
struct Limits {
  std::size_t head_bytes = 16 * 1024;
  std::size_t head_fields = 64;
  std::size_t target_bytes = 4 * 1024;
  std::size_t body_bytes = 256 * 1024;
  std::size_t webhook_body_bytes = 1024 * 1024;  // for targets that begin with `webhook_prefix`
  std::string webhook_prefix = "/api/v1/webhooks/";
  LargeBodies large{};
  std::size_t connections = 10'000;
  std::size_t connections_per_address = 256;
  std::size_t requests_per_connection = 1'000;
  std::chrono::milliseconds head_deadline{10'000};  // from the first byte, absolute
  std::chrono::milliseconds body_deadline{20'000};  // absolute
  std::size_t body_rate_min = 1024;  // bytes per second, once `body_grace` has passed
  std::chrono::milliseconds body_grace{5'000};
  std::chrono::milliseconds idle_max{30'000};
  std::chrono::milliseconds write_deadline{20'000};
  std::chrono::milliseconds handler_deadline{
      15'000};                                  // a backstop: 503 when the handler never answers
  std::chrono::milliseconds linger_max{1'000};  // a closing client may finish sending for so long
};

/// What happens to the answer on the wire. Anything but `normal` is a fault that only the sandbox
/// asks for. `never`: silence until the client leaves or `idle_max`; `reset`: RST without an
/// answer; `reset_mid_body`: half of the body, then RST; `truncate`: half of what Content-Length
/// tells, then an orderly close.
enum class Delivery : std::uint8_t { normal, never, reset, reset_mid_body, truncate };

struct Outgoing {
  http::Response response;
  Delivery delivery = Delivery::normal;
  std::chrono::milliseconds delay{0};
};

/// Answers one request: call it once, from any thread. If every copy goes without a call, the
/// client gets a 500.
using Responder = std::function<void(Outgoing)>;
/// Called on an I/O thread; must not block.
using Handler = std::function<void(http::Request, Responder)>;
/// The problem document for what the server itself refuses (framing, limits). `code` as in
/// core/error.hpp.
using Refusal = std::function<http::Response(int status, const Error& error)>;

struct Counters {
  std::uint64_t accepted = 0;
  std::uint64_t requests = 0;             // handed to the handler
  std::uint64_t refused_heads = 0;        // by the head guard or a limit on size, bodies included
  std::uint64_t refused_connections = 0;  // over a limit on connections
  std::uint64_t accept_failures = 0;      // such as: no file descriptor left
  std::uint64_t timed_out = 0;            // head, body, handler or response took too long
  std::uint64_t open = 0;
};

class Server {
 public:
  /// `address` "HOST:PORT"; port 0 lets the system pick. Listens when it returns.
  /// Errors: invalid_request or unavailable, with the address in the detail.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(const std::string& address,
                                                             Limits limits, Handler handler,
                                                             Refusal refusal, int threads);
  Server() = default;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  virtual ~Server() = default;
  [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
  [[nodiscard]] virtual Counters counters() const noexcept = 0;
  /// Stops accepting, lets running requests end (at most `deadline`), closes idle connections,
  /// joins.
  virtual void drain(std::chrono::milliseconds deadline) = 0;
};

}  // namespace cambist::gateway::inbound
