#include "storage/postgres/reads.hpp"

namespace cambist::storage::postgres::reads {
namespace {

PaymentRow payment_row(Rows& rows) {
  return PaymentRow{.id = rows.id<PaymentId>(0),
                    .tenant = TenantId{rows.text(1)},
                    .version = static_cast<std::uint64_t>(rows.integer(2)),
                    .status = rows.text(3),
                    .amount = rows.money(4, 5),
                    .captured_minor = rows.integer(6),
                    .refunded_minor = rows.integer(7),
                    .provider = rows.text(8),
                    .provider_payment_id = rows.text(9),
                    .reference = rows.text(10),
                    .customer_id = rows.text(11),
                    .open = rows.integer(12) != 0,
                    .created_at = rows.time(13),
                    .updated_at = rows.time(14),
                    .json = rows.text(15)};
}

DueTimer due_timer(Rows& rows) {
  return {TenantId{rows.text(0)}, rows.id<PaymentId>(1), rows.time(2), rows.text(3)};
}

}  // namespace

Result<std::vector<StoredEvent>> events(Session& session, PaymentId payment) {
  return all(session.run("cannot read a payment's events", sql::events, payment), [](Rows& row) {
    return StoredEvent{static_cast<std::uint64_t>(row.integer(0)),
                       {.id = row.id<EventId>(1),
                        .at = row.time(2),
                        .type = row.text(3),
                        .schema_version = static_cast<int>(row.integer(4)),
                        .json = row.text(5)}};
  });
}

Result<std::optional<PaymentRow>> payment(Session& session, const TenantId& tenant,
                                          PaymentId payment) {
  return one(session.run("cannot read a payment", sql::payment, tenant, payment), payment_row);
}

Result<std::vector<PaymentRow>> payments(Session& session, const PaymentQuery& query) {
  const auto* const list = !query.reference.empty()     ? sql::payments_of_reference
                           : !query.customer_id.empty() ? sql::payments_of_customer
                           : !query.status.empty()      ? sql::payments_of_status
                                                        : sql::payments_of_tenant;
  return all(session.run("cannot list payments", list, query.tenant, page_start(query.before),
                         query.status, query.reference, query.customer_id, query.provider,
                         query.created_from.value_or(TimePoint::min()),
                         query.created_to.value_or(TimePoint::max()), bounded(query.limit)),
             payment_row);
}

Result<std::optional<PaymentId>> payment_at_provider(Session& session, std::string_view provider,
                                                     std::string_view provider_payment_id) {
  return one(session.run("cannot find a provider's payment", sql::payment_at_provider, provider,
                         provider_payment_id),
             [](Rows& row) { return row.id<PaymentId>(0); });
}

Result<std::optional<KeyRecord>> key(Session& session, const TenantId& tenant,
                                     std::string_view key) {
  return one(session.run("cannot read an idempotency key", sql::key, tenant, key), [&](Rows& row) {
    return KeyRecord{.key = std::string{key},
                     .payment = row.id<PaymentId>(0),
                     .fingerprint = row.digest(1),
                     .completed = row.integer(2) != 0,
                     .status = static_cast<int>(row.integer(3)),
                     .body = row.text(5),
                     .expires_at = row.time(4)};
  });
}

Result<std::vector<OperationRow>> operations(Session& session, PaymentId payment) {
  return all(session.run("cannot read a payment's operations", sql::operations, payment),
             [](Rows& row) {
               return OperationRow{.id = row.id<OperationId>(0),
                                   .kind = row.text(1),
                                   .status = row.text(2),
                                   .amount = row.money(3, 4),
                                   .attempts = static_cast<int>(row.integer(5)),
                                   .idempotency_key = row.text(6),
                                   .provider_object = row.text(7),
                                   .started_at = row.time(8)};
             });
}

Result<std::vector<LedgerRow>> ledger(Session& session, PaymentId payment) {
  return all(session.run("cannot read a payment's ledger", sql::ledger, payment), [](Rows& row) {
    return LedgerRow{row.id<OperationId>(0), row.text(1), row.money(2, 3)};
  });
}

Result<std::vector<Balance>> balances(Session& session, const TenantId& tenant) {
  return all(session.run("cannot sum the ledger", sql::balances, tenant), [](Rows& row) {
    return Balance{row.text(0), row.money(1, 2)};
  });
}

Result<std::vector<DueTimer>> open_payments(Session& session, std::optional<PaymentId> after,
                                            std::size_t limit) {
  return all(session.run("cannot list open payments", sql::open_payments,
                         after.value_or(PaymentId{}), bounded(limit)),
             due_timer);
}

Result<std::vector<DueTimer>> due_timers(Session& session, TimePoint now, std::size_t limit) {
  return all(session.run("cannot list due timers", sql::due_timers, now, bounded(limit)),
             due_timer);
}

Result<std::vector<ApiKeyRow>> api_keys(Session& session) {
  return all(session.run("cannot read the API keys", sql::api_keys), [](Rows& row) {
    return ApiKeyRow{row.text(0), TenantId{row.text(1)}, row.digest(2), row.time(3)};
  });
}

}  // namespace cambist::storage::postgres::reads
