#include "storage/postgres/forget.hpp"

#include "storage/postgres/bounded.hpp"

namespace cambist::storage::postgres {
namespace {

constexpr const char* webhooks = R"(
  DELETE FROM webhook_events WHERE id IN (
    SELECT id FROM webhook_events WHERE status IN ('applied', 'ignored') AND settled_at < $1::int8
    ORDER BY settled_at, position LIMIT $2::int8))";
// What is not behind the cursor is what a restart must know, delivered or not.
constexpr const char* deliveries = R"(
  DELETE FROM deliveries WHERE (endpoint, position) IN (
    SELECT d.endpoint, d.position FROM deliveries AS d
    WHERE d.status <> 'pending' AND d.updated_at < $1::int8
      AND d.position <= (SELECT cursor FROM webhook_endpoints AS e WHERE e.id = d.endpoint)
    ORDER BY d.updated_at, d.endpoint, d.position LIMIT $2::int8))";
// One step of the walk over the tenants: the index is asked once for each.
constexpr const char* next_tenant =
    "SELECT tenant FROM outbox WHERE tenant > $1 ORDER BY tenant LIMIT 1";
constexpr const char* outbox_start = R"(
  SELECT position, at FROM outbox WHERE tenant = $1 AND position <= (
    SELECT coalesce(min(cursor), 9223372036854775807) FROM webhook_endpoints WHERE tenant = $1)
  ORDER BY position LIMIT $2::int8)";
constexpr const char* outbox = "DELETE FROM outbox WHERE tenant = $1 AND position <= $2::int8";
constexpr const char* remember_end =
    "UPDATE outbox_forgotten SET position = $1::int8 WHERE position < $1::int8";
constexpr const char* keys = R"(
  DELETE FROM idempotency_keys WHERE (tenant, key) IN (
    SELECT k.tenant, k.key FROM idempotency_keys AS k
    WHERE k.completed AND k.expires_at <= $1::int8
      AND NOT EXISTS (SELECT FROM payments AS p WHERE p.tenant = k.tenant AND p.id = k.payment AND p.open)
    ORDER BY k.expires_at, k.tenant, k.key LIMIT $2::int8))";

/// Statements one after the other: after the first failure none is run.
class Forgetting {
 public:
  explicit Forgetting(Connection& connection) : connection_(connection) {}

  std::size_t run(TimePoint before, std::size_t limit) {
    const auto gone = drop(webhooks, Parameters{before, bounded(limit)}) +
                      drop(deliveries, Parameters{before, bounded(limit)});
    return gone + forget_outbox(before, limit);
  }
  std::size_t drop(const char* sql, const Parameters& parameters = Parameters{}) {
    return ask(sql, parameters) ? connection_.answers().front().changed() : 0;
  }
  std::optional<Failure> failure;

 private:
  bool ask(const char* sql, const Parameters& parameters) {
    if (!failure) failure = connection_.run(sql, parameters);
    return !failure;
  }

  std::size_t forget_outbox(TimePoint before, std::size_t limit) {
    std::size_t gone = 0;
    TenantId tenant;
    while (gone < limit && ask(next_tenant, Parameters{tenant})) {
      auto& rows = connection_.answers().front();
      if (!rows.next()) break;
      tenant = TenantId{rows.text(0)};
      gone += forget_outbox(tenant, before, limit - gone);
    }
    return gone;
  }

  // From the start of the tenant's events: what is behind a younger one waits for it.
  std::size_t forget_outbox(const TenantId& tenant, TimePoint before, std::size_t limit) {
    if (!ask(outbox_start, Parameters{tenant, bounded(limit)})) return 0;
    std::int64_t last = 0;
    std::size_t gone = 0;
    auto& rows = connection_.answers().front();
    for (; rows.next() && rows.time(1) < before; ++gone) last = rows.integer(0);
    if (gone == 0) return 0;
    drop(outbox, Parameters{tenant, last});
    drop(remember_end, Parameters{last});
    return gone;
  }

  Connection& connection_;
};

}  // namespace

Result<std::size_t> forget(Connection& connection, TimePoint before, std::size_t limit) {
  Forgetting forgetting{connection};
  forgetting.failure = connection.open();
  forgetting.drop("BEGIN");
  const auto gone = forgetting.run(before, limit);
  forgetting.drop("COMMIT");
  if (!forgetting.failure) return gone;
  if (connection.is_open()) (void)connection.run("ROLLBACK");
  return unavailable("cannot forget what is old", *forgetting.failure);
}

Result<std::size_t> expire_keys(Connection& connection, TimePoint now, std::size_t limit) {
  Forgetting forgetting{connection};
  forgetting.failure = connection.open();
  const auto gone = forgetting.drop(keys, Parameters{now, bounded(limit)});
  if (forgetting.failure) return unavailable("cannot expire idempotency keys", *forgetting.failure);
  return gone;
}

}  // namespace cambist::storage::postgres
