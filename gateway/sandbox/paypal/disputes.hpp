// The life of a dispute: opened by the payer, answered by the merchant, decided by PayPal.
#pragma once

#include <string_view>

#include <boost/json.hpp>

#include "gateway/sandbox/paypal/model.hpp"
#include "protocols/core/error.hpp"

namespace cambist::gateway::sandbox::paypal {

/// The dispute of all of a capture that a test wished for.
void dispute_by_wish(Bench& bench, Capture& capture);
/// `order.object` is an order or a capture.
/// Errors: not_found, illegal_transition, amount_too_large, invalid_request with `field`.
[[nodiscard]] Result<boost::json::object> open_dispute(Bench& bench, const DisputeOrder& order);
/// Errors: not_found, illegal_transition.
[[nodiscard]] Result<boost::json::object> close_dispute(Bench& bench, std::string_view id,
                                                        bool won);
/// Every dispute of `payment` (empty: of all) as the sandbox's ledger shows it.
void list_for_ledger(Bench& bench, std::string_view payment, boost::json::array& out);

/// The merchant keeps the money, or has lost it.
/// Shape: the dispute is not resolved.
void resolve(Bench& bench, Dispute& dispute, bool won);

}  // namespace cambist::gateway::sandbox::paypal
