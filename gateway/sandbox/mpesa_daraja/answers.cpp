#include "gateway/sandbox/mpesa_daraja/answers.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace cambist::gateway::sandbox::mpesa_daraja {
namespace json = boost::json;
namespace {

bool all_digits(std::string_view text) noexcept {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

http::Response json_response(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json;charset=UTF-8"},
                      {"Cache-Control", "no-store"}};
  response.body = std::move(body);
  return response;
}

}  // namespace

Failure invalid(std::string_view field) {
  return {400, "400.002.02", "Bad Request - Invalid " + std::string{field}};
}

Failure internal_error() {
  return {500, "500.003.1001", "Internal Server Error"};
}

Failure is_processed() {
  return {500, "500.001.1001", "The transaction is being processed"};
}

http::Response respond(const Outcome& outcome, std::string request_id) {
  if (const auto* object = std::get_if<json::object>(&outcome))
    return json_response(200, json::serialize(*object));
  const auto& failure = std::get<Failure>(outcome);
  return json_response(failure.status,
                       json::serialize(json::object{{"requestId", std::move(request_id)},
                                                    {"errorCode", failure.code},
                                                    {"errorMessage", failure.message}}));
}

http::Response spike_arrest() {
  const json::object fault{
      {"fault",
       json::object{
           {"faultstring", "Spike arrest violation. Allowed rate : MessageRate{}"},
           {"detail", json::object{{"errorcode", "policies.ratelimit.SpikeArrestViolation"}}}}}};
  return json_response(429, json::serialize(fault));
}

std::optional<Fields> Fields::read(std::string_view body) {
  boost::system::error_code failed;
  auto document = json::parse(json::string_view{body.data(), body.size()}, failed);
  if (failed || !document.is_object()) return std::nullopt;
  return Fields{std::move(document.get_object())};
}

void Fields::refuse(Failure failure) {
  if (!failure_) failure_ = std::move(failure);
}

std::string Fields::text(std::string_view name, std::size_t least, std::size_t most) {
  const auto* member = object_.if_contains(name);
  std::string found;
  if (member != nullptr && member->is_string()) found = std::string{member->get_string()};
  if (member != nullptr && member->is_int64()) found = std::to_string(member->get_int64());
  if (found.size() < least || found.size() > most) refuse(name);
  return found;
}

std::string Fields::digits(std::string_view name, std::size_t least, std::size_t most) {
  auto found = text(name, least, most);
  if (!all_digits(found)) refuse(name);
  return found;
}

std::string Fields::phone(std::string_view name) {
  auto found = digits(name, 12, 12);
  if (!found.starts_with("2547") && !found.starts_with("2541")) refuse(name);
  return found;
}

std::int64_t Fields::amount(std::string_view name, std::int64_t most) {
  const auto found = digits(name, 1, 12);
  std::int64_t value = 0;
  std::from_chars(found.data(), found.data() + found.size(), value);
  if (value < 1 || value > most) refuse(name);
  return value;
}

std::string Fields::url(std::string_view name) {
  auto found = text(name, 9, 1'024);
  const bool loopback =
      found.starts_with("http://127.0.0.1") || found.starts_with("http://localhost");
  if (!found.starts_with("https://") && !loopback) refuse(name);
  const bool plain =
      std::all_of(found.begin(), found.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!plain) refuse(name);
  return found;
}

void Fields::is(std::string_view name, std::string_view wanted) {
  if (text(name, 1, 64) != wanted) refuse(name);
}

}  // namespace cambist::gateway::sandbox::mpesa_daraja
