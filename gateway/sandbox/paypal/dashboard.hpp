// What a person does at PayPal's own pages: effects that no API call and no key belongs to.
#pragma once

#include <optional>
#include <string_view>

#include "gateway/sandbox/paypal/model.hpp"
#include "protocols/core/error.hpp"

namespace cambist::gateway::sandbox::paypal {

/// `object` is an order.
/// Errors: not_found, illegal_transition, invalid_request with `field`; unavailable when the ledger
/// is full.
[[nodiscard]] Result<void> act_at_dashboard(Bench& bench, std::string_view object, DashboardAct act,
                                            std::optional<Money> amount);

}  // namespace cambist::gateway::sandbox::paypal
