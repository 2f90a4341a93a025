#include "gateway/sandbox/mpesa_openapi_tz/params.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>

#include "protocols/http/syntax.hpp"

namespace cambist::gateway::sandbox::mpesa_openapi_tz {

namespace json = boost::json;

namespace {

bool is_plain(char c) noexcept {
  return http::is_digit(c) || http::is_alpha(c);
}

// [0-9A-Za-z space _ +], in number within the bounds.
bool is_text(std::string_view value, std::size_t size_max) {
  return !value.empty() && value.size() <= size_max &&
         std::all_of(value.begin(), value.end(),
                     [](char c) { return is_plain(c) || c == ' ' || c == '_' || c == '+'; });
}

bool is_alphanumeric(std::string_view value, std::size_t size_min, std::size_t size_max) {
  return value.size() >= size_min && value.size() <= size_max &&
         std::all_of(value.begin(), value.end(), is_plain);
}

}  // namespace

std::optional<Params> Params::from_json(std::string_view body) {
  boost::system::error_code failed;
  const auto document = json::parse(body, failed);
  if (failed || !document.is_object()) return std::nullopt;
  Params read;
  for (const auto& [key, value] : document.get_object()) {
    const auto* text = value.if_string();
    if (text == nullptr) return std::nullopt;
    read.values_.emplace(std::string{key}, std::string{*text});
  }
  return read;
}

std::optional<Params> Params::from_query(std::string_view query) {
  Params read;
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || pair.find('%') != std::string_view::npos)
      return std::nullopt;
    read.values_.emplace(std::string{pair.substr(0, equals)}, std::string{pair.substr(equals + 1)});
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
  }
  return read;
}

std::string_view Params::operator[](std::string_view name) const noexcept {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string_view{} : found->second;
}

bool Params::has(std::string_view name) const noexcept {
  return values_.find(name) != values_.end();
}

bool is_msisdn(std::string_view value) {
  return value.size() >= 12 && value.size() <= 14 &&
         std::all_of(value.begin(), value.end(), http::is_digit);
}

// The documented pattern takes decimals; wallets of this market hold whole shillings.
bool is_amount(std::string_view value) {
  return !value.empty() && value.size() <= 9 && value.front() != '0' &&
         std::all_of(value.begin(), value.end(), http::is_digit);
}

bool is_provider_code(std::string_view value) {
  return is_alphanumeric(value, 4, 12);
}

bool is_reference(std::string_view value) {
  return is_text(value, 20);
}

bool is_conversation(std::string_view value) {
  return is_text(value, 40);
}

bool is_description(std::string_view value) {
  return is_text(value, 256);
}

bool is_transaction(std::string_view value) {
  return is_alphanumeric(value, 1, 20);
}

bool is_query_reference(std::string_view value) {
  return is_alphanumeric(value, 1, 32);
}

bool is_country(std::string_view value) {
  return value == "TZN";
}

bool is_currency(std::string_view value) {
  return value == "TZS";
}

std::int64_t shillings_of(std::string_view value) noexcept {
  std::int64_t number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number;
}

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz
