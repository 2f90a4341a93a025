// The end of the load: waits until nothing is under way any more, inside and outside the server.
#pragma once

#include <chrono>
#include <string>

#include "tests/support/merchant.hpp"
#include "tests/support/service.hpp"

namespace cambist::soak {

/// What must come to rest. `endpoint` is the one that the merchant listens at.
struct Restless {
  const test::Client& api;
  const test::SandboxProcess& sandbox;
  const test::Merchant& merchant;
  std::string endpoint;
};

/// Waits until no payment is under way, no webhook waits on either side, and everything that
/// happened has been delivered. What still moves when the time is up; empty: nothing.
[[nodiscard]] std::string drain(const Restless& restless, std::chrono::milliseconds timeout);

}  // namespace cambist::soak
