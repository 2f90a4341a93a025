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
  /// A payment has gone on to the next provider after one that surely did not process it.
  virtual void failed_over(std::string_view /*from*/, std::string_view /*to*/) {}
  /// A provider that the payment has left tells of money for it, which is looked for and sent back.
  virtual void late_success(std::string_view /*provider*/) {}
  /// One call over the wire, inquiries included.
  virtual void provider_called(std::string_view /*provider*/, std::string_view /*kind*/,
                               std::string_view /*verdict*/, Duration /*duration*/) {}
  /// 0 closed, 1 half-open, 2 open.
  virtual void breaker_changed(std::string_view /*provider*/, int /*state*/) {}
  virtual void journal_committed(std::size_t /*appends*/, Duration /*duration*/, bool /*ok*/) {}
  virtual void actors_live(std::string_view /*kind*/, std::ptrdiff_t /*change*/) {}
  virtual void queue_depth(std::string_view /*queue*/, std::size_t /*depth*/) {}
  virtual void restarted(std::string_view /*kind*/) {}
  /// A durable timer was fired; `late` is how long after it was due.
  virtual void timer_fired(std::string_view /*kind*/, Duration /*late*/) {}
  /// An operation that was unknown is settled, so long after it became unknown; `how` is "inquiry",
  /// "webhook" or "operator".
  virtual void unknown_resolved(std::string_view /*provider*/, std::string_view /*how*/,
                                Duration /*unknown_for*/) {}
  /// A task for the operators was opened (+1) or closed (-1).
  virtual void tasks_open(std::ptrdiff_t /*change*/) {}
  /// A webhook came in: "stored", "duplicate", "unverified", "malformed", "refused".
  virtual void webhook_received(std::string_view /*provider*/, std::string_view /*outcome*/) {}
  /// A stored webhook was worked on: its new status. `since_receipt` is its age.
  virtual void webhook_settled(std::string_view /*provider*/, std::string_view /*status*/,
                               Duration /*since_receipt*/) {}
  /// One attempt to deliver one of our events: "delivered", "failed", "disabled".
  virtual void delivery_attempted(std::string_view /*outcome*/, Duration /*duration*/) {}
  /// A client's command was on its way into the journal for so long: what admission goes by.
  virtual void intent_queued(Duration /*queued*/) {}
};

}  // namespace cambist::actors
