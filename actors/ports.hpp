// What actors need from outside, as ports: no actor reads a clock, a random source, a socket or a
// file itself.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>
#include <variant>

#include "protocols/core/time.hpp"
#include "protocols/http/message.hpp"

namespace cambist::actors {

using HttpOutcome = std::variant<http::Response, http::TransportFailure>;

/// Sends a request to a provider. `done` is called exactly once, from any thread, within `timeout`.
class HttpClient {
 public:
  HttpClient() = default;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  virtual ~HttpClient() = default;
  virtual void send(http::Request request, std::chrono::milliseconds timeout,
                    std::function<void(HttpOutcome)> done) = 0;
};

/// What the runtime counts. Thread safe; every call is cheap. The default counts nothing.
class Telemetry {
 public:
  Telemetry() = default;
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;
  virtual ~Telemetry() = default;
  /// A payment has come to `status`.
  virtual void payment_moved(std::string_view /*status*/, std::string_view /*provider*/) {}
  /// An operation was settled; `outcome` is "succeeded", "declined", "refused" or "unknown".
  virtual void operation_settled(std::string_view /*kind*/, std::string_view /*provider*/,
                                 std::string_view /*outcome*/, Duration /*since_start*/) {}
  /// One call over the wire, inquiries included.
  virtual void provider_called(std::string_view /*provider*/, std::string_view /*kind*/,
                               std::string_view /*verdict*/, Duration /*duration*/) {}
  /// 0 closed, 1 half-open, 2 open.
  virtual void breaker_changed(std::string_view /*provider*/, int /*state*/) {}
  virtual void journal_committed(std::size_t /*appends*/, Duration /*duration*/, bool /*ok*/) {}
  virtual void actors_live(std::string_view /*kind*/, std::ptrdiff_t /*change*/) {}
  virtual void queue_depth(std::string_view /*queue*/, std::size_t /*depth*/) {}
  virtual void restarted(std::string_view /*kind*/) {}
};

}  // namespace cambist::actors
