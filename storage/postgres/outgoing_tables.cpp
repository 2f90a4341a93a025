#include "storage/postgres/outgoing_tables.hpp"

#include "storage/lines.hpp"

namespace cambist::storage::postgres {
namespace {

// One lock per outbox, so that two schemas of a database do not wait for each other. It is a
// statement of its own: the next one then sees what was committed before the lock was had.
constexpr const char* lock_outbox =
    "SELECT pg_advisory_xact_lock(1129136962, 'outbox'::regclass::oid::int4)";
// In the order of the batch, after all that ever was.
constexpr const char* insert_announced = R"(
  INSERT INTO outbox (position, tenant, id, payment, sequence, type, at, json)
  SELECT (SELECT greatest((SELECT max(position) FROM outbox), (SELECT position FROM outbox_forgotten)))
      + row_number() OVER (),
    r.tenant, r.id, r.payment, r.sequence, r.type, r.at, r.json
  FROM {rows})";
// A new endpoint stands at the end of the outbox; a known one stays where it is.
constexpr const char* put_endpoints = R"(
  INSERT INTO webhook_endpoints AS e (id, tenant, url, description, types, enabled, disabled_reason, secret,
    previous_secret, previous_secret_until, created_at, updated_at, cursor)
  SELECT r.id, r.tenant, r.url, r.description, r.types, r.enabled, r.disabled_reason, r.secret,
    r.previous_secret, r.previous_secret_until, r.created_at, r.updated_at,
    coalesce((SELECT max(position) FROM outbox), 0)
  FROM {rows}
  ON CONFLICT (id) DO UPDATE SET url = excluded.url, description = excluded.description,
    types = excluded.types, enabled = excluded.enabled, disabled_reason = excluded.disabled_reason,
    secret = excluded.secret, previous_secret = excluded.previous_secret,
    previous_secret_until = excluded.previous_secret_until, created_at = excluded.created_at,
    updated_at = excluded.updated_at)";
constexpr const char* delete_endpoints =
    "DELETE FROM webhook_endpoints AS e USING {rows} WHERE e.id = r.id";
constexpr const char* set_cursors =
    "UPDATE webhook_endpoints AS e SET cursor = r.cursor FROM {rows} WHERE e.id = r.id RETURNING 1";
constexpr const char* delete_deliveries =
    "DELETE FROM deliveries AS d USING {rows} WHERE d.endpoint = r.endpoint AND d.position > "
    "r.after";
constexpr const char* put_deliveries = R"(
  INSERT INTO deliveries (endpoint, position, event, type, payment, status, attempts, response_status,
    error, duration, next_attempt_at, updated_at)
  SELECT r.endpoint, r.position, r.event, r.type, r.payment, r.status, r.attempts, r.response_status,
    r.error, r.duration, r.next_attempt_at, r.updated_at
  FROM {rows} JOIN webhook_endpoints AS e ON e.id = r.endpoint
  ON CONFLICT (endpoint, position) DO UPDATE SET event = excluded.event, type = excluded.type,
    payment = excluded.payment, status = excluded.status, attempts = excluded.attempts,
    response_status = excluded.response_status, error = excluded.error, duration = excluded.duration,
    next_attempt_at = excluded.next_attempt_at, updated_at = excluded.updated_at
  RETURNING 1)";
constexpr const char* advance_cursors = R"(
  UPDATE webhook_endpoints AS e SET cursor = f.cursor
  FROM (SELECT r.endpoint, max(r.cursor) AS cursor FROM {rows} GROUP BY r.endpoint) AS f
  WHERE e.id = f.endpoint AND e.cursor < f.cursor)";

}  // namespace

OutgoingTables::OutgoingTables()
    : announce_(insert_announced, {{"tenant", Type::text},
                                   {"id", Type::uuid},
                                   {"payment", Type::uuid},
                                   {"sequence", Type::int8},
                                   {"type", Type::text},
                                   {"at", Type::int8},
                                   {"json", Type::bytes}}),
      put_endpoints_(put_endpoints, {{"id", Type::uuid},
                                     {"tenant", Type::text},
                                     {"url", Type::text},
                                     {"description", Type::bytes},
                                     {"types", Type::text},
                                     {"enabled", Type::boolean},
                                     {"disabled_reason", Type::text},
                                     {"secret", Type::text},
                                     {"previous_secret", Type::text},
                                     {"previous_secret_until", Type::int8},
                                     {"created_at", Type::int8},
                                     {"updated_at", Type::int8}}),
      delete_endpoints_(delete_endpoints, {{"id", Type::uuid}}),
      set_cursors_(all_or_fail(set_cursors), {{"id", Type::uuid}, {"cursor", Type::int8}}),
      delete_deliveries_(delete_deliveries, {{"endpoint", Type::uuid}, {"after", Type::int8}}),
      put_deliveries_(all_or_fail(put_deliveries), {{"endpoint", Type::uuid},
                                                    {"position", Type::int8},
                                                    {"event", Type::uuid},
                                                    {"type", Type::text},
                                                    {"payment", Type::uuid},
                                                    {"status", Type::text},
                                                    {"attempts", Type::int4},
                                                    {"response_status", Type::int4},
                                                    {"error", Type::bytes},
                                                    {"duration", Type::int8},
                                                    {"next_attempt_at", Type::int8},
                                                    {"updated_at", Type::int8}}),
      advance_cursors_(advance_cursors, {{"endpoint", Type::uuid}, {"cursor", Type::int8}}) {}

void OutgoingTables::announce(const TenantId& tenant, PaymentId payment, const OutboxRow& row) {
  announce_.add(tenant, row.id, payment, row.sequence, row.type, row.at, row.json);
}

void OutgoingTables::put_endpoint(const EndpointRow& row) {
  put_endpoints_.add(row.id, row.tenant, row.url, row.description, joined(row.types), row.enabled,
                     row.disabled_reason, row.secret, row.previous_secret,
                     row.previous_secret_until, row.created_at, row.updated_at);
}

void OutgoingTables::remove_endpoint(EndpointId id) {
  delete_endpoints_.add(id);
  delete_deliveries_.add(id, std::int64_t{0});
}

void OutgoingTables::move_cursor(const CursorMoved& moved) {
  set_cursors_.add(moved.endpoint, moved.cursor);
  delete_deliveries_.add(moved.endpoint, moved.cursor);
}

void OutgoingTables::put_delivery(const DeliveryPut& put) {
  const auto& row = put.row;
  put_deliveries_.add(row.endpoint, row.position, row.event, row.type, row.payment, row.status,
                      row.attempts, row.response_status, row.error, row.duration,
                      row.next_attempt_at, row.updated_at);
  if (put.cursor) advance_cursors_.add(row.endpoint, *put.cursor);
}

void OutgoingTables::send_changes(Connection& connection) {
  for (auto* bulk : {&put_endpoints_, &delete_endpoints_, &set_cursors_, &delete_deliveries_,
                     &put_deliveries_, &advance_cursors_}) {
    bulk->send(connection);
  }
}

void OutgoingTables::send_announced(Connection& connection) {
  if (announce_.empty()) return;
  connection.send(lock_outbox);
  announce_.send(connection);
}

}  // namespace cambist::storage::postgres
