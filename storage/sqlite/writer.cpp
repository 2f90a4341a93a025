#include "storage/sqlite/writer.hpp"

#include <algorithm>
#include <iterator>

#include "protocols/core/overloaded.hpp"
#include "storage/append_rules.hpp"

namespace cambist::storage::sqlite {
namespace sql {
namespace {

// What of a payment decides how it is written: what must be true of it, and what its indexes hold.
constexpr const char* find_payment = R"(
  SELECT position, version, due, entries, status, open, provider, provider_payment_id, reference, customer_id
  FROM payments WHERE tenant = ?1 AND id = ?2)";
constexpr const char* find_key =
    "SELECT payment FROM idempotency_keys WHERE tenant = ?1 AND key = ?2";
constexpr const char* find_event =
    "SELECT id FROM payment_events WHERE payment = ?1 AND sequence = ?2";
constexpr const char* insert_event = R"(
  INSERT INTO payment_events (payment, sequence, id, at, type, schema_version, json)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))";
constexpr const char* insert_payment = R"(
  INSERT INTO payments (tenant, id, version, due, entries, amount_minor, currency, captured_minor,
    refunded_minor, created_at, updated_at, json, open, status, provider, provider_payment_id, reference, customer_id)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18))";
// SQLite takes an entry out of an index and puts it back whenever a column of the index is named,
// changed or not. So there is one statement for each depth to which a row has changed.
#define CAMBIST_UPDATE_PAYMENT                                                        \
  "UPDATE payments SET version = ?2, entries = ?3, amount_minor = ?4, currency = ?5," \
  " captured_minor = ?6, refunded_minor = ?7, created_at = ?8, updated_at = ?9, json = ?10"
constexpr const char* update_payment[] = {
    CAMBIST_UPDATE_PAYMENT " WHERE position = ?1",
    CAMBIST_UPDATE_PAYMENT ", due = ?11, open = ?12 WHERE position = ?1",
    CAMBIST_UPDATE_PAYMENT ", due = ?11, open = ?12, status = ?13 WHERE position = ?1",
    CAMBIST_UPDATE_PAYMENT
    ", due = ?11, open = ?12, status = ?13, provider = ?14, provider_payment_id = ?15"
    " WHERE position = ?1",
    CAMBIST_UPDATE_PAYMENT
    ", due = ?11, open = ?12, status = ?13, provider = ?14, provider_payment_id = ?15,"
    " reference = ?16, customer_id = ?17 WHERE position = ?1",
};
#undef CAMBIST_UPDATE_PAYMENT
constexpr const char* mark_payment =
    "UPDATE payments SET due = ?2, entries = ?3 WHERE position = ?1";
constexpr const char* put_operation = R"(
  INSERT OR REPLACE INTO operations (payment, id, kind, status, amount_minor, currency, attempts,
    idempotency_key, provider_object, started_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))";
constexpr const char* insert_ledger = R"(
  INSERT INTO ledger_entries (payment, entry, tenant, operation, account, currency, amount_minor)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))";
constexpr const char* put_timer =
    "INSERT OR REPLACE INTO timers (due, payment, tenant, kind) VALUES (?1, ?2, ?3, ?4)";
constexpr const char* delete_timer = "DELETE FROM timers WHERE due = ?1 AND payment = ?2";
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
      mark_payment_(database.prepare(sql::mark_payment)),
      put_operation_(database.prepare(sql::put_operation)),
      insert_ledger_(database.prepare(sql::insert_ledger)),
      put_timer_(database.prepare(sql::put_timer)),
      delete_timer_(database.prepare(sql::delete_timer)),
      claim_key_(database.prepare(sql::claim_key)),
      answer_key_(database.prepare(sql::answer_key)),
      release_key_(database.prepare(sql::release_key)),
      webhooks_(database),
      outgoing_(database),
      operators_(database) {
  std::transform(std::begin(sql::update_payment), std::end(sql::update_payment),
                 update_payment_.begin(), [&](const char* text) { return database.prepare(text); });
}

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
  write_details(append, found);
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
  const auto& row = append.row;
  const auto read = [&](Rows& rows) {
    found.position = rows.integer(0);
    found.version = static_cast<std::uint64_t>(rows.integer(1));
    found.due = rows.time_if_any(2);
    found.entries = static_cast<std::uint64_t>(rows.integer(3));
    const bool moved = append.timer && append.timer->due != found.due;
    found.change = !rows.is(8, row.reference) || !rows.is(9, row.customer_id) ? Depth::all
                   : !rows.is(6, row.provider) || !rows.is(7, row.provider_payment_id)
                       ? Depth::provider
                   : !rows.is(4, row.status)                     ? Depth::status
                   : moved || (rows.integer(5) != 0) != row.open ? Depth::open_or_due
                                                                 : Depth::nothing;
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
    if (chain_.code() == SQLITE_CONSTRAINT_UNIQUE && sequence == 1) {
      chain_.reset();
      return EventsWritten::payment_is_anothers;
    }
  }
  return chain_.ok() ? EventsWritten::yes : EventsWritten::failed;
}

void Writer::write_row(const Append& append, const Found& found) {
  const auto& row = append.row;
  const auto version = append.expected_version + append.events.size();
  const auto entries = found.entries + append.ledger.size();
  const auto& due = append.timer ? append.timer->due : found.due;
  if (found.position == 0) {
    chain_.run(insert_payment_, append.tenant, append.payment, version, due, entries,
               row.amount.minor, row.amount.currency, row.captured_minor, row.refunded_minor,
               row.created_at, row.updated_at, row.json, row.open, row.status, row.provider,
               row.provider_payment_id, row.reference, row.customer_id);
    return;
  }
  const auto with = [&](const auto&... indexed) {
    chain_.run(update_payment_[static_cast<std::size_t>(found.change)], found.position, version,
               entries, row.amount.minor, row.amount.currency, row.captured_minor,
               row.refunded_minor, row.created_at, row.updated_at, row.json, indexed...);
  };
  switch (found.change) {
    case Depth::nothing:
      return with();
    case Depth::open_or_due:
      return with(due, row.open);
    case Depth::status:
      return with(due, row.open, row.status);
    case Depth::provider:
      return with(due, row.open, row.status, row.provider, row.provider_payment_id);
    case Depth::all:
      return with(due, row.open, row.status, row.provider, row.provider_payment_id, row.reference,
                  row.customer_id);
  }
}

void Writer::write_details(const Append& append, const Found& found) {
  for (const auto& row : append.operations) {
    chain_.run(put_operation_, append.payment, row.id, row.kind, row.status, row.amount.minor,
               row.amount.currency, row.attempts, row.idempotency_key, row.provider_object,
               row.started_at);
  }
  auto entry = found.entries;
  for (const auto& row : append.ledger) {
    chain_.run(insert_ledger_, append.payment, ++entry, append.tenant, row.operation, row.account,
               row.amount.currency, row.amount.minor);
  }
  if (append.timer) write_timer(append, found);
  // Without events the row was not written, and what it says of the timer and the ledger was not.
  if (append.events.empty() && (append.timer || !append.ledger.empty())) {
    chain_.run(mark_payment_, found.position, append.timer ? append.timer->due : found.due, entry);
  }
}

void Writer::write_timer(const Append& append, const Found& found) {
  const auto& due = append.timer->due;
  if (found.due && found.due != due) chain_.run(delete_timer_, *found.due, append.payment);
  if (due) chain_.run(put_timer_, *due, append.payment, append.tenant, append.timer->kind);
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
