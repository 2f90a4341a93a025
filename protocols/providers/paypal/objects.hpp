// PayPal's objects, read down to what a verdict needs. Reading is total: what is missing or of
// another type is absent, never an exception.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"
#include "protocols/provider/verdict.hpp"

namespace cambist::paypal {

/// An authorization, a capture or a refund: PayPal describes all three alike.
/// Shape: `status` and `reason` are PayPal's words; `our_payment` and `our_operation` are what
///        travelled in `custom_id` and `invoice_id`.
struct Effect {
  std::string id;
  std::string status;
  std::string reason{};           // status_details.reason
  std::string response_code{};    // the card processor's
  std::optional<Money> amount{};  // absent when the answer has none
  std::string custom_id{};
  std::string invoice_id{};
  std::optional<TimePoint> created_at{};
  std::optional<TimePoint> expires_at{};
};

struct Order {
  std::string id;
  std::string status;
  std::string intent{};
  std::string custom_id{};
  std::string approve_url{};  // where the payer goes, or empty
  std::vector<Effect> authorizations{};
  std::vector<Effect> captures{};
  std::vector<Effect> refunds{};
  provider::MethodSummary method{};
};

/// Shape: `word` is the first issue or, without one, the name of the error.
struct Problem {
  std::string name;
  std::string word;
};

/// Each is nullopt when `value` is no such object: no usable id, no status, an amount that is none,
/// or (an order) an entry in one of its lists that cannot be read.
[[nodiscard]] std::optional<Effect> read_effect(const boost::json::value& value);
[[nodiscard]] std::optional<Order> read_order(const boost::json::value& value);
[[nodiscard]] std::optional<Problem> read_problem(const boost::json::value& value);

}  // namespace cambist::paypal
