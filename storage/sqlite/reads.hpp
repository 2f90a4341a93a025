// The reads of storage/reader.hpp, each on a session: what the class in reader.cpp hands on.
#pragma once

#include "storage/sqlite/reader_session.hpp"

namespace cambist::storage::sqlite::reads {

// payment_reads.cpp
[[nodiscard]] Result<std::vector<StoredEvent>> events(Session& session, PaymentId payment);
[[nodiscard]] Result<std::optional<PaymentRow>> payment(Session& session, const TenantId& tenant,
                                                        PaymentId payment);
[[nodiscard]] Result<std::vector<PaymentRow>> payments(Session& session, const PaymentQuery& query);
[[nodiscard]] Result<std::optional<PaymentId>> payment_at_provider(
    Session& session, std::string_view provider, std::string_view provider_payment_id);
[[nodiscard]] Result<std::optional<KeyRecord>> key(Session& session, const TenantId& tenant,
                                                   std::string_view key);
[[nodiscard]] Result<std::vector<OperationRow>> operations(Session& session, PaymentId payment);
[[nodiscard]] Result<std::vector<LedgerRow>> ledger(Session& session, PaymentId payment);
[[nodiscard]] Result<std::vector<Balance>> balances(Session& session, const TenantId& tenant);
[[nodiscard]] Result<std::vector<DueTimer>> open_payments(Session& session,
                                                          std::optional<PaymentId> after,
                                                          std::size_t limit);
[[nodiscard]] Result<std::vector<DueTimer>> due_timers(Session& session, TimePoint now,
                                                       std::size_t limit);
[[nodiscard]] Result<std::vector<ApiKeyRow>> api_keys(Session& session);

// webhook_reads.cpp
[[nodiscard]] Result<std::optional<PaymentId>> payment_of_event(Session& session,
                                                                std::string_view provider,
                                                                std::string_view event);
[[nodiscard]] Result<std::optional<WebhookRow>> webhook(Session& session, const TenantId& tenant,
                                                        WebhookId id);
[[nodiscard]] Result<std::vector<WebhookRow>> webhooks(Session& session, const WebhookQuery& query);
[[nodiscard]] Result<std::vector<WebhookRow>> due_webhooks(Session& session,
                                                           std::string_view provider, TimePoint now,
                                                           std::size_t limit);
[[nodiscard]] Result<std::vector<WebhookCount>> webhook_counts(Session& session,
                                                               const TenantId& tenant,
                                                               TimePoint since);

// outgoing_reads.cpp
[[nodiscard]] Result<std::vector<EndpointRow>> endpoints(Session& session,
                                                         const std::optional<TenantId>& tenant);
[[nodiscard]] Result<std::vector<StoredOutbox>> outbox(Session& session, const TenantId& tenant,
                                                       std::uint64_t after, std::size_t limit);
[[nodiscard]] Result<std::optional<StoredOutbox>> outbox_event(Session& session,
                                                               const TenantId& tenant, EventId id);
[[nodiscard]] Result<std::vector<DeliveryRow>> deliveries(Session& session,
                                                          const DeliveryQuery& query);
[[nodiscard]] Result<std::vector<DeliveryRow>> deliveries_after(Session& session,
                                                                EndpointId endpoint,
                                                                std::uint64_t cursor);

// operator_reads.cpp
[[nodiscard]] Result<std::vector<TaskRow>> tasks(Session& session, const TaskQuery& query);
[[nodiscard]] Result<std::optional<TaskRow>> task(Session& session, const TenantId& tenant,
                                                  TaskId id);
[[nodiscard]] Result<std::vector<AuditRow>> audit(Session& session, const TenantId& tenant,
                                                  std::optional<AuditId> before, std::size_t limit);

}  // namespace cambist::storage::sqlite::reads
