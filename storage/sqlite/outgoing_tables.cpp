#include "storage/sqlite/outgoing_tables.hpp"

#include "storage/lines.hpp"

namespace cambist::storage::sqlite {
namespace sql {
namespace {

constexpr const char* find_event = "SELECT 1 FROM outbox WHERE tenant = ?1 AND id = ?2";
constexpr const char* insert_event = R"(
  INSERT INTO outbox (tenant, id, payment, sequence, type, at, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))";
constexpr const char* find_endpoint = "SELECT tenant FROM webhook_endpoints WHERE id = ?1";
// A new endpoint stands at the end of the outbox; a known one stays where it is.
constexpr const char* put_endpoint = R"(
  INSERT INTO webhook_endpoints (id, tenant, url, description, types, enabled, disabled_reason, secret,
    previous_secret, previous_secret_until, created_at, updated_at, cursor)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, coalesce((SELECT max(position) FROM outbox), 0))
  ON CONFLICT (id) DO UPDATE SET url = ?3, description = ?4, types = ?5, enabled = ?6, disabled_reason = ?7,
    secret = ?8, previous_secret = ?9, previous_secret_until = ?10, created_at = ?11, updated_at = ?12)";
constexpr const char* delete_endpoint = "DELETE FROM webhook_endpoints WHERE id = ?1";
constexpr const char* set_cursor = "UPDATE webhook_endpoints SET cursor = ?2 WHERE id = ?1";
constexpr const char* advance_cursor =
    "UPDATE webhook_endpoints SET cursor = ?2 WHERE id = ?1 AND cursor < ?2";
constexpr const char* put_delivery = R"(
  INSERT OR REPLACE INTO deliveries (endpoint, position, event, type, payment, status, attempts,
    response_status, error, duration, next_attempt_at, updated_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12))";
constexpr const char* delete_deliveries =
    "DELETE FROM deliveries WHERE endpoint = ?1 AND position > ?2";

}  // namespace
}  // namespace sql

OutgoingTables::OutgoingTables(Database& database)
    : find_event_(database.prepare(sql::find_event)),
      insert_event_(database.prepare(sql::insert_event)),
      find_endpoint_(database.prepare(sql::find_endpoint)),
      put_endpoint_(database.prepare(sql::put_endpoint)),
      delete_endpoint_(database.prepare(sql::delete_endpoint)),
      set_cursor_(database.prepare(sql::set_cursor)),
      advance_cursor_(database.prepare(sql::advance_cursor)),
      put_delivery_(database.prepare(sql::put_delivery)),
      delete_deliveries_(database.prepare(sql::delete_deliveries)) {}

bool OutgoingTables::has_event(Chain& chain, const TenantId& tenant, EventId id) {
  return chain.any(find_event_, tenant, id);
}

void OutgoingTables::announce(Chain& chain, const TenantId& tenant, PaymentId payment,
                              const OutboxRow& row) {
  chain.run(insert_event_, tenant, row.id, payment, row.sequence, row.type, row.at, row.json);
}

std::optional<TenantId> OutgoingTables::owner(Chain& chain, EndpointId id) {
  std::optional<TenantId> tenant;
  const auto read = [&](Rows& row) { tenant = TenantId{row.text(0)}; };
  return chain.first(read, find_endpoint_, id) ? tenant : std::nullopt;
}

void OutgoingTables::put_endpoint(Chain& chain, const EndpointRow& row) {
  chain.run(put_endpoint_, row.id, row.tenant, row.url, row.description, joined(row.types),
            row.enabled, row.disabled_reason, row.secret, row.previous_secret,
            row.previous_secret_until, row.created_at, row.updated_at);
}

void OutgoingTables::remove_endpoint(Chain& chain, EndpointId id) {
  chain.run(delete_endpoint_, id);
  chain.run(delete_deliveries_, id, 0);
}

void OutgoingTables::move_cursor(Chain& chain, const CursorMoved& moved) {
  chain.run(set_cursor_, moved.endpoint, moved.cursor);
  chain.run(delete_deliveries_, moved.endpoint, moved.cursor);
}

void OutgoingTables::put_delivery(Chain& chain, const DeliveryPut& put) {
  const auto& row = put.row;
  chain.run(put_delivery_, row.endpoint, row.position, row.event, row.type, row.payment, row.status,
            row.attempts, row.response_status, row.error, row.duration, row.next_attempt_at,
            row.updated_at);
  if (put.cursor) chain.run(advance_cursor_, row.endpoint, *put.cursor);
}

}  // namespace cambist::storage::sqlite
