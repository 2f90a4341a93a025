// A call as bytes: pure, and the same bytes for the same call.
#pragma once

#include "protocols/core/error.hpp"
#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/providers/paypal/settings.hpp"

namespace cambist::paypal {

/// The request without its access token.
/// Errors: what to_wire refuses; internal when a call about an object names none, or its key is
/// empty or too long.
[[nodiscard]] Result<http::Request> build_request(const AccountSettings& account,
                                                  const provider::Call& call);

/// "pay_…:op_…": what travels as `invoice_id`, because PayPal wants one that never repeats.
[[nodiscard]] std::string invoice_of(const PaymentId& payment, const OperationId& operation);

}  // namespace cambist::paypal
