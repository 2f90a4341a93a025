#include "storage/sqlite/writer.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <tuple>

#include "protocols/core/overloaded.hpp"
#include "storage/append_rules.hpp"

namespace cambist::storage::sqlite {
namespace sql {
namespace {

// What of a payment decides how it is written: what must be true of it, and what its indexes hold.
constexpr const char* find_payment = R"(
  SELECT position, version, due, entries, open, status, provider, provider_payment_id, reference, customer_id
  FROM payments WHERE tenant = ?1 AND id = ?2)";
constexpr const char* find_key =
    "SELECT payment FROM idempotency_keys WHERE tenant = ?1 AND key = ?2";
constexpr const char* find_event =
    "SELECT id FROM payment_events WHERE payment = ?1 AND sequence = ?2";
constexpr const char* insert_event = R"(
  INSERT INTO payment_events (payment, sequence, id, at, type, schema_version, json)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))";
// A charge begins with two. OR FAIL: the first of several rows that cannot be written stops the
// statement; taking it back would need a copy of each page, and a failure rolls everything back
// anyway.
constexpr const char* insert_two_events = R"(
  INSERT OR FAIL INTO payment_events (payment, sequence, id, at, type, schema_version, json)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7), (?1, ?8, ?9, ?10, ?11, ?12, ?13))";
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
constexpr const char* insert_posting = R"(
  INSERT INTO ledger_entries (payment, entry, operation, account, currency, amount_minor)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6))";
// Double entry: postings come in pairs.
constexpr const char* insert_two_postings = R"(
  INSERT OR FAIL INTO ledger_entries (payment, entry, operation, account, currency, amount_minor)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6), (?1, ?7, ?8, ?9, ?10, ?11))";
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
    : database_(database),
      find_payment_(database.prepare(sql::find_payment)),
      find_key_(database.prepare(sql::find_key)),
      find_event_(database.prepare(sql::find_event)),
      insert_event_(database.prepare(sql::insert_event)),
      insert_two_events_(database.prepare(sql::insert_two_events)),
      insert_payment_(database.prepare(sql::insert_payment)),
      mark_payment_(database.prepare(sql::mark_payment)),
      put_operation_(database.prepare(sql::put_operation)),
      insert_posting_(database.prepare(sql::insert_posting)),
      insert_two_postings_(database.prepare(sql::insert_two_postings)),
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
  KnownPayment* known = nullptr;
  if (auto refused = refusal(append, known); refused || !chain_.ok()) return refused;

  switch (write_events(append)) {
    case EventsWritten::payment_is_there:
      return Conflict{};
    case EventsWritten::failed:
      return std::nullopt;
    case EventsWritten::yes:
      break;
  }
  if (known == nullptr) {
    known = &insert_row(append);
  } else if (!append.events.empty()) {
    update_row(append, *known);
  }
  write_details(append, *known);
  write_beside(append);
  write_key(append);
  return Appended{append.expected_version + append.events.size()};
}

std::optional<AppendResult> Writer::refusal(const Append& append, KnownPayment*& known) {
  if (const auto taken = claimed_by(append)) return DuplicateKey{*taken};
  if (append.webhook) {
    const auto webhook = webhooks_.find(chain_, append.webhook->id);
    if (!webhook || webhook->tenant != append.tenant) return no_such_webhook();
    if (webhook->final) return AlreadyThere{};
  }
  // A payment that begins is not looked for: its first event finds out whether it is there already.
  if (append.expected_version == 0 && !append.events.empty()) return std::nullopt;
  known = &find(append);
  if (known->version != append.expected_version) return Conflict{};
  return std::nullopt;
}

std::optional<PaymentId> Writer::claimed_by(const Append& append) {
  const auto* claim = std::get_if<KeyClaim>(&append.key);
  if (claim == nullptr) return std::nullopt;
  std::optional<PaymentId> taken;
  const auto read = [&](Rows& row) { taken = row.id<PaymentId>(0); };
  return chain_.first(read, find_key_, append.tenant, claim->key) ? taken : std::nullopt;
}

KnownPayment& Writer::find(const Append& append) {
  if (auto* known = known_.find(append.tenant, append.payment)) return *known;
  KnownPayment known{.tenant = append.tenant};
  const auto read = [&](Rows& row) {
    known.position = row.integer(0);
    known.version = static_cast<std::uint64_t>(row.integer(1));
    known.due = row.time_if_any(2);
    known.entries = static_cast<std::uint64_t>(row.integer(3));
    known.open = row.integer(4) != 0;
    known.status = row.text(5);
    known.provider = row.text(6);
    known.provider_payment_id = row.text(7);
    known.reference = row.text(8);
    known.customer_id = row.text(9);
  };
  chain_.first(read, find_payment_, append.tenant, append.payment);
  return known_.put(append.payment, std::move(known));
}

Writer::EventsWritten Writer::write_events(const Append& append) {
  const auto& events = append.events;
  const auto version = append.expected_version;
  std::size_t written = 0;
  if (events.size() >= 2) {
    const auto& [first, second] = std::tie(events[0], events[1]);
    chain_.run(insert_two_events_, append.payment, version + 1, first.id, first.at, first.type,
               first.schema_version, first.json, version + 2, second.id, second.at, second.type,
               second.schema_version, second.json);
    written = 2;
  }
  for (; written < events.size() && chain_.ok(); ++written) {
    const auto& event = events[written];
    chain_.run(insert_event_, append.payment, version + written + 1, event.id, event.at, event.type,
               event.schema_version, event.json);
  }
  // The payment is there already, whosever it is. Nothing is written yet: its first row failed.
  if (chain_.code() == SQLITE_CONSTRAINT_UNIQUE && version == 0) {
    chain_.reset();
    return EventsWritten::payment_is_there;
  }
  return chain_.ok() ? EventsWritten::yes : EventsWritten::failed;
}

KnownPayment& Writer::insert_row(const Append& append) {
  const auto& row = append.row;
  const auto version = append.events.size();
  const auto due = append.timer ? append.timer->due : std::nullopt;
  chain_.run(insert_payment_, append.tenant, append.payment, version, due, append.ledger.size(),
             row.amount.minor, row.amount.currency, row.captured_minor, row.refunded_minor,
             row.created_at, row.updated_at, row.json, row.open, row.status, row.provider,
             row.provider_payment_id, row.reference, row.customer_id);
  return known_.put(append.payment, {.tenant = append.tenant,
                                     .position = database_.last_position(),
                                     .version = version,
                                     .open = row.open,
                                     .status = row.status,
                                     .provider = row.provider,
                                     .provider_payment_id = row.provider_payment_id,
                                     .reference = row.reference,
                                     .customer_id = row.customer_id});
}

Writer::Depth Writer::change(const Append& append, const KnownPayment& known) {
  const auto& row = append.row;
  if (row.reference != known.reference || row.customer_id != known.customer_id) return Depth::all;
  if (row.provider != known.provider || row.provider_payment_id != known.provider_payment_id) {
    return Depth::provider;
  }
  if (row.status != known.status) return Depth::status;
  const bool timer_moved = append.timer && append.timer->due != known.due;
  return timer_moved || row.open != known.open ? Depth::open_or_due : Depth::nothing;
}

void Writer::update_row(const Append& append, KnownPayment& known) {
  const auto& row = append.row;
  const auto depth = change(append, known);
  const auto& due = append.timer ? append.timer->due : known.due;
  known.version = append.expected_version + append.events.size();
  const auto with = [&](const auto&... indexed) {
    chain_.run(update_payment_[static_cast<std::size_t>(depth)], known.position, known.version,
               known.entries + append.ledger.size(), row.amount.minor, row.amount.currency,
               row.captured_minor, row.refunded_minor, row.created_at, row.updated_at, row.json,
               indexed...);
  };
  switch (depth) {
    case Depth::nothing:
      return with();
    case Depth::open_or_due:
      with(due, row.open);
      break;
    case Depth::status:
      with(due, row.open, row.status);
      break;
    case Depth::provider:
      with(due, row.open, row.status, row.provider, row.provider_payment_id);
      break;
    case Depth::all:
      with(due, row.open, row.status, row.provider, row.provider_payment_id, row.reference,
           row.customer_id);
      break;
  }
  known.open = row.open;
  known.status = row.status;
  known.provider = row.provider;
  known.provider_payment_id = row.provider_payment_id;
  known.reference = row.reference;
  known.customer_id = row.customer_id;
}

void Writer::write_details(const Append& append, KnownPayment& known) {
  for (const auto& row : append.operations) {
    chain_.run(put_operation_, append.payment, row.id, row.kind, row.status, row.amount.minor,
               row.amount.currency, row.attempts, row.idempotency_key, row.provider_object,
               row.started_at);
  }
  if (!append.ledger.empty()) write_ledger(append, known.entries);
  known.entries += append.ledger.size();
  if (append.timer) {
    write_timer(append, known.due);
    known.due = append.timer->due;
  }
  // Without events the row was not written, and with it what it says of the timer and the ledger.
  if (append.events.empty() && (append.timer || !append.ledger.empty())) {
    chain_.run(mark_payment_, known.position, known.due, known.entries);
  }
}

void Writer::write_ledger(const Append& append, std::uint64_t entry) {
  auto left = std::span{append.ledger};
  for (; left.size() >= 2; left = left.subspan(2), entry += 2) {
    const auto& [one, other] = std::tie(left[0], left[1]);
    chain_.run(insert_two_postings_, append.payment, entry + 1, one.operation, one.account,
               one.amount.currency, one.amount.minor, entry + 2, other.operation, other.account,
               other.amount.currency, other.amount.minor);
  }
  for (const auto& row : left) {
    chain_.run(insert_posting_, append.payment, ++entry, row.operation, row.account,
               row.amount.currency, row.amount.minor);
  }
}

void Writer::write_timer(const Append& append, const std::optional<TimePoint>& before) {
  const auto& due = append.timer->due;
  if (before && before != due) chain_.run(delete_timer_, *before, append.payment);
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
