#include "protocols/providers/paypal/fields.hpp"

#include <algorithm>

#include <boost/json/parse.hpp>

#include "protocols/http/syntax.hpp"
#include "protocols/providers/paypal/amounts.hpp"

namespace cambist::paypal {

namespace json = boost::json;

std::optional<json::value> read_json(std::string_view body) {
  json::error_code error;
  auto value = json::parse(body, error);
  if (error) return std::nullopt;
  return value;
}

const json::object* child(const json::object& object, std::string_view key) noexcept {
  const auto* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

const json::array* list(const json::object& object, std::string_view key) noexcept {
  const auto* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_array();
}

std::string text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  const auto* string = value == nullptr ? nullptr : value->if_string();
  return string == nullptr ? std::string{} : std::string{string->data(), string->size()};
}

std::string word(const json::object& object, std::string_view key) {
  std::string found = text(object, key);
  const bool plain = found.size() <= 64 && std::all_of(found.begin(), found.end(), [](char c) {
                       return (c >= 'A' && c <= 'Z') || http::is_digit(c) || c == '_';
                     });
  return plain ? found : std::string{};
}

std::string object_id(const json::object& object, std::string_view key) {
  std::string found = text(object, key);
  return is_object_id(found) ? found : std::string{};
}

std::optional<TimePoint> time(const json::object& object, std::string_view key) {
  const auto parsed = parse_rfc3339(text(object, key));
  return parsed ? std::optional{*parsed} : std::nullopt;
}

Amount amount(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return {};
  const auto* both = value->if_object();
  if (both == nullptr) return {std::nullopt, false};
  const auto money = from_wire(text(*both, "value"), text(*both, "currency_code"));
  if (!money || money->minor <= 0) return {std::nullopt, false};
  return {money, true};
}

bool is_object_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return http::is_digit(c) || http::is_alpha(c) || c == '_' || c == '-';
  });
}

}  // namespace cambist::paypal
