// What Stripe answers when it does not do what it was asked: one value, written to the wire in one
// place.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include <boost/json.hpp>

namespace cambist::gateway::sandbox::stripe {

/// Shape: views name literals. `stored` says that execution had begun, so the idempotency layer
/// keeps the
///        answer. `intent` is rendered into `error.payment_intent` when it is not empty.
struct Failure {
  int status = 400;
  std::string_view type = "invalid_request_error";
  std::string_view code{};
  std::string message;
  std::string param{};
  std::string_view decline_code{};
  std::string_view advice_code{};
  std::string_view network_decline_code{};
  std::string charge{};
  std::string payment_method{};
  std::string intent{};
  bool stored = false;
};

using Outcome = std::variant<boost::json::object, Failure>;

/// A 400 before execution began.
[[nodiscard]] inline Failure invalid(std::string_view code, std::string_view param,
                                     std::string message) {
  Failure failure;
  failure.code = code;
  failure.param = param;
  failure.message = std::move(message);
  return failure;
}

/// 404 for an object named in the path, 400 for one named by a parameter.
[[nodiscard]] inline Failure missing(int status, std::string_view what, std::string_view id,
                                     std::string_view param) {
  auto failure =
      invalid("resource_missing", param,
              "No such " + std::string{what} + ": '" + std::string{id.substr(0, 64)} + "'");
  failure.status = status;
  return failure;
}

/// The `error` object without the intent.
[[nodiscard]] boost::json::object error_fields(const Failure& failure);

}  // namespace cambist::gateway::sandbox::stripe
