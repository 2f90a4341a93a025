#include "storage/sqlite/forget.hpp"

namespace cambist::storage::sqlite {
namespace sql {
namespace {

constexpr const char* webhooks = R"(
  DELETE FROM webhook_events WHERE position IN (
    SELECT position FROM webhook_events WHERE status IN ('applied', 'ignored') AND settled_at < ?1
    ORDER BY settled_at, position LIMIT ?2))";
// What is not behind the cursor is what a restart must know, delivered or not.
constexpr const char* deliveries = R"(
  DELETE FROM deliveries WHERE (endpoint, position) IN (
    SELECT endpoint, deliveries.position FROM deliveries INDEXED BY deliveries_settled
    WHERE status <> 'pending' AND updated_at < ?1
      AND deliveries.position <= (SELECT cursor FROM webhook_endpoints WHERE id = endpoint)
    ORDER BY updated_at, endpoint, deliveries.position LIMIT ?2))";
// One step of the walk over the tenants: the index is asked once for each.
constexpr const char* next_tenant =
    "SELECT tenant FROM outbox WHERE tenant > ?1 ORDER BY tenant LIMIT 1";
constexpr const char* outbox_start = R"(
  SELECT position, at FROM outbox WHERE tenant = ?1 AND position <= (
    SELECT coalesce(min(cursor), 9223372036854775807) FROM webhook_endpoints WHERE tenant = ?1)
  ORDER BY position LIMIT ?2)";
// The last position is never used again (a cursor may stand on it), so it keeps its row, of no
// tenant and empty, until a later one is there.
constexpr const char* empty_last = R"(
  UPDATE outbox SET tenant = '', id = CAST(position AS BLOB), payment = x'', sequence = 0, type = '', at = 0, json = ''
  WHERE tenant = ?1 AND position = ?2 AND position = (SELECT max(position) FROM outbox))";
constexpr const char* outbox = "DELETE FROM outbox WHERE tenant = ?1 AND position <= ?2";
constexpr const char* old_ends =
    "DELETE FROM outbox WHERE tenant = '' AND position < (SELECT max(position) FROM outbox)";

}  // namespace
}  // namespace sql

Forgetting::Forgetting(Database& database)
    : database_(database),
      webhooks_(database.prepare(sql::webhooks)),
      deliveries_(database.prepare(sql::deliveries)),
      next_tenant_(database.prepare(sql::next_tenant)),
      outbox_start_(database.prepare(sql::outbox_start)),
      empty_last_(database.prepare(sql::empty_last)),
      outbox_(database.prepare(sql::outbox)),
      old_ends_(database.prepare(sql::old_ends)) {}

std::size_t Forgetting::run(Chain& chain, TimePoint before, std::size_t limit) {
  const auto changed = [&] {
    return chain.ok() ? static_cast<std::size_t>(database_.changes()) : 0;
  };
  chain.run(webhooks_, before, limit);
  auto gone = changed();
  chain.run(deliveries_, before, limit);
  gone += changed();
  return gone + forget_outbox(chain, before, limit);
}

std::size_t Forgetting::forget_outbox(Chain& chain, TimePoint before, std::size_t limit) {
  std::size_t gone = 0;
  TenantId tenant;
  const auto read = [&](Rows& row) { tenant = TenantId{row.text(0)}; };
  while (gone < limit) {
    const auto last = tenant;
    if (!chain.first(read, next_tenant_, last)) break;
    gone += forget_outbox(chain, tenant, before, limit - gone);
  }
  chain.run(old_ends_);
  return gone;
}

std::size_t Forgetting::forget_outbox(Chain& chain, const TenantId& tenant, TimePoint before,
                                      std::size_t limit) {
  std::size_t gone = 0;
  std::int64_t last = 0;
  // From the start of the tenant's events: what is behind a younger one waits for it, and so the
  // walk ends at the first one that stays.
  const auto note = [&](Rows& row) {
    if (row.time(1) >= before) return false;
    last = row.integer(0);
    ++gone;
    return true;
  };
  chain.each(note, outbox_start_, tenant, limit);
  if (gone > 0) {
    chain.run(empty_last_, tenant, last);
    chain.run(outbox_, tenant, last);
  }
  return gone;
}

}  // namespace cambist::storage::sqlite
