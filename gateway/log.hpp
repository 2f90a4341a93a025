// The log: one JSON object per line on stderr. Fields are an allow-list of ids, codes, durations
// and names; a filter in front of the sink masks what looks like a secret all the same, as a net
// and not as the method.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include <spdlog/common.h>
#include <spdlog/formatter.h>

#include "protocols/core/error.hpp"

namespace cambist::gateway {

/// Shape: an empty text is left out.
struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

using LogLevel = spdlog::level::level_enum;

/// Starts the log, for spdlog's default logger too: a plain message becomes the `msg` of a line.
/// Writing happens on a thread of its own behind a bounded queue; when that is full the oldest
/// lines go. Errors: invalid_request when there is no such level.
[[nodiscard]] Result<void> start_log(std::string_view level);
/// The same into `sink`, at once and on the caller's thread: for tests.
[[nodiscard]] Result<void> start_log(std::string_view level,
                                     std::shared_ptr<spdlog::sinks::sink> sink);
/// Writes what is queued, and ends.
void stop_log();

/// One line: {"ts","level","msg", fields...}. Does nothing before the log is started.
void log_event(LogLevel level, std::string_view message,
               std::initializer_list<LogField> fields = {});

/// Covers API keys, webhook secrets, bearer and basic credentials, card numbers, e-mail addresses
/// and phone numbers with "***". Keeps JSON text JSON.
[[nodiscard]] std::string mask(std::string_view line);

}  // namespace cambist::gateway
