#include "storage/postgres/probe.hpp"

namespace cambist::storage::postgres {
namespace {

// After a failover the same address may lead to a server that only reads.
constexpr const char* reach =
    "SELECT 1 WHERE current_setting('transaction_read_only') = 'off' AND NOT pg_is_in_recovery()";

// Nothing is deleted, but every table that a step writes must be free to be written: who has
// locked one of them is noticed here. The ballast needs new pages, so that a full disk is too.
constexpr const char* write = R"(
  WITH a AS (DELETE FROM payments WHERE false), b AS (DELETE FROM payment_events WHERE false),
    c AS (DELETE FROM operations WHERE false), d AS (DELETE FROM idempotency_keys WHERE false),
    e AS (DELETE FROM ledger_entries WHERE false), f AS (DELETE FROM timers WHERE false),
    g AS (DELETE FROM outbox WHERE false)
  UPDATE probe SET at = (extract(epoch FROM clock_timestamp()) * 1000000)::int8,
    ballast = decode(repeat(md5(random()::text), 4096), 'hex'))";

}  // namespace

Result<void> probe(Connection& connection, Probe how) {
  auto failure = connection.open();
  if (!failure) failure = connection.run(how == Probe::reach ? reach : write);
  if (failure) return unavailable("cannot write to the database", *failure);
  if (how == Probe::reach && connection.answers().front().count() == 0) {
    connection.close();  // another connect may find a server that writes
    return Error{ErrorCode::unavailable, "the database is read-only"};
  }
  return {};
}

}  // namespace cambist::storage::postgres
