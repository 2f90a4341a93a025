// An HTTP request and response as plain values: what adapters build and read, what the gateway
// carries.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cambist::http {

struct Header {
  std::string name;
  std::string value;
};
using Headers = std::vector<Header>;

/// The first header of that name, compared without case, or nullptr.
[[nodiscard]] const std::string* find(const Headers& headers, std::string_view name) noexcept;

/// Shape: `origin` is "http[s]://host:port" for a request that goes out and empty for one that came
/// in;
///        `target` starts with '/' and keeps its query; `peer` is the client's address, for one
///        that came in.
struct Request {
  std::string method;
  std::string origin;
  std::string target;
  Headers headers;
  std::string body;
  std::string peer;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
};

/// How far a request that got no answer had come. Only `not_sent` is known to have had no effect.
/// Source: facts/idempotency.md section 3, classes A and D.
enum class FailurePhase { not_sent, maybe_sent };

/// Why there is no response.
/// Shape: `reason` is one of "dns", "connect", "connect_timeout", "tls", "pool_full", "cancelled",
/// "reset",
///        "response_timeout", "malformed_response", "response_too_large", "malformed_request"
///        for one that cannot be written as HTTP, and "address_refused" for a name that leads where
///        we do not go.
struct TransportFailure {
  FailurePhase phase = FailurePhase::maybe_sent;
  std::string reason;
};

}  // namespace cambist::http
