// How a request is found again: its own id, and its place in a W3C trace.
#pragma once

#include <string>
#include <string_view>

#include "protocols/core/time.hpp"
#include "protocols/http/message.hpp"

namespace cambist::gateway {

/// The client's X-Request-Id when it is 1 to 128 characters of [A-Za-z0-9._-]; else a fresh
/// "req_…".
[[nodiscard]] std::string request_id_of(const http::Headers& headers, TimePoint now,
                                        const Random& random);

/// Shape: `trace_id` has 32 hexadecimal digits, `span_id` 16; `flags` two.
/// Source: W3C Trace Context, version 00.
struct Trace {
  std::string trace_id;
  std::string span_id;
  std::string flags = "00";

  [[nodiscard]] std::string header() const {
    return "00-" + trace_id + "-" + span_id + "-" + flags;
  }
};

/// A span of our own inside the trace of `traceparent`, or inside a new trace when that is missing
/// or broken.
[[nodiscard]] Trace trace_of(const http::Headers& headers, const Random& random);

}  // namespace cambist::gateway
