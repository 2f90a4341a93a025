// Parts of a payment as merchants are shown them, in JSON: what the API's answers and our own
// events have in common.
#pragma once

#include <optional>
#include <string>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "protocols/payment/payment.hpp"

namespace cambist::payment {

/// A failure as clients may see it: fraud looks like any other decline.
[[nodiscard]] provider::Failure public_failure(const provider::Failure& failure);

[[nodiscard]] boost::json::object shown_money(const Money& money);
[[nodiscard]] boost::json::value shown_text(const std::string& text);  // null when empty
[[nodiscard]] boost::json::value shown_time(const std::optional<TimePoint>& time);
/// {"code", "message", "decline_code"?}, made public first.
[[nodiscard]] boost::json::object shown_failure(const provider::Failure& failure);
/// {"id", "status", "amount", "reason", "inquiry", "evidence_due_by", "opened_at", "closed_at"}, or
/// null.
[[nodiscard]] boost::json::value shown_dispute(const Dispute* dispute);
[[nodiscard]] boost::json::object shown_metadata(const provider::Metadata& metadata);

}  // namespace cambist::payment
