#include "protocols/providers/stripe/fields.hpp"

#include <algorithm>

#include "protocols/providers/stripe/amounts.hpp"

namespace cambist::stripe {

namespace json = boost::json;

const json::object* child(const json::object& object, std::string_view key) noexcept {
  const auto* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

std::string text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  const auto* string = value == nullptr ? nullptr : value->if_string();
  return string == nullptr ? std::string{} : std::string{string->data(), string->size()};
}

std::string word(const json::object& object, std::string_view key) {
  std::string found = text(object, key);
  const bool plain =
      found.size() <= 64 && std::all_of(found.begin(), found.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '[' || c == ']';
      });
  return plain ? found : std::string{};
}

std::optional<std::int64_t> integer(const json::object& object, std::string_view key) noexcept {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

std::optional<TimePoint> unix_time(const json::object& object, std::string_view key) {
  const auto seconds = integer(object, key);
  // Up to the year 9999: what lies beyond does not fit in microseconds for ever.
  if (!seconds || *seconds <= 0 || *seconds > 253'402'300'799) return std::nullopt;
  return TimePoint{std::chrono::seconds{*seconds}};
}

std::string reference(const json::object& object, std::string_view key) {
  const auto* whole = child(object, key);
  std::string id = whole == nullptr ? text(object, key) : text(*whole, "id");
  return is_object_id(id) ? id : std::string{};
}

bool is_kind(const json::object& object, std::string_view kind) {
  const std::string stated = text(object, "object");
  return stated.empty() || stated == kind;
}

std::optional<Money> amount_of(std::optional<std::int64_t> wire, std::string_view currency) {
  std::string code{currency};
  std::transform(code.begin(), code.end(), code.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const auto known = Currency::parse(code);
  if (!known || !wire || *wire <= 0) return std::nullopt;
  const auto money = from_wire(*wire, *known);
  return money ? std::optional{*money} : std::nullopt;
}

bool is_object_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= 255 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

}  // namespace cambist::stripe
