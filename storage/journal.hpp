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

/// One of our own events for the merchants, in the commit of what it tells about.
/// Shape: `id` is stable over every delivery; `sequence` is the payment's version; `json` the whole
/// body as it is sent.
struct OutboxRow {
  EventId id;
  std::string type;  // "payment.captured"
  PaymentId payment{};
  std::uint64_t sequence = 0;
  TimePoint at{};
  std::string json{};
};

/// Something the operators must decide; upserted.
/// Shape: `status` is "open" or "resolved"; `outcome` is "succeeded", "failed", or "settled" (the
/// provider answered after
///        all); empty while open.
struct TaskRow {
  TaskId id;
  std::string kind;  // "unknown_outcome"
  std::string status;
  PaymentId payment{};
  OperationId operation{};
  std::string operation_kind{};
  Money amount{};
  std::string provider{};
  std::string detail{};
  std::string outcome{};
  std::string reason{};
  std::string resolved_by{};
  TimePoint created_at{};
  std::optional<TimePoint> resolved_at{};
};

/// What an operator did; never changed.
struct AuditRow {
  AuditId id;
  TenantId tenant;
  TimePoint at;
  std::string actor;
  std::string action;  // "task.resolve", "breaker.trip", "webhooks.replay", "endpoint.create"
  std::string object;
  std::string detail{};  // JSON, without secrets
  std::string request_id{};
};

// --- webhooks of providers
// ------------------------------------------------------------------------------

/// A verified webhook, as it came in.
/// Shape: `status` is "received" (not looked at yet), "retrying" (failed, due again), "parked" (its
/// payment is not known,
///        due again), "applied", "ignored" (nothing to do for it) or "dead" (given up; can be
///        replayed). `due` is set exactly for the first three. `position` is the order of receipt,
///        given by the store.
struct WebhookRow {
  WebhookId id;
  TenantId tenant;
  std::string provider;
  std::string event;  // the provider's own id
  std::string type;
  bool livemode = false;
  std::string object{};
  TimePoint created_at{};  // the provider's
  TimePoint received_at{};
  std::string status = "received";
  int attempts = 0;
  std::optional<TimePoint> due{};
  std::optional<PaymentId> payment{};
  std::string error{};
  std::optional<TimePoint> settled_at{};
  std::uint64_t position = 0;
  std::uint64_t body_bytes = 0;
  std::string body{};  // raw; empty in lists
};
/// Stores it, once for each provider and event: a second time answers AlreadyThere and writes
/// nothing.
struct WebhookReceived {
  WebhookRow row;
};
/// What became of working on it. A webhook that is applied or ignored does not change any more:
/// AlreadyThere.
struct WebhookUpdate {
  WebhookId id;
  std::string status;
  int attempts = 0;
  std::optional<TimePoint> due{};
  std::optional<PaymentId> payment{};
  std::string error{};
  TimePoint at{};
};
/// Puts a webhook back to "received", whatever became of it; its attempts count from 0 again.
struct WebhookReplayed {
  TenantId tenant;
  WebhookId id;
  TimePoint due;
};

// --- our events for merchants
// ---------------------------------------------------------------------------

/// A merchant's endpoint.
/// Shape: `types` empty means all, an entry may end in ".*". `cursor` is the outbox position up to
/// which everything is
///        done; the store keeps it, see EndpointPut and CursorMoved. `disabled_reason` is empty
///        while it is enabled.
struct EndpointRow {
  EndpointId id;
  TenantId tenant;
  std::string url;
  std::string description{};
  std::vector<std::string> types{};
  bool enabled = true;
  std::string disabled_reason{};
  std::string secret{};
  std::string previous_secret{};
  std::optional<TimePoint> previous_secret_until{};
  std::uint64_t cursor = 0;
  TimePoint created_at{};
  TimePoint updated_at{};
};
/// Inserts (with the cursor at the end of the outbox: only what comes later is delivered) or
/// updates all but the cursor.
struct EndpointPut {
  EndpointRow row;
};
/// Its deliveries go with it.
struct EndpointGone {
  TenantId tenant;
  EndpointId id;
};
/// Sets the cursor back (or forward); deliveries behind it are forgotten.
struct CursorMoved {
  EndpointId endpoint;
  std::uint64_t cursor = 0;
};
/// One event on its way to one endpoint; upserted by (endpoint, position).
/// Shape: `status` is "pending", "delivered" or "failed" (given up).
struct DeliveryRow {
  EndpointId endpoint;
  std::uint64_t position = 0;
  EventId event{};
  std::string type{};
  PaymentId payment{};
  std::string status = "pending";
  int attempts = 0;
  int response_status = 0;
  std::string error{};
  Duration duration{};
  std::optional<TimePoint> next_attempt_at{};
  TimePoint updated_at{};
};
/// `cursor`, when set, moves the endpoint's cursor forward with it.
struct DeliveryPut {
  DeliveryRow row;
  std::optional<std::uint64_t> cursor{};
};
/// An event that belongs to no step of a payment.
struct Announced {
  TenantId tenant;
  OutboxRow row;
};

/// Writes outside of the payments' streams.
using Record = std::variant<WebhookReceived, WebhookUpdate, WebhookReplayed, EndpointPut,
                            EndpointGone, CursorMoved, DeliveryPut, AuditRow, Announced>;
/// All or nothing.
struct Records {
  std::vector<Record> rows;
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
  std::vector<OutboxRow> outbox{};
  std::vector<TaskRow> tasks{};
  std::vector<AuditRow> audit{};
  /// The webhook that this step is the effect of: marked in the same commit, and if it is settled
  /// already the whole append is not written (AlreadyThere), so that no webhook takes effect twice.
  std::optional<WebhookUpdate> webhook{};
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
/// AlreadyThere: the webhook was stored, or settled, before.
struct AlreadyThere {};
using AppendResult = std::variant<Appended, Conflict, DuplicateKey, Error, AlreadyThere>;
/// Records that were written answer Appended{0}; what they name and is not there (an endpoint, a
/// webhook) is an Error{not_found}.
using Entry = std::variant<Append, Records>;

/// The writing port. Not thread safe: one owner.
class Journal {
 public:
  Journal() = default;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  virtual ~Journal() = default;
  /// Commits the batch. One failing entry costs only itself; results come in the order of `batch`.
  /// Durable when it returns.
  [[nodiscard]] virtual std::vector<AppendResult> write(std::span<const Entry> batch) = 0;
  /// The same for appends alone.
  [[nodiscard]] std::vector<AppendResult> append(std::span<const Append> batch) {
    const std::vector<Entry> entries(batch.begin(), batch.end());
    return write(entries);
  }
  /// Drops answered keys that have expired, at most `limit`, in the order of their expiry, tenant
  /// and name; a key whose payment is not settled is kept.
  [[nodiscard]] virtual Result<std::size_t> expire_keys(TimePoint now, std::size_t limit) = 0;
  /// Drops settled webhooks, outbox rows that every endpoint of the tenant has behind it, and
  /// settled deliveries, all older than `before`, at most `limit` of each. Dead letters stay.
  [[nodiscard]] virtual Result<std::size_t> forget(TimePoint before, std::size_t limit) = 0;
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
  std::string kind{};
};

/// Newest first; empty means any. `before` is the last id of the page before.
struct WebhookQuery {
  TenantId tenant;
  std::string provider{};
  std::string status{};
  std::string type{};
  std::optional<PaymentId> payment{};
  std::optional<TimePoint> received_from{};  // inclusive
  std::optional<TimePoint> received_to{};    // exclusive
  std::optional<WebhookId> before{};
  std::size_t limit = 20;
};
/// How many webhooks of a provider stand at a status.
struct WebhookCount {
  std::string provider;
  std::string status;
  std::uint64_t count = 0;
  TimePoint last_received_at{};
};
struct StoredOutbox {
  std::uint64_t position = 0;
  OutboxRow row;
};
/// Newest first. `before` is the position before which the page starts.
struct DeliveryQuery {
  EndpointId endpoint;
  std::string status{};
  std::optional<std::uint64_t> before{};
  std::size_t limit = 20;
};
/// Newest first.
struct TaskQuery {
  TenantId tenant;
  std::string status{};
  std::optional<PaymentId> payment{};
  std::optional<TaskId> before{};
  std::size_t limit = 20;
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
  /// Due at `now` or before, the earliest first. Stays cheap whatever is due later.
  [[nodiscard]] virtual Result<std::vector<DueTimer>> due_timers(TimePoint now,
                                                                 std::size_t limit) = 0;
  /// The payment that `provider` knows as `provider_payment_id`; the newest, should there be
  /// several.
  [[nodiscard]] virtual Result<std::optional<PaymentId>> payment_at_provider(
      std::string_view provider, std::string_view provider_payment_id) = 0;

  [[nodiscard]] virtual Result<std::optional<WebhookRow>> webhook(const TenantId& tenant,
                                                                  WebhookId id) = 0;
  /// Without bodies.
  [[nodiscard]] virtual Result<std::vector<WebhookRow>> webhooks(const WebhookQuery& query) = 0;
  /// With bodies: those of `provider` with `due` at `now` or before, in the order of due, then of
  /// receipt.
  [[nodiscard]] virtual Result<std::vector<WebhookRow>> due_webhooks(std::string_view provider,
                                                                     TimePoint now,
                                                                     std::size_t limit) = 0;
  /// Received since `since`, by provider and status.
  [[nodiscard]] virtual Result<std::vector<WebhookCount>> webhook_counts(const TenantId& tenant,
                                                                         TimePoint since) = 0;

  /// In the order of their making; nullopt: of all tenants.
  [[nodiscard]] virtual Result<std::vector<EndpointRow>> endpoints(
      const std::optional<TenantId>& tenant) = 0;
  /// What comes after position `after`, in order.
  [[nodiscard]] virtual Result<std::vector<StoredOutbox>> outbox(const TenantId& tenant,
                                                                 std::uint64_t after,
                                                                 std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<StoredOutbox>> outbox_event(const TenantId& tenant,
                                                                         EventId id) = 0;
  [[nodiscard]] virtual Result<std::vector<DeliveryRow>> deliveries(const DeliveryQuery& query) = 0;
  /// Those behind the endpoint's cursor, in the order of their position: what a restart must know.
  [[nodiscard]] virtual Result<std::vector<DeliveryRow>> deliveries_after(EndpointId endpoint,
                                                                          std::uint64_t cursor) = 0;

  [[nodiscard]] virtual Result<std::vector<TaskRow>> tasks(const TaskQuery& query) = 0;
  [[nodiscard]] virtual Result<std::optional<TaskRow>> task(const TenantId& tenant, TaskId id) = 0;
  /// Newest first.
  [[nodiscard]] virtual Result<std::vector<AuditRow>> audit(const TenantId& tenant,
                                                            std::optional<AuditId> before,
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
