// Which request a call means: the steps of each operation, and where it asks instead of doing.
#pragma once

#include <cstdint>
#include <string>

#include "protocols/provider/adapter.hpp"

namespace cambist::stripe {

enum class Request : std::uint8_t {
  create,          // POST /v1/payment_intents, unconfirmed: no money moves
  confirm,         // POST …/confirm
  capture,         // POST …/capture
  cancel,          // POST …/cancel
  refund,          // POST /v1/refunds
  look_up,         // GET /v1/payment_intents/{pi}
  look_up_refunds  // GET /v1/refunds?payment_intent={pi}
};

/// Shape: `generation` counts the idempotency keys of this request that are burnt (see README,
/// decision 4).
struct Plan {
  Request request = Request::create;
  int generation = 0;
};

/// Source: README.md, "Steps".
[[nodiscard]] Plan plan_of(const provider::Call& call) noexcept;

/// The key of the planned request: the operation's own, the step's name, and the generation from
/// the second on.
[[nodiscard]] std::string key_of(const provider::Call& call, const Plan& plan);

[[nodiscard]] constexpr bool is_question(Request request) noexcept {
  return request == Request::look_up || request == Request::look_up_refunds;
}

/// Generations after which a provider that keeps failing is left to the operators: more than the
/// schedule of inquiries has room for in a day.
constexpr int generations_max = 64;

}  // namespace cambist::stripe
