// Which call goes to which endpoint, and which of our operations it is.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "gateway/sandbox/faults.hpp"
#include "gateway/sandbox/stripe/endpoints.hpp"

namespace cambist::gateway::sandbox::stripe {

/// What kind of call a route is, for the fault switches.
enum class Role : std::uint8_t { other, create, confirm, capture, cancel, refund, inquire };

struct Route {
  std::string_view method;
  std::string_view path;  // ":id" stands for one segment
  Role role;
  Outcome (*serve)(Bench&, const Call&);
};

[[nodiscard]] std::span<const Route> routes() noexcept;

struct Match {
  const Route* route = nullptr;
  std::string_view id{};
};
/// `route` is nullptr when no route fits.
[[nodiscard]] Match find_route(std::string_view method, std::string_view path) noexcept;
/// What the fault rules see. none: a call that is no operation of a payment.
[[nodiscard]] std::optional<FaultCall> fault_call(Bench& bench, const Match& match,
                                                  const Form& form);

}  // namespace cambist::gateway::sandbox::stripe
