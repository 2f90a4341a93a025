#include "gateway/log.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <utility>

#include "protocols/api/card_data.hpp"
#include "protocols/core/overloaded.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway {
namespace {

constexpr std::string_view event_logger = "cambist.event";
constexpr std::size_t queue_lines = 8'192;
constexpr std::string_view cover = "***";

std::atomic<std::shared_ptr<spdlog::logger>> events;

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", byte);
      out += escape.data();
    } else {
      out += c;
    }
  }
}

void append_text(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

std::string_view level_name(LogLevel level) {
  switch (level) {
    case spdlog::level::trace:
      return "trace";
    case spdlog::level::debug:
      return "debug";
    case spdlog::level::info:
      return "info";
    case spdlog::level::warn:
      return "warn";
    case spdlog::level::err:
      return "error";
    default:
      return "critical";
  }
}

// Lines of `event_logger` bring their fields ready; any other message is text and is escaped here.
class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    std::string line = R"({"ts":")" +
                       to_rfc3339(std::chrono::time_point_cast<Duration>(message.time)) +
                       R"(","level":)";
    append_text(line, level_name(message.level));
    line += R"(,"msg":)";
    const std::string_view payload{message.payload.data(), message.payload.size()};
    if (std::string_view{message.logger_name.data(), message.logger_name.size()} == event_logger) {
      line += payload;
    } else {
      append_text(line, payload);
    }
    line += '}';
    line = mask(line);
    line += '\n';
    out.append(line.data(), line.data() + line.size());
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonFormatter>();
  }
};

Result<LogLevel> level_of(std::string_view name) {
  for (const LogLevel level : {spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
                               spdlog::level::warn, spdlog::level::err}) {
    if (name == level_name(level)) return level;
  }
  return Error{ErrorCode::invalid_request, "must be trace, debug, info, warn or error",
               "log.level"};
}

void install(LogLevel level, std::shared_ptr<spdlog::logger> plain,
             std::shared_ptr<spdlog::logger> event) {
  for (const auto& logger : {plain, event}) {
    logger->set_level(level);
    logger->flush_on(spdlog::level::err);
  }
  spdlog::set_default_logger(std::move(plain));
  events.store(std::move(event));
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

template <class Fits>
std::size_t run_length(std::string_view text, std::size_t from, Fits fits) {
  std::size_t end = from;
  while (end < text.size() && fits(text[end])) ++end;
  return end - from;
}

struct Hit {
  std::size_t keep = 0;   // characters that stay
  std::size_t cover = 0;  // characters after them that go
};

// What starts at `at` and must be covered.
Hit secret_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  const bool at_start = at == 0 || !is_word(text[at - 1]);
  if (!at_start) return {};
  for (const std::string_view prefix : {"sk_", "rk_", "whsec_"}) {
    if (!rest.starts_with(prefix)) continue;
    const std::size_t size =
        run_length(rest, prefix.size(), [](char c) { return is_word(c) || c == '_' || c == '-'; });
    if (size >= 4) return {prefix.size(), size};
  }
  for (const std::string_view scheme : {"Bearer ", "bearer ", "Basic ", "basic "}) {
    if (!rest.starts_with(scheme)) continue;
    const std::size_t size = run_length(rest, scheme.size(), [](char c) {
      return is_word(c) || std::string_view{"-._~+/="}.find(c) != std::string_view::npos;
    });
    if (size >= 6) return {scheme.size(), size};
  }
  if (rest[0] == '+') {
    const std::size_t size = run_length(rest, 1, is_digit);
    if (size >= 8 && size <= 15) return {1, size};
  }
  return {};
}

std::string mask_addresses(std::string text) {
  const auto local = [](char c) {
    return is_word(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
  };
  const auto domain = [](char c) { return is_word(c) || c == '.' || c == '-'; };
  std::size_t at = text.find('@');
  while (at != std::string::npos) {
    std::size_t first = at;
    while (first > 0 && local(text[first - 1])) --first;
    const std::size_t size = run_length(text, at + 1, domain);
    const bool dotted = text.substr(at + 1, size).find('.') != std::string::npos;
    std::size_t next = at + 1;
    if (first < at && dotted) {
      text.replace(first, at + 1 + size - first, cover);
      next = first + cover.size();
    }
    at = text.find('@', next);
  }
  return text;
}

}  // namespace

Result<void> start_log(std::string_view level) {
  const auto known = level_of(level);
  if (!known) return known.error();
  spdlog::init_thread_pool(queue_lines, 1);
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  sink->set_formatter(std::make_unique<JsonFormatter>());
  const auto logger = [&](std::string_view name) {
    return std::make_shared<spdlog::async_logger>(std::string{name}, sink, spdlog::thread_pool(),
                                                  spdlog::async_overflow_policy::overrun_oldest);
  };
  install(*known, logger("cambist"), logger(event_logger));
  return {};
}

Result<void> start_log(std::string_view level, std::shared_ptr<spdlog::sinks::sink> sink) {
  const auto known = level_of(level);
  if (!known) return known.error();
  sink->set_formatter(std::make_unique<JsonFormatter>());
  install(*known, std::make_shared<spdlog::logger>("cambist", sink),
          std::make_shared<spdlog::logger>(std::string{event_logger}, sink));
  return {};
}

void stop_log() {
  if (const auto logger = events.exchange(nullptr)) logger->flush();
  if (auto* plain = spdlog::default_logger_raw()) plain->flush();
  spdlog::shutdown();
}

void log_event(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  const auto logger = events.load();
  if (!logger || !logger->should_log(level)) return;
  std::string line;
  append_text(line, message);
  for (const LogField& field : fields) {
    const auto* text = std::get_if<std::string_view>(&field.value);
    if (text != nullptr && text->empty()) continue;
    line += ',';
    append_text(line, field.name);
    line += ':';
    std::visit(Overloaded{
                   [&](std::string_view value) { append_text(line, value); },
                   [&](std::int64_t value) { line += std::to_string(value); },
                   [&](double value) {
                     std::array<char, 32> number{};
                     std::snprintf(number.data(), number.size(), "%.3f", value);
                     line += number.data();
                   },
                   [&](bool value) { line += value ? "true" : "false"; },
               },
               field.value);
  }
  logger->log(level, spdlog::string_view_t{line.data(), line.size()});
}

std::string mask(std::string_view line) {
  std::string out;
  out.reserve(line.size());
  for (std::size_t at = 0; at < line.size();) {
    const Hit hit = secret_at(line, at);
    if (hit.cover == 0) {
      out += line[at++];
      continue;
    }
    out += line.substr(at, hit.keep);
    out += cover;
    at += hit.keep + hit.cover;
  }
  out = mask_addresses(std::move(out));
  while (const auto card = api::find_card_number(out)) {
    out.replace(static_cast<std::size_t>(card->data() - out.data()), card->size(), cover);
  }
  return out;
}

}  // namespace cambist::gateway
