#include "protocols/core/time.hpp"

namespace cambist {
namespace {

constexpr TimePoint year_first{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
constexpr TimePoint year_end{std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1}};

bool digits(std::string_view text, std::size_t at, std::size_t count, int& out) {
  if (at + count > text.size()) return false;
  out = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    out = out * 10 + (text[i] - '0');
  }
  return true;
}

// `value` with `width` digits and what follows them; a year beyond its four keeps its last ones.
void put(std::string& out, int value, std::size_t width, char then) {
  const std::size_t start = out.size();
  out.append(width, '0');
  for (std::size_t i = width; i-- > 0; value /= 10) {
    out[start + i] = static_cast<char>('0' + value % 10);
  }
  out += then;
}

}  // namespace

void append_rfc3339(std::string& out, TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::milliseconds>(time - day)};
  put(out, static_cast<int>(date.year()), 4, '-');
  put(out, static_cast<int>(static_cast<unsigned>(date.month())), 2, '-');
  put(out, static_cast<int>(static_cast<unsigned>(date.day())), 2, 'T');
  put(out, static_cast<int>(clock.hours().count()), 2, ':');
  put(out, static_cast<int>(clock.minutes().count()), 2, ':');
  put(out, static_cast<int>(clock.seconds().count()), 2, '.');
  put(out, static_cast<int>(clock.subseconds().count()), 3, 'Z');
}

std::string to_rfc3339(TimePoint time) {
  std::string text;
  append_rfc3339(text, time);
  return text;
}

Result<TimePoint> parse_rfc3339(std::string_view text) {
  const Error bad{ErrorCode::invalid_request, "not an RFC 3339 time such as 2026-05-01T12:00:00Z"};
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (text.size() < 20 || !digits(text, 0, 4, year) || text[4] != '-' ||
      !digits(text, 5, 2, month) || text[7] != '-' || !digits(text, 8, 2, day) ||
      (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || !digits(text, 11, 2, hour) ||
      text[13] != ':' || !digits(text, 14, 2, minute) || text[16] != ':' ||
      !digits(text, 17, 2, second)) {
    return bad;
  }
  std::size_t at = 19;
  std::int64_t micros = 0;
  if (text[at] == '.') {
    std::size_t count = 0;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count) {
      if (count < 6) micros = micros * 10 + (text[at] - '0');
    }
    if (count == 0 || count > 9) return bad;
    for (; count < 6; ++count) micros *= 10;
  }
  if (at >= text.size()) return bad;
  int offset_minutes = 0;
  if (text[at] == 'Z' || text[at] == 'z') {
    if (at + 1 != text.size()) return bad;
  } else if (text[at] == '+' || text[at] == '-') {
    int hours = 0, minutes = 0;
    if (at + 6 != text.size() || !digits(text, at + 1, 2, hours) || text[at + 3] != ':' ||
        !digits(text, at + 4, 2, minutes) || hours > 23 || minutes > 59) {
      return bad;
    }
    offset_minutes = (hours * 60 + minutes) * (text[at] == '+' ? 1 : -1);
  } else {
    return bad;
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return bad;
  const TimePoint time = TimePoint{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
                         std::chrono::minutes{minute} + std::chrono::seconds{second} +
                         std::chrono::microseconds{micros} - std::chrono::minutes{offset_minutes};
  // An offset or a leap second can lead out of the years that four digits can write.
  if (time < year_first || time >= year_end) return bad;
  return time;
}

}  // namespace cambist
