// The body of a write, read once, and what every operator's request has besides it: its
// idempotency key, and its line for the audit log.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "gateway/api/exchange.hpp"
#include "protocols/core/digest.hpp"

namespace cambist::gateway {

/// Shape: an absent body is an empty object. `key` is empty when the client sent none.
struct Body {
  boost::json::object json;
  std::string key;
  Sha256 fingerprint{};
};

/// Errors: as `api::read_object` and `api::idempotency_key_of`.
[[nodiscard]] Result<Body> read_body(const Exchange& exchange);

/// The same for a request whose answer is kept here and not by a payment. Nothing when the exchange
/// is answered already: refused, or given the answer of an earlier request with the key.
[[nodiscard]] std::optional<boost::json::object> begin_operation(const ExchangePtr& exchange);

/// What the caller does, for the audit log. `detail` holds no secret.
[[nodiscard]] storage::AuditRow audit_row(const Exchange& exchange, std::string action,
                                          std::string object,
                                          const boost::json::object& detail = {});

}  // namespace cambist::gateway
