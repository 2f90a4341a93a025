#include "protocols/providers/mpesa_daraja/fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <boost/json/parse.hpp>

#include "protocols/http/syntax.hpp"
#include "protocols/providers/mpesa_daraja/wire.hpp"

namespace cambist::mpesa_daraja {

namespace json = boost::json;

namespace {

std::string text_of(const json::value* value) {
  if (value == nullptr) return {};
  if (const auto* string = value->if_string(); string != nullptr && string->size() <= 256)
    return {string->data(), string->size()};
  if (value->is_int64()) return std::to_string(value->get_int64());
  if (value->is_uint64()) return std::to_string(value->get_uint64());
  return {};
}

std::string word_of(std::string text) {
  const bool plain =
      !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return http::is_digit(c) || http::is_alpha(c) || c == '_' || c == '.' || c == '-';
      });
  return plain ? text : std::string{};
}

}  // namespace

std::optional<json::object> read_object(std::string_view body) {
  constexpr std::size_t depth_max = 16;
  boost::system::error_code failed;
  json::parse_options options;
  options.max_depth = depth_max;
  auto value = json::parse(json::string_view{body.data(), body.size()}, failed, {}, options);
  if (failed || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

const json::object* child(const json::object& object, std::string_view key) noexcept {
  const auto* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

std::string text(const json::object& object, std::string_view key) {
  return text_of(object.if_contains(key));
}

std::string word(const json::object& object, std::string_view key) {
  return word_of(text(object, key));
}

std::string word(const json::value* value) {
  return word_of(text_of(value));
}

const json::value* item(const json::value* list, std::string_view label,
                        std::string_view name) noexcept {
  const auto found = [&](const json::value& entry) -> const json::value* {
    const auto* object = entry.if_object();
    const auto* key = object == nullptr ? nullptr : object->if_contains(label);
    const auto* given = key == nullptr ? nullptr : key->if_string();
    if (given == nullptr || std::string_view{given->data(), given->size()} != name) return nullptr;
    return object->if_contains("Value");
  };
  if (list == nullptr) return nullptr;
  const auto* entries = list->if_array();
  if (entries == nullptr) return found(*list);
  for (const auto& entry : *entries) {
    if (const auto* value = found(entry)) return value;
  }
  return nullptr;
}

std::optional<Money> shillings(const json::value* value) {
  if (value == nullptr) return std::nullopt;
  std::string decimal = text_of(value);
  if (value->is_double()) {
    // "1500.00" is a double to a JSON reader: back to the two decimals it was written with.
    const double given = value->get_double();
    constexpr double most = 1e12;
    if (!(given > 0 && given < most)) return std::nullopt;
    const double cents = std::round(given * 100);
    if (std::abs(cents - given * 100) > 1e-3) return std::nullopt;
    return Money{static_cast<std::int64_t>(cents), kes()};
  }
  const auto money = parse_money(decimal, kes());
  if (!money || money->minor <= 0) return std::nullopt;
  return *money;
}

std::optional<TimePoint> local_time(const json::value* value) {
  const std::string digits = text_of(value);
  if (digits.size() != 14) return std::nullopt;
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (!http::is_digit(digits[i])) return std::nullopt;
    if (i == 4 || i == 6) text += '-';
    if (i == 8) text += 'T';
    if (i == 10 || i == 12) text += ':';
    text += digits[i];
  }
  const auto time = parse_rfc3339(text + "+03:00");
  return time ? std::optional{*time} : std::nullopt;
}

}  // namespace cambist::mpesa_daraja
