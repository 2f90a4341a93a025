// Which call goes to which endpoint, and which of our operations it is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "gateway/sandbox/faults.hpp"
#include "gateway/sandbox/paypal/endpoints.hpp"

namespace cambist::gateway::sandbox::paypal {

/// What kind of call a route is, for the fault switches.
enum class Role : std::uint8_t {
  other,
  create,
  authorize,
  charge,
  capture,
  void_authorization,
  refund,
  inquire
};
/// How long the call's request id is remembered.
enum class Memory : std::uint8_t { none, order, payment };

struct Route {
  std::string_view method;
  std::string_view path;  // ":id" stands for one segment
  Role role;
  Memory memory;
  Outcome (*serve)(Bench&, const Call&);
  bool takes_any_body = false;  // not JSON alone
};

[[nodiscard]] std::span<const Route> routes() noexcept;

struct Match {
  const Route* route = nullptr;
  std::string_view id{};
};
/// `route` is nullptr when no route fits.
[[nodiscard]] Match find_route(std::string_view method, std::string_view path) noexcept;
/// What the fault rules see. none: a call that is no operation of a payment.
[[nodiscard]] std::optional<FaultCall> fault_call(const Match& match,
                                                  const boost::json::value& body);

}  // namespace cambist::gateway::sandbox::paypal
