// The ids that travel: Vodacom takes no key and asks by a reference of at most 32 letters and
// digits, so one text must name the payment and the operation both.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocols/core/ids.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::mpesa_openapi_tz {

/// Source: facts/mpesa.md B2, "QueryReference".
constexpr std::size_t conversation_size = 32;

/// The ThirdPartyConversationID of an operation: 25 digits of base 36 that are the payment's id,
/// then 7 that tell its operations apart. The same for every attempt, so that the provider knows a
/// repeat by it.
[[nodiscard]] std::string conversation_of(const PaymentId& payment, const OperationId& operation);

/// The payment in a text that `conversation_of` made; nullopt for everybody else's.
[[nodiscard]] std::optional<PaymentId> payment_in(std::string_view conversation);

/// The id of one question: a question is a request too, and no two may share theirs. Never one that
/// `payment_in` would take.
[[nodiscard]] std::string question_of(const OperationId& operation, int attempt);

/// What the payer reads beside the amount: the last 12 characters of an id.
[[nodiscard]] std::string reference_of(const PaymentId& payment);
[[nodiscard]] std::string reference_of(const OperationId& operation);

/// The conversation of a call's operation.
[[nodiscard]] inline std::string conversation_of(const provider::Call& call) {
  return conversation_of(call.payment, call.operation);
}

}  // namespace cambist::mpesa_openapi_tz
