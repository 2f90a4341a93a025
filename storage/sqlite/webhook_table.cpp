#include "storage/sqlite/webhook_table.hpp"

#include "storage/append_rules.hpp"

namespace cambist::storage::sqlite {
namespace sql {
namespace {

constexpr const char* find = "SELECT tenant, status FROM webhook_events WHERE id = ?1";
constexpr const char* find_event =
    "SELECT 1 FROM webhook_events WHERE provider = ?1 AND event = ?2";
constexpr const char* insert = R"(
  INSERT INTO webhook_events (tenant, id, provider, event, type, livemode, object, created_at, received_at,
    status, attempts, due, payment, error, settled_at, path, body)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17))";
// What is known of the payment stays known.
constexpr const char* update = R"(
  UPDATE webhook_events SET status = ?2, attempts = ?3, due = ?4, payment = coalesce(?5, payment), error = ?6,
    settled_at = ?7
  WHERE id = ?1)";
constexpr const char* replay = R"(
  UPDATE webhook_events SET status = 'received', attempts = 0, due = ?2, error = '', settled_at = NULL
  WHERE id = ?1)";

}  // namespace
}  // namespace sql

WebhookTable::WebhookTable(Database& database)
    : find_(database.prepare(sql::find)),
      find_event_(database.prepare(sql::find_event)),
      insert_(database.prepare(sql::insert)),
      update_(database.prepare(sql::update)),
      replay_(database.prepare(sql::replay)) {}

std::optional<KnownWebhook> WebhookTable::find(Chain& chain, WebhookId id) {
  std::optional<KnownWebhook> known;
  const auto read = [&](Rows& row) {
    known = KnownWebhook{TenantId{row.text(0)}, is_final(row.text(1))};
  };
  return chain.first(read, find_, id) ? known : std::nullopt;
}

bool WebhookTable::has(Chain& chain, const std::string& provider, const std::string& event) {
  return chain.any(find_event_, provider, event);
}

void WebhookTable::receive(Chain& chain, const WebhookRow& row) {
  const auto settled_at =
      row.due ? std::nullopt : std::optional{row.settled_at.value_or(row.received_at)};
  chain.run(insert_, row.tenant, row.id, row.provider, row.event, row.type, row.livemode,
            row.object, row.created_at, row.received_at, row.status, row.attempts, row.due,
            row.payment, row.error, settled_at, row.path, Bytes{row.body});
}

void WebhookTable::update(Chain& chain, const WebhookUpdate& update) {
  const auto settled_at = update.due ? std::nullopt : std::optional{update.at};
  chain.run(update_, update.id, update.status, update.attempts, update.due, update.payment,
            update.error, settled_at);
}

void WebhookTable::replay(Chain& chain, const WebhookReplayed& replayed) {
  chain.run(replay_, replayed.id, replayed.due);
}

}  // namespace cambist::storage::sqlite
