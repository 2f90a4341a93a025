// Wall time as the runtime keeps it: microseconds since the Unix epoch, UTC. Nothing here reads a
// clock.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"

namespace cambist {

using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

/// A clock as a port: whoever needs the time is given one of these.
using Clock = std::function<TimePoint()>;
/// A source of 64 uniformly random bits as a port. Ids and jitter are drawn from it; keys and
/// secrets are not.
using Random = std::function<std::uint64_t()>;

/// RFC 3339 in UTC with milliseconds, for example "2026-05-01T12:00:00.250Z".
[[nodiscard]] std::string to_rfc3339(TimePoint time);
void append_rfc3339(std::string& out, TimePoint time);
/// Reads RFC 3339 with any offset and up to nine fraction digits.
/// Errors: invalid_request, also for a time that is in UTC outside the years 0000 to 9999.
[[nodiscard]] Result<TimePoint> parse_rfc3339(std::string_view text);

[[nodiscard]] constexpr std::int64_t to_micros(TimePoint time) noexcept {
  return time.time_since_epoch().count();
}
[[nodiscard]] constexpr TimePoint from_micros(std::int64_t micros) noexcept {
  return TimePoint{Duration{micros}};
}

}  // namespace cambist
