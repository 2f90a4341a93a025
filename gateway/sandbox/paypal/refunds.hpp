// What becomes of a refund: the same whether it happens in the call or in its own time.
#pragma once

#include "gateway/sandbox/paypal/model.hpp"

namespace cambist::gateway::sandbox::paypal {

/// The payer has the money back.
void complete(Bench& bench, const Order& order, Refund& refund);
/// A pending refund comes to nothing; its capture is as it was.
void fail(Bench& bench, Refund& refund, TimePoint now);

}  // namespace cambist::gateway::sandbox::paypal
