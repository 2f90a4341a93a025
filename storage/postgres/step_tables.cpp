#include "storage/postgres/step_tables.hpp"

#include "protocols/core/overloaded.hpp"
#include "storage/postgres/last_of.hpp"

namespace cambist::storage::postgres {
namespace {

using Columns = std::vector<std::pair<const char*, Type>>;

Columns payment_columns(bool with_expected) {
  Columns columns{{"id", Type::uuid},
                  {"tenant", Type::text},
                  {"version", Type::int8},
                  {"status", Type::text},
                  {"amount_minor", Type::int8},
                  {"currency", Type::text},
                  {"captured_minor", Type::int8},
                  {"refunded_minor", Type::int8},
                  {"provider", Type::text},
                  {"provider_payment_id", Type::text},
                  {"reference", Type::bytes},
                  {"customer_id", Type::bytes},
                  {"open", Type::boolean},
                  {"created_at", Type::int8},
                  {"updated_at", Type::int8},
                  {"json", Type::bytes}};
  if (with_expected) columns.emplace_back("expected", Type::int8);
  return columns;
}

Columns operation_columns() {
  return {{"payment", Type::uuid},
          {"id", Type::uuid},
          {"kind", Type::text},
          {"status", Type::text},
          {"amount_minor", Type::int8},
          {"currency", Type::text},
          {"attempts", Type::int4},
          {"idempotency_key", Type::text},
          {"provider_object", Type::text},
          {"started_at", Type::int8}};
}

Columns timer_columns() {
  return {
      {"payment", Type::uuid}, {"tenant", Type::text}, {"due", Type::int8}, {"kind", Type::text}};
}

constexpr const char* update_payments = R"(
  UPDATE payments AS p SET version = r.version, status = r.status, amount_minor = r.amount_minor,
    currency = r.currency, captured_minor = r.captured_minor, refunded_minor = r.refunded_minor,
    provider = r.provider, provider_payment_id = r.provider_payment_id, reference = r.reference,
    customer_id = r.customer_id, open = r.open, created_at = r.created_at, updated_at = r.updated_at,
    json = r.json
  FROM {rows} WHERE p.tenant = r.tenant AND p.id = r.id AND p.version = r.expected RETURNING 1)";
// A payment that is not there has seen nothing.
constexpr const char* check_versions = R"(
  SELECT 1 / (CASE WHEN count(*) = 0 THEN 1 ELSE 0 END)
  FROM {rows} LEFT JOIN payments AS p ON p.tenant = r.tenant AND p.id = r.id
  WHERE coalesce(p.version, 0) <> r.expected)";
constexpr const char* on_known_operation = R"(
  ON CONFLICT (payment, id) DO UPDATE SET kind = excluded.kind, status = excluded.status,
    amount_minor = excluded.amount_minor, currency = excluded.currency, attempts = excluded.attempts,
    idempotency_key = excluded.idempotency_key, provider_object = excluded.provider_object,
    started_at = excluded.started_at)";
constexpr const char* on_known_timer = R"(
  ON CONFLICT (payment) DO UPDATE SET tenant = excluded.tenant, due = excluded.due, kind = excluded.kind)";
constexpr const char* delete_timers =
    "DELETE FROM timers AS t USING {rows} WHERE t.payment = r.payment";
constexpr const char* answer_keys = R"(
  UPDATE idempotency_keys AS k SET completed = true, status = r.status, body = r.body
  FROM {rows} WHERE k.tenant = r.tenant AND k.key = r.key AND k.payment = r.payment AND NOT k.completed)";
constexpr const char* release_keys = R"(
  DELETE FROM idempotency_keys AS k USING {rows}
  WHERE k.tenant = r.tenant AND k.key = r.key AND k.payment = r.payment AND NOT k.completed)";

}  // namespace

StepTables::StepTables()
    : claim_keys_(insert_into("idempotency_keys", {{"tenant", Type::text},
                                                   {"key", Type::bytes},
                                                   {"payment", Type::uuid},
                                                   {"fingerprint", Type::bytes},
                                                   {"completed", Type::boolean},
                                                   {"status", Type::int4},
                                                   {"claimed_at", Type::int8},
                                                   {"expires_at", Type::int8},
                                                   {"body", Type::bytes}})),
      insert_payments_(insert_into("payments", payment_columns(false))),
      update_payments_(all_or_fail(update_payments), payment_columns(true)),
      check_versions_(check_versions,
                      {{"id", Type::uuid}, {"tenant", Type::text}, {"expected", Type::int8}}),
      insert_events_(insert_into("payment_events", {{"payment", Type::uuid},
                                                    {"sequence", Type::int8},
                                                    {"id", Type::uuid},
                                                    {"at", Type::int8},
                                                    {"type", Type::text},
                                                    {"schema_version", Type::int4},
                                                    {"json", Type::bytes}})),
      insert_operations_(insert_into("operations", operation_columns())),
      put_operations_(insert_into("operations", operation_columns(), on_known_operation)),
      insert_ledger_(insert_into("ledger_entries", {{"payment", Type::uuid},
                                                    {"tenant", Type::text},
                                                    {"operation", Type::uuid},
                                                    {"account", Type::text},
                                                    {"currency", Type::text},
                                                    {"amount_minor", Type::int8}})),
      insert_timers_(insert_into("timers", timer_columns())),
      put_timers_(insert_into("timers", timer_columns(), on_known_timer)),
      delete_timers_(delete_timers, {{"payment", Type::uuid}}),
      answer_keys_(answer_keys, {{"tenant", Type::text},
                                 {"key", Type::bytes},
                                 {"payment", Type::uuid},
                                 {"status", Type::int4},
                                 {"body", Type::bytes}}),
      release_keys_(release_keys,
                    {{"tenant", Type::text}, {"key", Type::bytes}, {"payment", Type::uuid}}) {}

void StepTables::add(const Append& append) {
  if (append.events.empty()) {
    check_versions_.add(append.payment, append.tenant, append.expected_version);
  } else {
    add_row(append);
    add_events(append);
  }
  add_details(append);
  add_key(append);
}

void StepTables::send(Connection& connection) {
  // What breaks most often comes first, so that the rest of a broken batch costs nothing.
  for (auto* bulk :
       {&claim_keys_, &insert_payments_, &update_payments_, &check_versions_, &insert_events_,
        &insert_operations_, &put_operations_, &insert_ledger_, &insert_timers_, &put_timers_,
        &delete_timers_, &answer_keys_, &release_keys_}) {
    bulk->send(connection);
  }
}

void StepTables::add_events(const Append& append) {
  auto sequence = append.expected_version;
  for (const auto& event : append.events) {
    insert_events_.add(append.payment, ++sequence, event.id, event.at, event.type,
                       event.schema_version, event.json);
  }
}

void StepTables::add_row(const Append& append) {
  const auto& row = append.row;
  const auto version = append.expected_version + append.events.size();
  const auto to = [&](Bulk& bulk, const auto&... more) {
    bulk.add(append.payment, append.tenant, version, row.status, row.amount.minor,
             row.amount.currency, row.captured_minor, row.refunded_minor, row.provider,
             row.provider_payment_id, row.reference, row.customer_id, row.open, row.created_at,
             row.updated_at, row.json, more...);
  };
  if (append.expected_version == 0) {
    to(insert_payments_);
  } else {
    to(update_payments_, append.expected_version);
  }
}

void StepTables::add_details(const Append& append) {
  // A payment that is new has no operation and no timer yet: nothing to look for.
  const bool is_new = append.expected_version == 0;
  auto& operations = is_new ? insert_operations_ : put_operations_;
  each_last(append.operations, [&](const OperationRow& row) {
    operations.add(append.payment, row.id, row.kind, row.status, row.amount.minor,
                   row.amount.currency, row.attempts, row.idempotency_key, row.provider_object,
                   row.started_at);
  });
  for (const auto& row : append.ledger) {
    insert_ledger_.add(append.payment, append.tenant, row.operation, row.account,
                       row.amount.currency, row.amount.minor);
  }
  if (!append.timer) return;
  if (append.timer->due) {
    (is_new ? insert_timers_ : put_timers_)
        .add(append.payment, append.tenant, *append.timer->due, append.timer->kind);
  } else if (!is_new) {
    delete_timers_.add(append.payment);
  }
}

void StepTables::add_key(const Append& append) {
  std::visit(Overloaded{
                 [](std::monostate) {},
                 [&](const KeyClaim& claim) {
                   claim_keys_.add(append.tenant, claim.key, append.payment, claim.fingerprint,
                                   claim.status != 0, claim.status, claim.now, claim.expires_at,
                                   claim.body);
                 },
                 [&](const KeyAnswer& answer) {
                   answer_keys_.add(append.tenant, answer.key, append.payment, answer.status,
                                    answer.body);
                 },
                 [&](const KeyRelease& release) {
                   release_keys_.add(append.tenant, release.key, append.payment);
                 },
             },
             append.key);
}

}  // namespace cambist::storage::postgres
