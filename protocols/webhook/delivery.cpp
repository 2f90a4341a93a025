#include "protocols/webhook/delivery.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "protocols/http/only_header.hpp"
#include "protocols/retry/schedule.hpp"

namespace cambist::webhook {
namespace {

constexpr Duration retry_after_max = std::chrono::hours{24};

std::optional<int> number(std::string_view text) noexcept {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 0) {
    return std::nullopt;
  }
  return value;
}

// "Sun, 06 Nov 1994 08:49:37 GMT": the one form of RFC 9110 section 5.6.7 that is still written.
std::optional<TimePoint> read_http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(3, 2) != ", " || !text.ends_with(" GMT")) {
    return std::nullopt;
  }
  const auto* const month = std::find(months.begin(), months.end(), text.substr(8, 3));
  const auto day = number(text.substr(5, 2));
  const auto year = number(text.substr(12, 4));
  const auto hour = number(text.substr(17, 2));
  const auto minute = number(text.substr(20, 2));
  const auto second = number(text.substr(23, 2));
  if (month == months.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year{*year},
      std::chrono::month{static_cast<unsigned>(month - months.begin() + 1)},
      std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return TimePoint{std::chrono::sys_days{date}} + std::chrono::hours{*hour} +
         std::chrono::minutes{*minute} + std::chrono::seconds{*second};
}

std::optional<Duration> read_retry_after(const http::Headers& headers, TimePoint now) {
  const auto* value = http::find_only(headers, "Retry-After");
  if (value == nullptr) return std::nullopt;
  const std::string_view text = http::trim(*value);
  if (const auto date = read_http_date(text)) {
    return std::clamp(Duration{*date - now}, Duration{0}, retry_after_max);
  }
  if (text.empty() || !std::all_of(text.begin(), text.end(), http::is_digit)) return std::nullopt;
  // A number too large for an int is long enough for the most that is waited.
  const auto seconds = number(text);
  return seconds ? std::min(Duration{std::chrono::seconds{*seconds}}, retry_after_max)
                 : retry_after_max;
}

bool is_word(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return http::is_digit(c) || http::is_alpha(c) || c == '_';
  });
}

}  // namespace

std::optional<Duration> next_delivery(int attempts_made, const DeliveryPolicy& policy, double roll,
                                      std::optional<Duration> retry_after) {
  const auto index = static_cast<std::size_t>(std::max(attempts_made, 0));
  if (index >= policy.delays.size()) return std::nullopt;
  return std::max(retry::jittered(policy.delays[index], roll), retry_after.value_or(Duration{0}));
}

DeliveryAnswer read_answer(const http::Response& response, TimePoint now) {
  if (response.status >= 200 && response.status <= 299) return {DeliveryResult::delivered};
  if (response.status == 410) return {DeliveryResult::gone};
  const bool throttled =
      response.status == 429 || (response.status >= 502 && response.status <= 504);
  return {DeliveryResult::failed,
          throttled ? read_retry_after(response.headers, now) : std::nullopt};
}

bool wants(std::span<const std::string> types, std::string_view type) noexcept {
  const auto fits = [type](std::string_view entry) {
    if (!entry.ends_with(".*")) return entry == type;
    entry.remove_suffix(1);  // the point stays: "payment.*" is not for "payments.created"
    return type.size() > entry.size() && type.starts_with(entry);
  };
  return types.empty() || std::any_of(types.begin(), types.end(), fits);
}

bool is_type_pattern(std::string_view text) noexcept {
  if (text.size() > 128) return false;
  if (text.ends_with(".*")) text.remove_suffix(2);
  while (true) {
    const std::size_t point = text.find('.');
    if (!is_word(text.substr(0, point))) return false;
    if (point == std::string_view::npos) return true;
    text.remove_prefix(point + 1);
  }
}

}  // namespace cambist::webhook
