// What the provider's own news moves, worked out once: the state and the books must agree on it.
// Only the machine's own files include this.
#pragma once

#include <string_view>

#include "protocols/payment/machine.hpp"

namespace cambist::payment {

/// What is captured and neither refunded, nor being refunded, nor taken by a dispute.
[[nodiscard]] Money uncommitted(const Payment& payment);

/// What of a charge that is approved has been received by transfers before.
[[nodiscard]] Money applied_by(const Payment& before, const Money& approved);
/// What a transfer adds to what is unapplied, below zero when it takes from it; zero when it was
/// told before, or is of another currency.
[[nodiscard]] Money added_by(const Payment& before, const TransferReceived& fact);

/// What was received beyond what had been; zero when the fact does not fit the payment.
[[nodiscard]] Money received_by(const Payment& before, const CapturedAtProvider& fact);
/// What was refunded; zero when it was counted before or does not fit.
[[nodiscard]] Money refunded_by(const Payment& before, const RefundedAtProvider& fact);
/// What came back; zero when the refund had never counted, or has come back before.
[[nodiscard]] Money returned_by(const Payment& before, const RefundReversed& fact);

/// Shape: `posted` is what is taken from the merchant after the fact.
struct DisputeMoves {
  bool forward = false;  // otherwise the fact tells nothing new
  Money taken;
  Money returned;
  Money lost;
  Money posted;
};
[[nodiscard]] DisputeMoves moved_by(const Payment& before, const DisputeChanged& fact);

/// What is noted of a refund, by the provider's id or by our operation.
[[nodiscard]] const RefundNote* find_refund_note(const Payment& payment, std::string_view refund,
                                                 const OperationId& operation) noexcept;
/// The settled refund of ours with this id, or with this id at the provider.
[[nodiscard]] const Operation* find_refund(const Payment& payment, std::string_view refund,
                                           const OperationId& operation) noexcept;

}  // namespace cambist::payment
