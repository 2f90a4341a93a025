// The life of a dispute: opened by the bank, answered by the merchant, decided, and what that does
// to the money.
#pragma once

#include <optional>
#include <string_view>

#include <boost/json.hpp>

#include "gateway/sandbox/stripe/model.hpp"
#include "protocols/core/error.hpp"

namespace cambist::gateway::sandbox::stripe {

/// The disputes that the charge's test method brings with it, once it is captured.
void dispute_by_method(Bench& bench, Charge& charge);

/// Errors: not_found, illegal_transition, amount_too_large, invalid_request with `field`.
[[nodiscard]] Result<boost::json::object> open_dispute(Bench& bench, const DisputeOrder& order);
/// Errors: not_found, illegal_transition.
[[nodiscard]] Result<boost::json::object> close_dispute(Bench& bench, std::string_view id,
                                                        bool won);
/// Every dispute of `payment` (empty: of all) as the sandbox's ledger shows it.
void list_for_ledger(Bench& bench, std::string_view payment, boost::json::array& out);

/// The bank has decided: an inquiry is closed, a dispute won (the money comes back) or lost.
/// Shape: the dispute is open.
void decide(Bench& bench, Dispute& dispute, bool won);

}  // namespace cambist::gateway::sandbox::stripe
