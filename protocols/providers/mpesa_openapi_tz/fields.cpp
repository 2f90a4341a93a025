#include "protocols/providers/mpesa_openapi_tz/fields.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json/parse.hpp>

#include "protocols/http/syntax.hpp"

namespace cambist::mpesa_openapi_tz {

namespace json = boost::json;

namespace {

constexpr std::size_t word_size_max = 40;
// Source: facts/mpesa.md B2, "TransactionID".
constexpr std::size_t receipt_size_max = 20;

}  // namespace

std::optional<json::object> read_object(std::string_view body) {
  json::error_code failed;
  auto value = json::parse(body, failed);
  if (failed || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::string text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr) return {};
  if (const auto* string = value->if_string()) return {string->data(), string->size()};
  if (const auto* number = value->if_int64()) return std::to_string(*number);
  return {};
}

bool is_word(std::string_view text) noexcept {
  return !text.empty() && text.size() <= word_size_max &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return http::is_digit(c) || http::is_alpha(c) || c == '-' || c == '_';
         });
}

std::string word(const json::object& object, std::string_view key) {
  std::string found = text(object, key);
  return is_word(found) ? found : std::string{};
}

bool is_receipt(std::string_view text) noexcept {
  return !text.empty() && text.size() <= receipt_size_max &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return http::is_digit(c) || http::is_alpha(c); });
}

std::string receipt(const json::object& object, std::string_view key) {
  std::string found = text(object, key);
  return is_receipt(found) ? found : std::string{};
}

std::optional<std::chrono::seconds> retry_after(const http::Response& response) {
  const auto* header = http::find(response.headers, "Retry-After");
  if (header == nullptr) return std::nullopt;
  int seconds = 0;
  const auto* end = header->data() + header->size();
  const auto [stop, error] = std::from_chars(header->data(), end, seconds);
  if (error != std::errc{} || stop != end || seconds < 0 || seconds > 3'600) return std::nullopt;
  return std::chrono::seconds{seconds};
}

}  // namespace cambist::mpesa_openapi_tz
