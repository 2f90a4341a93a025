// Stripe's objects, read down to what a verdict needs. Reading is total: what is missing or of
// another type is absent, never an exception.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "protocols/core/time.hpp"
#include "protocols/provider/verdict.hpp"
#include "protocols/providers/stripe/fields.hpp"

namespace cambist::stripe {

/// The error object, and `last_payment_error`, which has the same fields.
struct Problem {
  std::string type{};
  std::string code{};
  std::string decline_code{};
  std::string advice_code{};
  std::string param{};
};

struct Charge {
  std::string id{};
  bool blocked = false;  // outcome.type "blocked": stopped before the network by fraud rules
  provider::MethodSummary method{};
  std::optional<TimePoint> capture_before{};
};

/// A PaymentIntent.
/// Shape: amounts are Stripe's integers, absent when the answer has none; `status` is Stripe's
/// word.
struct Intent {
  std::string id;
  std::string status;
  std::string currency{};
  std::optional<std::int64_t> amount{};
  std::optional<std::int64_t> amount_capturable{};
  std::optional<std::int64_t> amount_received{};
  std::optional<Problem> last_payment_error{};
  std::optional<provider::NextAction> next_action{};
  Charge latest_charge{};
};

struct Refund {
  std::string id;
  std::string status;
  std::string currency{};
  std::optional<std::int64_t> amount{};
  std::string failure_reason{};
  std::string our_id{};  // metadata[refund_id]
};

struct RefundPage {
  std::vector<Refund> refunds{};
  bool complete = false;  // nothing was left out: no further page, and every entry could be read
};

struct Dispute {
  std::string id;
  std::string status;
  std::string currency{};
  std::optional<std::int64_t> amount{};
  std::string reason{};
  std::optional<TimePoint> evidence_due_by{};
};

/// A whole error answer.
struct Answer {
  Problem problem;
  std::optional<Intent> intent{};
};

/// The body as JSON; nullopt when it is none or nested too deeply.
[[nodiscard]] std::optional<boost::json::value> read_json(std::string_view body);

/// Each is nullopt when `value` is no such object: another "object", no usable id, no status.
[[nodiscard]] std::optional<Intent> read_intent(const boost::json::value& value);
[[nodiscard]] std::optional<Refund> read_refund(const boost::json::value& value);
[[nodiscard]] std::optional<RefundPage> read_refund_page(const boost::json::value& value);
[[nodiscard]] std::optional<Dispute> read_dispute(const boost::json::value& value);
[[nodiscard]] std::optional<Answer> read_error(const boost::json::value& value);

}  // namespace cambist::stripe
