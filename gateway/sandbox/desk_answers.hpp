// How the sandbox's own paths answer, and the parts of the desk that have files of their own.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "gateway/sandbox/desk.hpp"
#include "protocols/core/error.hpp"

namespace cambist::gateway::sandbox {

[[nodiscard]] http::Response respond(int status, std::string body,
                                     std::string_view type = "application/json");
[[nodiscard]] http::Response problem(int status, std::string_view title, const Error& error);
[[nodiscard]] inline http::Response bad_request(const Error& error) {
  return problem(400, "Bad Request", error);
}
/// 404, 409 or 400, by the code.
[[nodiscard]] http::Response refused(const Error& error);
[[nodiscard]] http::Response wrong_method(std::string_view allowed);
/// The body as an object that has no other members than `known`; an empty body is an empty object.
/// Errors: malformed_json, invalid_request with `field`.
[[nodiscard]] Result<boost::json::object> read_object(
    std::string_view body, std::initializer_list<std::string_view> known);
/// nullptr when there is none of that name.
[[nodiscard]] Emulator* find_emulator(Desk& desk, std::string_view name);

/// desk_webhooks.cpp: "/sandbox/webhooks" and "/sandbox/webhooks/resend".
[[nodiscard]] http::Response show_webhooks(Desk& desk, const http::Request& request);
[[nodiscard]] http::Response resend_webhooks(Desk& desk, const http::Request& request);
/// desk_acts.cpp: what others than the merchant do. `path` is what follows the prefix.
[[nodiscard]] http::Response act_as_payer(Desk& desk, const http::Request& request,
                                          std::string_view path);
[[nodiscard]] http::Response act_at_dashboard(Desk& desk, const http::Request& request,
                                              std::string_view path);
[[nodiscard]] http::Response open_dispute(Desk& desk, const http::Request& request);
[[nodiscard]] http::Response close_dispute(Desk& desk, const http::Request& request,
                                           std::string_view path);

}  // namespace cambist::gateway::sandbox
