// One call of an emulator under the fault rules: what never reaches the provider's code, what its
// own 500 hides, and what happens to the answer on its way back.
#pragma once

#include <functional>

#include "gateway/sandbox/distort.hpp"
#include "gateway/sandbox/emulator.hpp"

namespace cambist::gateway::sandbox {

/// The provider's own words for the calls that it does not serve.
struct Wording {
  http::Response limited;  // http_429
  http::Response down;     // http_503
  http::Response broken;   // http_500, before or after the effect
};

/// For providers without idempotency keys: every call is executed, or kept away by a fault.
[[nodiscard]] inline inbound::Outgoing serve_faulted(
    World& world, const FaultCall& call, const Wording& wording,
    const std::function<http::Response()>& execute) {
  const auto hit = world.faults.take(call, world.random);
  if (!hit) return {.response = execute()};
  if (keeps_call_away(hit->fault))
    return keep_away(*hit, hit->fault == Fault::http_429 ? wording.limited : wording.down);
  http::Response answer = hit->fault == Fault::http_500 ? wording.broken : execute();
  if (hit->fault == Fault::http_500_after) answer = wording.broken;
  return distort(*hit, std::move(answer));
}

}  // namespace cambist::gateway::sandbox
