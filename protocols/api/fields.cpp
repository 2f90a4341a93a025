#include "protocols/api/fields.hpp"

#include <algorithm>

#include "protocols/api/json.hpp"

namespace cambist::api {
namespace {

namespace json = boost::json;

std::string_view plain(json::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

bool fits(std::string_view text, Text kind) noexcept {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (kind == Text::token) return byte > 0x20 && byte < 0x7f;
    if (kind == Text::paragraph && (c == '\n' || c == '\r' || c == '\t')) return true;
    return byte >= 0x20 && byte != 0x7f;
  });
}

Error Fields::wrong(std::string_view name, std::string detail) const {
  return Error{ErrorCode::invalid_request, std::move(detail), path(name)};
}

std::string Fields::path(std::string_view name) const {
  return prefix_.empty() ? std::string{name} : prefix_ + "." + std::string{name};
}

Result<void> Fields::only(std::initializer_list<std::string_view> known) const {
  for (const auto& member : object_) {
    const std::string_view name = plain(member.key());
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return wrong(shown_name(name), "there is no such field");
    }
  }
  return {};
}

const json::value* Fields::find(std::string_view name) const {
  const json::value* value = object_.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

Result<std::string> Fields::text(std::string_view name, std::size_t bytes_max, Text kind) const {
  const json::value* value = find(name);
  if (value == nullptr) return std::string{};
  if (!value->is_string()) return wrong(name, "must be a string");
  const std::string_view text = plain(value->get_string());
  if (text.empty()) return wrong(name, "must not be empty");
  if (text.size() > bytes_max)
    return wrong(name, "must have at most " + std::to_string(bytes_max) + " bytes");
  if (!fits(text, kind)) {
    return wrong(name, kind == Text::token ? "must be visible ASCII without spaces"
                                           : "holds a control character");
  }
  return std::string{text};
}

Result<std::string> Fields::needed_text(std::string_view name, std::size_t bytes_max,
                                        Text kind) const {
  if (find(name) == nullptr) return wrong(name, "is needed");
  return text(name, bytes_max, kind);
}

Result<bool> Fields::flag(std::string_view name, bool otherwise) const {
  const json::value* value = find(name);
  if (value == nullptr) return otherwise;
  if (!value->is_bool()) return wrong(name, "must be true or false");
  return value->get_bool();
}

Result<const json::object*> Fields::object(std::string_view name) const {
  const json::value* value = find(name);
  if (value == nullptr) return static_cast<const json::object*>(nullptr);
  if (!value->is_object()) return wrong(name, "must be an object");
  return &value->get_object();
}

Result<std::optional<TimePoint>> Fields::time(std::string_view name) const {
  if (find(name) == nullptr) return std::optional<TimePoint>{};
  const Error no_time = wrong(name, "must be an RFC 3339 time such as 2026-05-01T12:00:00Z");
  const auto text = needed_text(name, 64, Text::token);
  if (!text) return no_time;
  const auto time = parse_rfc3339(*text);
  if (!time) return no_time;
  return std::optional<TimePoint>{*time};
}

Result<std::vector<std::string>> Fields::words(std::string_view name, std::size_t words_max,
                                               std::size_t bytes_max) const {
  std::vector<std::string> words;
  const json::value* value = find(name);
  if (value == nullptr) return words;
  if (!value->is_array()) return wrong(name, "must be an array of strings");
  const json::array& list = value->get_array();
  if (list.size() > words_max)
    return wrong(name, "must have at most " + std::to_string(words_max) + " entries");
  for (const json::value& entry : list) {
    const auto text = entry.is_string() ? plain(entry.get_string()) : std::string_view{};
    if (text.empty() || text.size() > bytes_max || !fits(text, Text::token))
      return wrong(name, "must be an array of words");
    if (std::find(words.begin(), words.end(), text) != words.end())
      return wrong(name, "must name each only once");
    words.emplace_back(text);
  }
  return words;
}

Result<std::optional<Money>> Fields::amount(std::string_view name) const {
  const auto found = object(name);
  if (!found)
    return wrong(name, R"(must be an object such as {"value": "100.00", "currency": "USD"})");
  if (*found == nullptr) return std::optional<Money>{};
  const Fields fields{**found, path(name)};
  if (const auto known = fields.only({"value", "currency"}); !known) return known.error();
  const auto code = fields.needed_text("currency", 3, Text::token);
  if (!code) return fields.wrong("currency", "must be an ISO 4217 currency code such as USD");
  const auto currency = Currency::parse(*code);
  if (!currency) return fields.wrong("currency", currency.error().detail);
  const json::value* value = fields.find("value");
  if (value == nullptr) return fields.wrong("value", "is needed");
  if (!value->is_string()) {
    return fields.wrong(
        "value", R"(must be a decimal string such as "100.00", not a number or anything else)");
  }
  const auto money = parse_money(plain(value->get_string()), *currency);
  if (!money) return fields.wrong("value", money.error().detail);
  if (money->minor <= 0) return fields.wrong("value", "must be above zero");
  return std::optional<Money>{*money};
}

}  // namespace cambist::api
