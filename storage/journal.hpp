// The ports of storage: one append is one transaction, and whoever appends says which version it
// saw.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/core/digest.hpp"
#include "protocols/core/error.hpp"
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
/// not happen and answers DuplicateKey.
struct KeyClaim {
  std::string key;
  Sha256 fingerprint{};
  TimePoint now;
  TimePoint expires_at;
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
struct TimerChange {
  std::optional<TimePoint> due;
};

/// All that one step of one payment writes, in one transaction.
/// Shape: `expected_version` is the number of events the writer has seen; the new events follow it.
/// `tenant`,
///        `payment` and the new version are taken from here and not from `row`. Without events
///        `row` is not looked at (a projection moves only with facts), and before a payment's first
///        event only a key can be written.
struct Append {
  TenantId tenant;
  PaymentId payment;
  std::uint64_t expected_version = 0;
  std::vector<EventRow> events;
  PaymentRow row;
  std::vector<OperationRow> operations;
  KeyChange key;
  std::vector<LedgerRow> ledger;
  std::optional<TimerChange> timer;
};

struct Appended {
  std::uint64_t version = 0;
};
struct Conflict {};
/// Stands before Conflict: a taken key is answered even to a stale writer. `payment` may be the
/// writer's own.
struct DuplicateKey {
  PaymentId payment;
};
/// Error: internal is a mistake in the append itself; unavailable says that the store could not
/// write. The step is then almost surely not there, but only reading it again tells.
using AppendResult = std::variant<Appended, Conflict, DuplicateKey, Error>;

/// The writing port. Not thread safe: one owner.
class Journal {
 public:
  Journal() = default;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  virtual ~Journal() = default;
  /// Commits the batch. One failing append costs only itself; results come in the order of `batch`.
  /// Durable when it returns.
  [[nodiscard]] virtual std::vector<AppendResult> append(std::span<const Append> batch) = 0;
  /// Drops answered keys that have expired, at most `limit`, in the order of their expiry, tenant
  /// and name; a key whose payment is not settled is kept.
  [[nodiscard]] virtual Result<std::size_t> expire_keys(TimePoint now, std::size_t limit) = 0;
};

struct KeyRecord {
  std::string key;
  PaymentId payment;
  Sha256 fingerprint{};
  bool completed = false;
  int status = 0;
  std::string body;
  TimePoint expires_at;
};

struct StoredEvent {
  std::uint64_t sequence = 0;
  EventRow event;
};

/// Filters of a list; empty means any. Newest first.
/// Shape: `before` is the last id of the page before (ids sort by time).
struct PaymentQuery {
  TenantId tenant;
  std::string status{};
  std::string reference{};
  std::string customer_id{};
  std::string provider{};
  std::optional<TimePoint> created_from{};  // inclusive
  std::optional<TimePoint> created_to{};    // exclusive
  std::optional<PaymentId> before{};
  std::size_t limit = 20;
};

struct DueTimer {
  TenantId tenant;
  PaymentId payment;
  TimePoint due;
};
struct Balance {
  std::string account;
  Money amount;
};
struct ApiKeyRow {
  std::string id;
  TenantId tenant;
  Sha256 hash{};
  TimePoint created_at;
};

/// The reading port. Not thread safe: one owner per instance; a store gives as many as asked.
class Reader {
 public:
  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  virtual ~Reader() = default;
  /// Errors of every call: unavailable.
  [[nodiscard]] virtual Result<std::vector<StoredEvent>> events(
      PaymentId payment) = 0;  // empty: no such payment
  [[nodiscard]] virtual Result<std::optional<PaymentRow>> payment(const TenantId& tenant,
                                                                  PaymentId payment) = 0;
  [[nodiscard]] virtual Result<std::vector<PaymentRow>> payments(const PaymentQuery& query) = 0;
  [[nodiscard]] virtual Result<std::optional<KeyRecord>> key(const TenantId& tenant,
                                                             std::string_view key) = 0;
  /// In the order of their start.
  [[nodiscard]] virtual Result<std::vector<OperationRow>> operations(PaymentId payment) = 0;
  [[nodiscard]] virtual Result<std::vector<LedgerRow>> ledger(PaymentId payment) = 0;
  /// Sums per account and currency over all payments of the tenant, in that order: the trial
  /// balance.
  [[nodiscard]] virtual Result<std::vector<Balance>> balances(const TenantId& tenant) = 0;
  /// Payments with an unsettled operation, in order of id, after `after`. `due` is the payment's
  /// timer; the epoch when it has none.
  [[nodiscard]] virtual Result<std::vector<DueTimer>> open_payments(std::optional<PaymentId> after,
                                                                    std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::vector<DueTimer>> due_timers(TimePoint now,
                                                                 std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::vector<ApiKeyRow>> api_keys() = 0;
};

/// A store as `main` holds it.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;
  /// At most one lives at a time: nullptr while another does. Journals and readers may outlive the
  /// store.
  [[nodiscard]] virtual std::unique_ptr<Journal> open_journal() = 0;
  [[nodiscard]] virtual std::unique_ptr<Reader> open_reader() = 0;
  /// Administration at start, before any actor runs. Makes the tenant if it is new.
  [[nodiscard]] virtual Result<void> put_api_key(const ApiKeyRow& key) = 0;
};

}  // namespace cambist::storage
