#include "gateway/outbound/request_bytes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "protocols/http/syntax.hpp"

namespace cambist::gateway::outbound {

namespace {

bool is_ours(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 7> ours{
      "host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "expect"};
  return std::any_of(ours.begin(), ours.end(),
                     [&](std::string_view own) { return http::equals_ignoring_case(name, own); });
}

bool is_target(std::string_view target) noexcept {
  return target.starts_with('/') && std::none_of(target.begin(), target.end(), [](char c) {
           return c == ' ' || c == '#' || http::is_control(c);
         });
}

bool is_value(std::string_view value) noexcept {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return http::is_control(c) && c != '\t'; });
}

}  // namespace

Result<std::string> request_bytes(const http::Request& request, const http::Origin& origin) {
  if (!http::is_token(request.method))
    return Error{ErrorCode::invalid_request, "the method is not a token"};
  if (!is_target(request.target))
    return Error{ErrorCode::invalid_request, "the target is not in origin-form"};
  std::string out;
  out.reserve(256 + request.headers.size() * 64 + request.body.size());
  const auto field = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  out.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
  field("Host", origin.authority());
  for (const auto& [name, value] : request.headers) {
    if (!http::is_token(name) || !is_value(value)) {
      return Error{ErrorCode::invalid_request, "a header holds a byte that is not allowed"};
    }
    if (!is_ours(name)) field(name, value);
  }
  if (http::find(request.headers, "User-Agent") == nullptr) field("User-Agent", "cambist");
  const bool has_body = !request.body.empty() || request.method == "POST" ||
                        request.method == "PUT" || request.method == "PATCH";
  if (has_body) field("Content-Length", std::to_string(request.body.size()));
  out.append("\r\n").append(request.body);
  return out;
}

}  // namespace cambist::gateway::outbound
