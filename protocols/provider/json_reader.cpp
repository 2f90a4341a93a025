#include "protocols/provider/json_reader.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <boost/json/parse.hpp>

#include "protocols/http/syntax.hpp"

namespace cambist::provider {
namespace json = boost::json;
namespace {

constexpr std::string_view blanks = " \t\r\n";

// Behind the string that begins at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) noexcept {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.size();
}

// Behind the value that begins at `at`: up to the comma or the brace of the object it stands in.
std::size_t skip_value(std::string_view text, std::size_t at) noexcept {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (depth == 0 && (c == ',' || c == '}')) break;
    if (c == '}' || c == ']') --depth;
    ++at;
  }
  return std::min(at, text.size());
}

}  // namespace

std::optional<json::object> read_json_object(std::string_view body) {
  boost::system::error_code failed;
  auto value = json::parse(body, failed);
  auto* object = failed ? nullptr : value.if_object();
  if (object == nullptr) return std::nullopt;
  return std::move(*object);
}

const json::object* json_child(const json::object& object, std::string_view key) noexcept {
  const auto* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

std::string json_text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  const auto* string = value == nullptr ? nullptr : value->if_string();
  return string == nullptr ? std::string{} : std::string{string->data(), string->size()};
}

bool is_json_word(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return http::is_digit(c) || http::is_alpha(c) || c == '.' || c == '_' || c == '-';
  });
}

std::string json_word(const json::object& object, std::string_view key) {
  std::string found = json_text(object, key);
  return is_json_word(found) ? found : std::string{};
}

std::optional<bool> json_flag(const json::object& object, std::string_view key) noexcept {
  const auto* value = object.if_contains(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* flag = value->if_bool()) return *flag;
  const auto* text = value->if_string();
  if (text != nullptr && *text == "true") return true;
  if (text != nullptr && *text == "false") return false;
  return std::nullopt;
}

std::optional<std::int64_t> whole_of(std::string_view text) noexcept {
  constexpr std::size_t digits_max = 15;
  if (text.empty() || text.size() > digits_max) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) {
    if (!http::is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<std::int64_t> json_whole(const json::object& object, std::string_view key) noexcept {
  const auto* value = object.if_contains(key);
  if (value == nullptr) return std::nullopt;
  constexpr std::int64_t most = 999'999'999'999'999;  // fifteen digits, like a text
  if (value->is_int64() && value->get_int64() >= 0 && value->get_int64() <= most)
    return value->get_int64();
  const auto* text = value->if_string();
  return text == nullptr ? std::nullopt : whole_of(std::string_view{text->data(), text->size()});
}

std::optional<std::int64_t> json_whole_amount(const json::object& object,
                                              std::string_view key) noexcept {
  const auto* value = object.if_contains(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_double()) {
    // "1500.00" is a double to a JSON reader; below this each whole number is exactly one.
    constexpr double most = 999'999'999'999'999.0;
    const double given = value->get_double();
    if (!(given >= 0 && given <= most) || given != std::floor(given)) return std::nullopt;
    return static_cast<std::int64_t>(given);
  }
  const auto* written = value->if_string();
  if (written == nullptr) return json_whole(object, key);
  const std::string_view text{written->data(), written->size()};
  const auto point = text.find('.');
  const auto decimals = point == std::string_view::npos ? std::string_view{} : text.substr(point);
  const bool none = decimals.empty() || decimals == ".0" || decimals == ".00";
  return none ? whole_of(text.substr(0, point)) : std::nullopt;
}

std::vector<JsonSpan> json_spans(std::string_view body) {
  std::vector<JsonSpan> spans;
  std::size_t at = body.find('{');
  while (at < body.size()) {
    const std::size_t begin = body.find_first_not_of(blanks, at + 1);
    if (begin >= body.size() || body[begin] != '"') break;
    const std::size_t key_end = skip_string(body, begin);
    const std::size_t colon = body.find(':', key_end);
    if (colon >= body.size()) break;
    const std::size_t value = body.find_first_not_of(blanks, colon + 1);
    if (value >= body.size()) break;
    at = skip_value(body, value);
    std::size_t end = at;
    while (end > value && blanks.find(body[end - 1]) != std::string_view::npos) --end;
    spans.push_back({std::string{body.substr(begin + 1, key_end - begin - 2)}, begin, value, end});
    if (at >= body.size() || body[at] != ',') break;
  }
  return spans;
}

}  // namespace cambist::provider
