// The reading port of storage: the questions it answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/error.hpp"
#include "storage/operator_rows.hpp"
#include "storage/outgoing_rows.hpp"
#include "storage/payment_rows.hpp"
#include "storage/webhook_rows.hpp"

namespace cambist::storage {

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

  /// The payment that `event` of `provider` was applied to; nullopt when it was not, or is
  /// forgotten.
  [[nodiscard]] virtual Result<std::optional<PaymentId>> payment_of_event(
      std::string_view provider, std::string_view event) = 0;
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

}  // namespace cambist::storage
