// Every query of the readers, as constants: a test asks SQLite for the plan of each and refuses a
// scan.
#pragma once

namespace cambist::storage::sqlite::sql {

inline constexpr const char* events = R"(
  SELECT sequence, id, at, type, schema_version, json
  FROM payment_events WHERE payment = ?1 ORDER BY sequence)";

// The columns of a payment, in the order in which reader.cpp reads them.
#define CAMBIST_PAYMENT_COLUMNS                                                                 \
  "SELECT id, tenant, version, status, amount_minor, currency, captured_minor, refunded_minor," \
  " provider, provider_payment_id, reference, customer_id, open, created_at, updated_at, json"  \
  " FROM payments "

inline constexpr const char* payment = CAMBIST_PAYMENT_COLUMNS "WHERE tenant = ?1 AND id = ?2";

// Lists: ?1 tenant, ?2 the id before which the page starts, ?3 status, ?4 reference, ?5 customer,
// ?6 provider, ?7 and ?8 the range of creation, ?9 the limit. Empty text means any. What is indexed
// is compared directly; one query per index, and the caller takes the most selective one that it
// has a value for.
#define CAMBIST_LIST_FILTERS                                                               \
  " AND id < ?2 AND (?3 = '' OR status = ?3) AND (?4 = '' OR reference = ?4)"              \
  " AND (?5 = '' OR customer_id = ?5) AND (?6 = '' OR provider = ?6) AND created_at >= ?7" \
  " AND created_at < ?8 ORDER BY id DESC LIMIT ?9"
inline constexpr const char* payments_of_tenant =
    CAMBIST_PAYMENT_COLUMNS "INDEXED BY payments_by_id WHERE tenant = ?1" CAMBIST_LIST_FILTERS;
inline constexpr const char* payments_of_status = CAMBIST_PAYMENT_COLUMNS
    "INDEXED BY payments_by_status WHERE tenant = ?1 AND status = ?3" CAMBIST_LIST_FILTERS;
inline constexpr const char* payments_of_reference = CAMBIST_PAYMENT_COLUMNS
    "INDEXED BY payments_by_reference WHERE tenant = ?1"
    " AND reference <> '' AND reference = ?4" CAMBIST_LIST_FILTERS;
inline constexpr const char* payments_of_customer = CAMBIST_PAYMENT_COLUMNS
    "INDEXED BY payments_by_customer WHERE tenant = ?1"
    " AND customer_id <> '' AND customer_id = ?5" CAMBIST_LIST_FILTERS;
#undef CAMBIST_LIST_FILTERS
#undef CAMBIST_PAYMENT_COLUMNS

inline constexpr const char* key = R"(
  SELECT payment, fingerprint, completed, status, expires_at, body
  FROM idempotency_keys WHERE tenant = ?1 AND key = ?2)";

inline constexpr const char* operations = R"(
  SELECT id, kind, status, amount_minor, currency, attempts, idempotency_key, provider_object, started_at
  FROM operations WHERE payment = ?1 ORDER BY started_at, id)";

inline constexpr const char* ledger = R"(
  SELECT operation, account, amount_minor, currency
  FROM ledger_entries WHERE payment = ?1 ORDER BY entry)";

// sum() over integers fails on overflow instead of wrapping around.
inline constexpr const char* balances = R"(
  SELECT account, sum(amount_minor), currency
  FROM ledger_entries WHERE tenant = ?1 GROUP BY account, currency ORDER BY account, currency)";

inline constexpr const char* open_payments = R"(
  SELECT payments.tenant, payments.id, coalesce(timers.due, 0)
  FROM payments INDEXED BY payments_open LEFT JOIN timers ON timers.payment = payments.id
  WHERE payments.open = 1 AND payments.id > ?1 ORDER BY payments.id LIMIT ?2)";

inline constexpr const char* due_timers = R"(
  SELECT tenant, payment, due FROM timers WHERE due <= ?1 ORDER BY due, payment LIMIT ?2)";

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
    balances,
    open_payments,
    due_timers,
};

}  // namespace cambist::storage::sqlite::sql
