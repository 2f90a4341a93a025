#include "storage/postgres/webhook_table.hpp"

namespace cambist::storage::postgres {
namespace {

using Columns = std::vector<std::pair<const char*, Type>>;

// What is there is looked for first, so that a second copy takes no position. Another writer may
// still come between; then the unique index speaks.
const char* const insert_received = R"(
  INSERT INTO webhook_events (id, tenant, provider, event, type, livemode, object, created_at, received_at,
    status, attempts, due, payment, error, settled_at, path, body)
  SELECT r.id, r.tenant, r.provider, r.event, r.type, r.livemode, r.object, r.created_at, r.received_at,
    r.status, r.attempts, r.due, r.payment, r.error, r.settled_at, r.path, r.body
  FROM {rows} WHERE NOT EXISTS (
    SELECT FROM webhook_events AS w WHERE w.provider = r.provider AND w.event = r.event)
  RETURNING id)";
// What is known of the payment stays known.
const std::string change = R"(
  UPDATE webhook_events AS w SET status = r.status, attempts = r.attempts, due = r.due,
    payment = coalesce(r.payment, w.payment), error = r.error, settled_at = r.settled_at
  FROM {rows} WHERE w.id = r.id AND w.status NOT IN ('applied', 'ignored'))";
const char* const put_back = R"(
  UPDATE webhook_events AS w SET status = 'received', attempts = 0, due = r.due, error = '', settled_at = NULL
  FROM {rows} WHERE w.id = r.id)";

Columns update_columns(bool with_tenant) {
  Columns columns{{"id", Type::uuid},        {"status", Type::text},  {"attempts", Type::int4},
                  {"due", Type::int8},       {"payment", Type::uuid}, {"error", Type::bytes},
                  {"settled_at", Type::int8}};
  if (with_tenant) columns.emplace_back("tenant", Type::text);
  return columns;
}

}  // namespace

WebhookTable::WebhookTable()
    : receive_(insert_received, {{"id", Type::uuid},
                                 {"tenant", Type::text},
                                 {"provider", Type::text},
                                 {"event", Type::text},
                                 {"type", Type::text},
                                 {"livemode", Type::boolean},
                                 {"object", Type::text},
                                 {"created_at", Type::int8},
                                 {"received_at", Type::int8},
                                 {"status", Type::text},
                                 {"attempts", Type::int4},
                                 {"due", Type::int8},
                                 {"payment", Type::uuid},
                                 {"error", Type::bytes},
                                 {"settled_at", Type::int8},
                                 {"path", Type::text},
                                 {"body", Type::bytes}}),
      update_(all_or_fail(change + " RETURNING 1"), update_columns(false)),
      update_of_(all_or_fail(change + " AND w.tenant = r.tenant RETURNING 1"),
                 update_columns(true)),
      replay_(put_back, {{"id", Type::uuid}, {"due", Type::int8}}) {}

void WebhookTable::receive(const WebhookRow& row) {
  const auto settled_at =
      row.due ? std::nullopt : std::optional{row.settled_at.value_or(row.received_at)};
  receive_.add(row.id, row.tenant, row.provider, row.event, row.type, row.livemode, row.object,
               row.created_at, row.received_at, row.status, row.attempts, row.due, row.payment,
               row.error, settled_at, row.path, row.body);
}

void WebhookTable::update(const WebhookUpdate& update, const TenantId* owner) {
  const auto settled_at = update.due ? std::nullopt : std::optional{update.at};
  if (owner == nullptr) {
    update_.add(update.id, update.status, update.attempts, update.due, update.payment, update.error,
                settled_at);
  } else {
    update_of_.add(update.id, update.status, update.attempts, update.due, update.payment,
                   update.error, settled_at, *owner);
  }
}

void WebhookTable::replay(const WebhookReplayed& replayed) {
  replay_.add(replayed.id, replayed.due);
}

void WebhookTable::send_changes(Connection& connection) {
  update_.send(connection);
  update_of_.send(connection);
  replay_.send(connection);
}

bool WebhookTable::send_received(Connection& connection) {
  if (receive_.empty()) return false;
  receive_.send(connection);
  return true;
}

}  // namespace cambist::storage::postgres
