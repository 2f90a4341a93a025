// What the state of PayPal's objects means for an operation.
#pragma once

#include "protocols/provider/adapter.hpp"
#include "protocols/provider/verdict.hpp"
#include "protocols/providers/paypal/objects.hpp"
#include "protocols/providers/paypal/plan.hpp"

namespace cambist::paypal {

/// "Nobody knows"; `outage` when the answer could not even be read.
[[nodiscard]] provider::Unknown not_understood(bool outage);

/// The order or authorization is over and holds nothing.
[[nodiscard]] provider::Declined ended(const provider::Call& call, std::string word);

/// Back to the payer, to choose another way to pay or to approve again; a decline once that was
/// done often enough.
[[nodiscard]] provider::Verdict back_to_payer(const provider::Call& call, std::string word);

/// An order, as the answer to what `plan` says.
[[nodiscard]] provider::Verdict judge_order(const provider::Call& call, const Plan& plan,
                                            const AccountSettings& account, const Order& order);

/// An authorization, capture or refund that is itself the answer.
[[nodiscard]] provider::Verdict judge_effect(const provider::Call& call, const Plan& plan,
                                             const Effect& effect);

}  // namespace cambist::paypal
