// What one step of a payment leaves behind: events, the projection, operations, keys, postings, the
// timer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "protocols/core/digest.hpp"
#include "protocols/core/ids.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::storage {

/// One event of a payment, as it is kept for ever.
struct EventRow {
  EventId id;
  TimePoint at;
  std::string type;
  int schema_version = 1;
  std::string json;
};

/// The payment as reads see it. `json` is the payment exactly as the API shows it.
/// Shape: `open` says an operation is not settled; such payments are woken at start.
struct PaymentRow {
  PaymentId id;
  TenantId tenant;
  std::uint64_t version = 0;
  std::string status;
  Money amount;
  std::int64_t captured_minor = 0;
  std::int64_t refunded_minor = 0;
  std::string provider;
  std::string provider_payment_id;
  std::string reference;
  std::string customer_id;
  bool open = false;
  TimePoint created_at;
  TimePoint updated_at;
  std::string json;
};

/// An operation's latest shape; upserted.
struct OperationRow {
  OperationId id;
  std::string kind;
  std::string status;
  Money amount;
  int attempts = 1;
  std::string idempotency_key;
  std::string provider_object;
  TimePoint started_at;
};

/// Takes a client's key in the commit that makes the intent. A second append with the same key does
/// not happen and answers DuplicateKey. Shape: `status` and `body` are the answer of a request that
/// is done with this very commit; 0 while it is not.
struct KeyClaim {
  std::string key;
  Sha256 fingerprint{};
  TimePoint now;
  TimePoint expires_at;
  int status = 0;
  std::string body{};
};
/// Stores the answer that later requests with the key get. The first answer stays; a key that is
/// unknown or was taken by another payment is left as it is.
struct KeyAnswer {
  std::string key;
  int status = 200;
  std::string body;
};
/// Frees a key whose request surely had no effect. An answered key, and another payment's, is left
/// as it is.
struct KeyRelease {
  std::string key;
};
using KeyChange = std::variant<std::monostate, KeyClaim, KeyAnswer, KeyRelease>;

struct LedgerRow {
  OperationId operation;
  std::string account;
  Money amount;
};

/// The payment's single wake-up. `due` nullopt clears it.
/// Shape: `kind` says what for: "call_deadline", "repeat", "inquiry", "action_expiry",
/// "authorization_expiry",
///        "scheduled_capture", "escalation".
struct TimerChange {
  std::optional<TimePoint> due;
  std::string kind{};
};

}  // namespace cambist::storage
