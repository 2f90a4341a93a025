// Which request a call means: the steps of each operation, and where it asks instead of doing.
#pragma once

#include <cstdint>
#include <string>

#include "protocols/provider/adapter.hpp"
#include "protocols/providers/paypal/settings.hpp"

namespace cambist::paypal {

enum class Request : std::uint8_t {
  create,                 // POST /v2/checkout/orders: no money moves
  authorize,              // POST …/orders/{id}/authorize
  charge,                 // POST …/orders/{id}/capture
  reauthorize,            // POST /v2/payments/authorizations/{id}/reauthorize
  capture,                // POST …/authorizations/{id}/capture
  void_authorization,     // POST …/authorizations/{id}/void
  refund,                 // POST /v2/payments/captures/{id}/refund
  look_up_order,          // GET /v2/checkout/orders/{id}
  look_up_authorization,  // GET /v2/payments/authorizations/{id}
  look_up_refund          // GET /v2/payments/refunds/{id}
};

/// Shape: `round` counts how often the payer was sent back to choose another funding source: each
///        round has a request id of its own. `payer_turn`: the step waits for the payer. `renews`:
///        the step renews the authorization before its capture.
struct Plan {
  Request request = Request::create;
  int round = 0;
  bool payer_turn = false;
  bool renews = false;
};

/// Source: README.md, "Steps".
[[nodiscard]] Plan plan_of(const AccountSettings& account, const provider::Call& call) noexcept;

/// The `PayPal-Request-Id`: the operation's own key, the step's name, and the round from the second
/// on.
[[nodiscard]] std::string request_id_of(const provider::Call& call, const Plan& plan);

[[nodiscard]] constexpr bool is_question(Request request) noexcept {
  return request == Request::look_up_order || request == Request::look_up_authorization ||
         request == Request::look_up_refund;
}

/// Whether the step after `step` may send the payer back once more.
[[nodiscard]] constexpr bool may_choose_again(int step) noexcept {
  // PayPal has a limit of its own, which it does not tell; four rounds are below it.
  return step < 2 * 4 - 1;
}

}  // namespace cambist::paypal
