// The payer's side: PayPal's page for an order, and what is chosen there.
#pragma once

#include <string_view>

#include "gateway/sandbox/paypal/model.hpp"
#include "protocols/http/message.hpp"

namespace cambist::gateway::sandbox::paypal {

/// The payer agrees; `declines`: with an instrument that will be refused.
/// Shape: the order waits for the payer.
void approve(Bench& bench, Order& order, bool declines, TimePoint now);

/// Answers `/checkoutnow?token=` and, below it, `/approve`, `/decline` and `/cancel`; `path` is
/// what follows "/checkoutnow".
[[nodiscard]] http::Response checkout_page(Bench& bench, std::string_view method,
                                           std::string_view path, std::string_view query,
                                           TimePoint now);

}  // namespace cambist::gateway::sandbox::paypal
