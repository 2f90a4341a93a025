// Every query of the readers, as constants: a test asks PostgreSQL for the plan of each and refuses
// a scan.
#pragma once

namespace cambist::storage::postgres::sql {

inline constexpr const char* events = R"(
  SELECT sequence, id, at, type, schema_version, json
  FROM payment_events WHERE payment = $1 ORDER BY sequence)";

// The columns of a payment, in the order in which payment_reads.cpp reads them.
#define CAMBIST_PAYMENT_COLUMNS                                                                 \
  "SELECT id, tenant, version, status, amount_minor, currency, captured_minor, refunded_minor," \
  " provider, provider_payment_id, reference, customer_id, open, created_at, updated_at, json"  \
  " FROM payments "

inline constexpr const char* payment = CAMBIST_PAYMENT_COLUMNS "WHERE tenant = $1 AND id = $2";

// Lists: $1 tenant, $2 the last id that the page may show, $3 status, $4 reference, $5 customer,
// $6 provider, $7 and $8 the range of creation, $9 the limit. Empty text means any. What is indexed
// is compared directly; one query per index, and the caller takes the most selective one that it
// has a value for.
#define CAMBIST_LIST_FILTERS                                                         \
  " AND id <= $2::uuid AND ($3::text = '' OR status = $3)"                           \
  " AND ($4::bytea = '' OR reference = $4) AND ($5::bytea = '' OR customer_id = $5)" \
  " AND ($6::text = '' OR provider = $6) AND created_at >= $7::int8"                 \
  " AND created_at < $8::int8 ORDER BY id DESC LIMIT $9::int8"
inline constexpr const char* payments_of_tenant =
    CAMBIST_PAYMENT_COLUMNS "WHERE tenant = $1" CAMBIST_LIST_FILTERS;
inline constexpr const char* payments_of_status =
    CAMBIST_PAYMENT_COLUMNS "WHERE tenant = $1 AND status = $3" CAMBIST_LIST_FILTERS;
inline constexpr const char* payments_of_reference = CAMBIST_PAYMENT_COLUMNS
    "WHERE tenant = $1 AND reference <> '' AND reference = $4" CAMBIST_LIST_FILTERS;
inline constexpr const char* payments_of_customer = CAMBIST_PAYMENT_COLUMNS
    "WHERE tenant = $1 AND customer_id <> '' AND customer_id = $5" CAMBIST_LIST_FILTERS;
#undef CAMBIST_LIST_FILTERS
#undef CAMBIST_PAYMENT_COLUMNS

inline constexpr const char* key = R"(
  SELECT payment, fingerprint, completed, status, expires_at, body
  FROM idempotency_keys WHERE tenant = $1 AND key = $2)";

inline constexpr const char* operations = R"(
  SELECT id, kind, status, amount_minor, currency, attempts, idempotency_key, provider_object, started_at
  FROM operations WHERE payment = $1 ORDER BY started_at, id)";

inline constexpr const char* ledger = R"(
  SELECT operation, account, amount_minor, currency
  FROM ledger_entries WHERE payment = $1 ORDER BY entry)";

// The sum is exact; one that does not fit is an error instead of another number.
// Reads the whole table (README.md, decision 38).
inline constexpr const char* balances = R"(
  SELECT account, sum(amount_minor)::int8, currency
  FROM ledger_entries WHERE tenant = $1 GROUP BY account, currency ORDER BY account, currency)";

// The LIMIT keeps the planner from joining all timers with all payments.
inline constexpr const char* open_payments = R"(
  SELECT p.tenant, p.id, coalesce(t.due, 0), coalesce(t.kind, '')
  FROM payments AS p
  LEFT JOIN LATERAL (SELECT due, kind FROM timers WHERE payment = p.id LIMIT 1) AS t ON true
  WHERE p.open AND p.id > $1::uuid ORDER BY p.id LIMIT $2::int8)";

inline constexpr const char* due_timers = R"(
  SELECT tenant, payment, due, kind FROM timers WHERE due <= $1::int8 ORDER BY due, payment LIMIT $2::int8)";

inline constexpr const char* payment_at_provider = R"(
  SELECT id FROM payments
  WHERE provider = $1 AND provider_payment_id = $2 AND provider_payment_id <> '' ORDER BY id DESC LIMIT 1)";

inline constexpr const char* payment_of_event = R"(
  SELECT payment FROM webhook_events
  WHERE provider = $1 AND event = $2 AND status = 'applied' AND payment IS NOT NULL)";

// The columns of a webhook, in the order in which webhook_reads.cpp reads them. The length of a
// long body is known without reading it.
#define CAMBIST_WEBHOOK_COLUMNS                                                                  \
  "SELECT id, tenant, provider, event, type, livemode, object, created_at, received_at, status," \
  " attempts, due, payment, error, settled_at, position, length(body)"

inline constexpr const char* webhook =
    CAMBIST_WEBHOOK_COLUMNS ", path, body FROM webhook_events WHERE id = $2 AND tenant = $1";
inline constexpr const char* due_webhooks = CAMBIST_WEBHOOK_COLUMNS
    ", path, body FROM webhook_events"
    " WHERE provider = $1 AND due <= $2::int8 ORDER BY due, position LIMIT $3::int8";

// Lists: $1 tenant, $2 the last id that the page may show, $3 status, $4 payment, $5 provider,
// $6 type, $7 and $8 the range of receipt, $9 the limit; as with payments.
#define CAMBIST_LIST_FILTERS                                                                 \
  " AND id <= $2::uuid AND ($3::text = '' OR status = $3)"                                   \
  " AND ($4::uuid IS NULL OR payment = $4) AND ($5::text = '' OR provider = $5)"             \
  " AND ($6::text = '' OR type = $6) AND received_at >= $7::int8 AND received_at < $8::int8" \
  " ORDER BY id DESC LIMIT $9::int8"
inline constexpr const char* webhooks_of_tenant =
    CAMBIST_WEBHOOK_COLUMNS " FROM webhook_events WHERE tenant = $1" CAMBIST_LIST_FILTERS;
// For any status but "applied", which nearly all have.
inline constexpr const char* webhooks_of_status = CAMBIST_WEBHOOK_COLUMNS
    " FROM webhook_events WHERE tenant = $1 AND status = $3"
    " AND status <> 'applied'" CAMBIST_LIST_FILTERS;
inline constexpr const char* webhooks_of_payment = CAMBIST_WEBHOOK_COLUMNS
    " FROM webhook_events WHERE tenant = $1 AND payment = $4" CAMBIST_LIST_FILTERS;
#undef CAMBIST_LIST_FILTERS
#undef CAMBIST_WEBHOOK_COLUMNS

// Found first, grouped then: otherwise an index in the order of the groups looks cheaper than it is.
inline constexpr const char* webhook_counts = R"(
  WITH received AS MATERIALIZED (
    SELECT provider, status, received_at FROM webhook_events WHERE tenant = $1 AND received_at >= $2::int8)
  SELECT provider, status, count(*), max(received_at)
  FROM received GROUP BY provider, status ORDER BY provider, status)";

#define CAMBIST_ENDPOINT_COLUMNS                                                  \
  "SELECT id, tenant, url, description, types, enabled, disabled_reason, secret," \
  " previous_secret, previous_secret_until, cursor, created_at, updated_at"       \
  " FROM webhook_endpoints "
inline constexpr const char* endpoints_of_tenant =
    CAMBIST_ENDPOINT_COLUMNS "WHERE tenant = $1 ORDER BY position";
// Read whole, once, at start.
inline constexpr const char* endpoints = CAMBIST_ENDPOINT_COLUMNS "ORDER BY position";
#undef CAMBIST_ENDPOINT_COLUMNS

#define CAMBIST_OUTBOX_COLUMNS "SELECT position, id, type, payment, sequence, at, json FROM outbox "
inline constexpr const char* outbox = CAMBIST_OUTBOX_COLUMNS
    "WHERE tenant = $1 AND position > $2::int8 ORDER BY position LIMIT $3::int8";
inline constexpr const char* outbox_event = CAMBIST_OUTBOX_COLUMNS "WHERE tenant = $1 AND id = $2";
#undef CAMBIST_OUTBOX_COLUMNS

// Lists: $1 endpoint, $2 the position before which the page starts, $3 the limit, $4 status.
#define CAMBIST_DELIVERY_COLUMNS                                                        \
  "SELECT endpoint, position, event, type, payment, status, attempts, response_status," \
  " error, duration, next_attempt_at, updated_at FROM deliveries "
inline constexpr const char* deliveries = CAMBIST_DELIVERY_COLUMNS
    "WHERE endpoint = $1 AND position < $2::int8 AND ($4::text = '' OR status = $4)"
    " ORDER BY position DESC LIMIT $3::int8";
// For any status but "delivered", which nearly all have.
inline constexpr const char* deliveries_of_status = CAMBIST_DELIVERY_COLUMNS
    "WHERE endpoint = $1 AND position < $2::int8 AND status = $4 AND status <> 'delivered'"
    " ORDER BY position DESC LIMIT $3::int8";
inline constexpr const char* deliveries_after =
    CAMBIST_DELIVERY_COLUMNS "WHERE endpoint = $1 AND position > $2::int8 ORDER BY position";
#undef CAMBIST_DELIVERY_COLUMNS

// Lists: $1 tenant, $2 the last id that the page may show, $3 status, $4 payment, $5 the limit.
#define CAMBIST_TASK_COLUMNS                                                             \
  "SELECT id, kind, status, payment, operation, operation_kind, amount_minor, currency," \
  " provider, detail, outcome, reason, resolved_by, created_at, resolved_at FROM tasks "
#define CAMBIST_LIST_FILTERS                               \
  " AND id <= $2::uuid AND ($3::text = '' OR status = $3)" \
  " AND ($4::uuid IS NULL OR payment = $4) ORDER BY id DESC LIMIT $5::int8"
inline constexpr const char* task = CAMBIST_TASK_COLUMNS "WHERE tenant = $1 AND id = $2";
inline constexpr const char* tasks_of_tenant =
    CAMBIST_TASK_COLUMNS "WHERE tenant = $1" CAMBIST_LIST_FILTERS;
inline constexpr const char* tasks_of_status =
    CAMBIST_TASK_COLUMNS "WHERE tenant = $1 AND status = $3" CAMBIST_LIST_FILTERS;
inline constexpr const char* tasks_of_payment =
    CAMBIST_TASK_COLUMNS "WHERE tenant = $1 AND payment = $4" CAMBIST_LIST_FILTERS;
#undef CAMBIST_LIST_FILTERS
#undef CAMBIST_TASK_COLUMNS

inline constexpr const char* audit = R"(
  SELECT tenant, id, at, actor, action, object, detail, request_id
  FROM audit_log WHERE tenant = $1 AND id <= $2::uuid ORDER BY id DESC LIMIT $3::int8)";

// Read whole, once, at start.
inline constexpr const char* api_keys = R"(
  SELECT id, tenant, hash, created_at FROM api_keys ORDER BY id)";

inline constexpr const char* searching[] = {
    events,
    payment,
    payments_of_tenant,
    payments_of_status,
    payments_of_reference,
    payments_of_customer,
    key,
    operations,
    ledger,
    open_payments,
    due_timers,
    payment_at_provider,
    payment_of_event,
    webhook,
    due_webhooks,
    webhooks_of_tenant,
    webhooks_of_status,
    webhooks_of_payment,
    webhook_counts,
    endpoints_of_tenant,
    outbox,
    outbox_event,
    deliveries,
    deliveries_of_status,
    deliveries_after,
    task,
    tasks_of_tenant,
    tasks_of_status,
    tasks_of_payment,
    audit,
};

}  // namespace cambist::storage::postgres::sql
