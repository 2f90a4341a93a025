// Signs webhooks as Stripe does. The sandbox is the independent witness, so this is not the code
// that Cambist verifies with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/secret.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox::stripe {

/// The value of `Stripe-Signature`: "t=…,v1=…", one v1 for each secret, in their order.
/// Source: facts/stripe.md section 10.
[[nodiscard]] std::string signature(const std::vector<Secret>& secrets, std::string_view body,
                                    TimePoint now);

}  // namespace cambist::gateway::sandbox::stripe
