// The calls of PayPal's API that the emulator knows, one function each.
#pragma once

#include <string_view>

#include <boost/json.hpp>

#include "gateway/sandbox/paypal/failure.hpp"
#include "gateway/sandbox/paypal/model.hpp"

namespace cambist::gateway::sandbox::paypal {

/// One call, as an endpoint sees it. `id` is the object in the path, `key` the PayPal-Request-Id or
/// empty; `body` is `raw` read as JSON, an empty object when there is none.
struct Call {
  const boost::json::value& body;
  std::string_view raw;
  std::string_view query;
  std::string_view id;
  std::string_view key;
  TimePoint now;
};

// orders.cpp, patch.cpp
[[nodiscard]] Outcome create_order(Bench& bench, const Call& call);
[[nodiscard]] Outcome show_order(Bench& bench, const Call& call);
[[nodiscard]] Outcome confirm_payment_source(Bench& bench, const Call& call);
[[nodiscard]] Outcome patch_order(Bench& bench, const Call& call);
// complete.cpp
[[nodiscard]] Outcome authorize_order(Bench& bench, const Call& call);
[[nodiscard]] Outcome capture_order(Bench& bench, const Call& call);
// authorizations.cpp
[[nodiscard]] Outcome show_authorization(Bench& bench, const Call& call);
[[nodiscard]] Outcome capture_authorization(Bench& bench, const Call& call);
[[nodiscard]] Outcome reauthorize(Bench& bench, const Call& call);
[[nodiscard]] Outcome void_authorization(Bench& bench, const Call& call);
// refunds.cpp
[[nodiscard]] Outcome show_capture(Bench& bench, const Call& call);
[[nodiscard]] Outcome refund_capture(Bench& bench, const Call& call);
[[nodiscard]] Outcome show_refund(Bench& bench, const Call& call);
// dispute_calls.cpp
[[nodiscard]] Outcome list_disputes(Bench& bench, const Call& call);
[[nodiscard]] Outcome show_dispute(Bench& bench, const Call& call);
[[nodiscard]] Outcome provide_evidence(Bench& bench, const Call& call);
[[nodiscard]] Outcome accept_claim(Bench& bench, const Call& call);
[[nodiscard]] Outcome adjudicate(Bench& bench, const Call& call);
// notifications.cpp
[[nodiscard]] Outcome verify_signature(Bench& bench, const Call& call);
[[nodiscard]] Outcome show_event(Bench& bench, const Call& call);

}  // namespace cambist::gateway::sandbox::paypal
