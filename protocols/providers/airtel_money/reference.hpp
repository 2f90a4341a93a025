// The transaction id that Airtel knows a charge by: ours, made of the payment and the operation, so
// that a callback that names nothing else leads back to both.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocols/core/ids.hpp"

namespace cambist::airtel_money {

/// 52 letters and digits: the payment's and the operation's, without their prefixes.
/// Source: facts/airtel-money.md section 3: alphanumeric, unique, up to 64.
[[nodiscard]] std::string transaction_id(const PaymentId& payment, const OperationId& operation);

struct Reference {
  PaymentId payment;
  OperationId operation;
};
/// nullopt for what is no transaction id of ours.
[[nodiscard]] std::optional<Reference> read_transaction_id(std::string_view text);

/// What the payer reads beside the amount: the merchant's own reference as far as Airtel takes it
/// (4 to 64 letters, digits and spaces), or else the end of the payment's id.
[[nodiscard]] std::string payer_reference(std::string_view reference, const PaymentId& payment);

}  // namespace cambist::airtel_money
