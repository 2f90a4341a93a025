#include "storage/sqlite/writer.hpp"

#include "protocols/core/overloaded.hpp"
#include "storage/append_rules.hpp"

namespace cambist::storage::sqlite {
namespace sql {
namespace {

constexpr const char* find_payment =
    "SELECT position, version FROM payments WHERE tenant = ?1 AND id = ?2";
constexpr const char* find_key =
    "SELECT payment FROM idempotency_keys WHERE tenant = ?1 AND key = ?2";
constexpr const char* find_event =
    "SELECT id FROM payment_events WHERE payment = ?1 AND sequence = ?2";
constexpr const char* insert_event = R"(
  INSERT INTO payment_events (payment, sequence, id, at, type, schema_version, json)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))";
constexpr const char* insert_payment = R"(
  INSERT INTO payments (version, status, amount_minor, currency, captured_minor, refunded_minor, provider,
    provider_payment_id, reference, customer_id, open, created_at, updated_at, json, tenant, id)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16))";
constexpr const char* update_payment = R"(
  UPDATE payments SET version = ?1, status = ?2, amount_minor = ?3, currency = ?4, captured_minor = ?5,
    refunded_minor = ?6, provider = ?7, provider_payment_id = ?8, reference = ?9, customer_id = ?10,
    open = ?11, created_at = ?12, updated_at = ?13, json = ?14
  WHERE position = ?15)";
constexpr const char* put_operation = R"(
  INSERT OR REPLACE INTO operations (payment, id, kind, status, amount_minor, currency, attempts,
    idempotency_key, provider_object, started_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))";
constexpr const char* insert_ledger = R"(
  INSERT INTO ledger_entries (payment, entry, tenant, operation, account, currency, amount_minor)
  VALUES (?1, (SELECT coalesce(max(entry), 0) + 1 FROM ledger_entries WHERE payment = ?1), ?2, ?3, ?4, ?5, ?6))";
constexpr const char* put_timer =
    "INSERT OR REPLACE INTO timers (payment, tenant, due, kind) VALUES (?1, ?2, ?3, ?4)";
constexpr const char* delete_timer = "DELETE FROM timers WHERE payment = ?1";
constexpr const char* claim_key = R"(
  INSERT INTO idempotency_keys (tenant, key, payment, fingerprint, completed, status, claimed_at, expires_at, body)
  VALUES (?1, ?2, ?3, ?4, ?7 <> 0, ?7, ?5, ?6, ?8))";
constexpr const char* answer_key = R"(
  UPDATE idempotency_keys SET completed = 1, status = ?4, body = ?5
  WHERE tenant = ?1 AND key = ?2 AND payment = ?3 AND completed = 0)";
constexpr const char* release_key = R"(
  DELETE FROM idempotency_keys WHERE tenant = ?1 AND key = ?2 AND payment = ?3 AND completed = 0)";

}  // namespace
}  // namespace sql

Writer::Writer(Database& database)
    : find_payment_(database.prepare(sql::find_payment)),
      find_key_(database.prepare(sql::find_key)),
      find_event_(database.prepare(sql::find_event)),
      insert_event_(database.prepare(sql::insert_event)),
      insert_payment_(database.prepare(sql::insert_payment)),
      update_payment_(database.prepare(sql::update_payment)),
      put_operation_(database.prepare(sql::put_operation)),
      insert_ledger_(database.prepare(sql::insert_ledger)),
      put_timer_(database.prepare(sql::put_timer)),
      delete_timer_(database.prepare(sql::delete_timer)),
      claim_key_(database.prepare(sql::claim_key)),
      answer_key_(database.prepare(sql::answer_key)),
      release_key_(database.prepare(sql::release_key)),
      webhooks_(database),
      outgoing_(database),
      operators_(database) {}

std::optional<AppendResult> Writer::write(const Entry& entry) {
  chain_.reset();
  auto result =
      std::visit(Overloaded{[this](const Append& append) { return write_step(append); },
                            [this](const Records& records) { return write_records(records); }},
                 entry);
  return chain_.ok() ? std::move(result) : std::nullopt;
}

std::optional<AppendResult> Writer::write_step(const Append& append) {
  if (auto error = malformed(append)) return *std::move(error);
  Found found;
  if (auto refused = refusal(append, found); refused || !chain_.ok()) return refused;

  switch (write_events(append)) {
    case EventsWritten::payment_is_anothers:
      return Conflict{};
    case EventsWritten::failed:
      return std::nullopt;
    case EventsWritten::yes:
      break;
  }
  if (!append.events.empty()) write_row(append, found);
  write_details(append);
  write_beside(append);
  write_key(append);
  return Appended{append.expected_version + append.events.size()};
}

std::optional<AppendResult> Writer::refusal(const Append& append, Found& found) {
  if (const auto taken = claimed_by(append)) return DuplicateKey{*taken};
  if (append.webhook) {
    const auto known = webhooks_.find(chain_, append.webhook->id);
    if (!known || known->tenant != append.tenant) return no_such_webhook();
    if (known->final) return AlreadyThere{};
  }
  found = find(append);
  if (found.version != append.expected_version) return Conflict{};
  return std::nullopt;
}

std::optional<PaymentId> Writer::claimed_by(const Append& append) {
  const auto* claim = std::get_if<KeyClaim>(&append.key);
  if (claim == nullptr) return std::nullopt;
  std::optional<PaymentId> taken;
  const auto read = [&](Rows& row) { taken = row.id<PaymentId>(0); };
  return chain_.first(read, find_key_, append.tenant, claim->key) ? taken : std::nullopt;
}

Writer::Found Writer::find(const Append& append) {
  Found found;
  const auto read = [&](Rows& row) {
    found = {row.integer(0), static_cast<std::uint64_t>(row.integer(1))};
  };
  chain_.first(read, find_payment_, append.tenant, append.payment);
  return found;
}

Writer::EventsWritten Writer::write_events(const Append& append) {
  auto sequence = append.expected_version;
  for (const auto& event : append.events) {
    ++sequence;
    chain_.run(insert_event_, append.payment, sequence, event.id, event.at, event.type,
               event.schema_version, event.json);
    // The payment is new to this tenant and still has events: it belongs to another. Nothing is
    // written yet.
    if (chain_.code() == SQLITE_CONSTRAINT_PRIMARYKEY && sequence == 1) {
      chain_.reset();
      return EventsWritten::payment_is_anothers;
    }
  }
  return chain_.ok() ? EventsWritten::yes : EventsWritten::failed;
}

void Writer::write_row(const Append& append, const Found& found) {
  const auto& row = append.row;
  const auto version = append.expected_version + append.events.size();
  const auto with = [&](Statement& statement, const auto&... key) {
    chain_.run(statement, version, row.status, row.amount.minor, row.amount.currency,
               row.captured_minor, row.refunded_minor, row.provider, row.provider_payment_id,
               row.reference, row.customer_id, row.open, row.created_at, row.updated_at, row.json,
               key...);
  };
  if (found.position == 0) {
    with(insert_payment_, append.tenant, append.payment);
  } else {
    with(update_payment_, found.position);
  }
}

void Writer::write_details(const Append& append) {
  for (const auto& row : append.operations) {
    chain_.run(put_operation_, append.payment, row.id, row.kind, row.status, row.amount.minor,
               row.amount.currency, row.attempts, row.idempotency_key, row.provider_object,
               row.started_at);
  }
  for (const auto& row : append.ledger) {
    chain_.run(insert_ledger_, append.payment, append.tenant, row.operation, row.account,
               row.amount.currency, row.amount.minor);
  }
  if (!append.timer) return;
  if (append.timer->due) {
    chain_.run(put_timer_, append.payment, append.tenant, *append.timer->due, append.timer->kind);
  } else {
    chain_.run(delete_timer_, append.payment);
  }
}

void Writer::write_beside(const Append& append) {
  for (const auto& row : append.outbox) {
    outgoing_.announce(chain_, append.tenant, append.payment, row);
  }
  for (const auto& row : append.tasks) {
    operators_.put_task(chain_, append.tenant, append.payment, row);
  }
  for (const auto& row : append.audit) operators_.put_audit(chain_, append.tenant, row);
  if (append.webhook) webhooks_.update(chain_, *append.webhook);
}

void Writer::write_key(const Append& append) {
  std::visit(Overloaded{
                 [](std::monostate) {},
                 [&](const KeyClaim& claim) {
                   chain_.run(claim_key_, append.tenant, claim.key, append.payment,
                              claim.fingerprint, claim.now, claim.expires_at, claim.status,
                              claim.body);
                 },
                 [&](const KeyAnswer& answer) {
                   chain_.run(answer_key_, append.tenant, answer.key, append.payment, answer.status,
                              answer.body);
                 },
                 [&](const KeyRelease& release) {
                   chain_.run(release_key_, append.tenant, release.key, append.payment);
                 },
             },
             append.key);
}

}  // namespace cambist::storage::sqlite
