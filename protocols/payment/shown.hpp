// Parts of a payment as merchants are shown them, in JSON: what the API's answers and our own
// events have in common. Each writes one value at the end of a string.
#pragma once

#include <optional>
#include <string>

#include "protocols/payment/payment.hpp"

namespace cambist::payment {

/// A failure as clients may see it: fraud looks like any other decline.
[[nodiscard]] provider::Failure public_failure(const provider::Failure& failure);

void show_money(std::string& out, const Money& money);
void show_id(std::string& out, const PaymentId& id);
void show_id(std::string& out, const OperationId& id);
void show_time(std::string& out, TimePoint time);
void show_time(std::string& out, const std::optional<TimePoint>& time);  // null without one
/// {"code", "message", "decline_code"?}, made public first.
void show_failure(std::string& out, const provider::Failure& failure);
/// {"id", "status", "amount", "reason", "inquiry", "evidence_due_by", "opened_at", "closed_at"}, or
/// null.
void show_dispute(std::string& out, const Dispute* dispute);
void show_metadata(std::string& out, const provider::Metadata& metadata);

}  // namespace cambist::payment
