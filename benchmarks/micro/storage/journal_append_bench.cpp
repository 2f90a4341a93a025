// How many durable appends per second does a journal take, by batch size? PostgreSQL takes part
// when CAMBIST_BENCH_DATABASE names one. One append here is the second commit of a charge: two
// events of 300 bytes, the row of 700, the operation, two postings, the key's answer, the timer.
#include <benchmark/benchmark.h>

#include "benchmarks/micro/storage/bench_store.hpp"

namespace {

using namespace cambist;
using namespace cambist::storage;
using bench::Disk;
using bench::Server;
using bench::Source;

/// The intent: the payment, its first operation, the client's key, and the timer that will ask.
Append intent(Source& source) {
  const auto now = source.next();
  Append made;
  made.tenant = default_tenant();
  made.payment = PaymentId::make(now, source.random());
  for (const auto* type : {"payment_created", "operation_started"}) {
    made.events.push_back(
        {EventId::make(now, source.random()), now, type, 1, std::string(300, 'e')});
  }
  made.row = bench::payment_row(made.payment, now, "processing");
  made.row.open = true;
  made.operations.push_back({.id = OperationId::make(now, source.random()),
                             .kind = "charge",
                             .status = "pending",
                             .amount = made.row.amount,
                             .attempts = 1,
                             .idempotency_key = made.payment.to_string() + ":1",
                             .provider_object = "",
                             .started_at = now});
  made.key = KeyClaim{"k" + encode_uuid(make_uuid7(TimePoint{}, source.random())),
                      {},
                      now,
                      now + std::chrono::hours{168}};
  made.timer = TimerChange{now + std::chrono::seconds{2}};
  return made;
}

/// The verdict on `before`.
Append verdict(const Append& before, Source& source) {
  const auto now = source.next();
  Append made = before;
  made.expected_version = before.events.size();
  made.events = {
      {EventId::make(now, source.random()), now, "operation_approved", 1, std::string(300, 'e')}};
  made.row.open = false;
  made.row.status = "captured";
  made.operations[0].status = "succeeded";
  made.operations[0].provider_object = "ch_1";
  made.ledger = {
      {made.operations[0].id, "provider:stripe:receivable", made.row.amount},
      {made.operations[0].id, "merchant:payable", Money{-1000, made.row.amount.currency}}};
  made.key = KeyAnswer{std::get<KeyClaim>(before.key).key, 201, std::string(700, 'a')};
  made.timer = TimerChange{};
  return made;
}

void commit(benchmark::State& state, Journal& journal, const std::vector<Append>& batch) {
  for (const auto& result : journal.append(batch)) {
    if (!std::holds_alternative<Appended>(result)) state.SkipWithError("an append was refused");
  }
}

template <class Place>
void run_intents(benchmark::State& state) {
  Place place;
  auto source = Place::source();
  const auto size = static_cast<std::size_t>(state.range(0));
  std::vector<Append> batch;
  for (auto _ : state) {
    state.PauseTiming();
    batch.clear();
    while (batch.size() < size) batch.push_back(intent(source));
    state.ResumeTiming();
    commit(state, place.journal(), batch);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

template <class Place>
void run_verdicts(benchmark::State& state) {
  Place place;
  auto source = Place::source();
  const auto size = static_cast<std::size_t>(state.range(0));
  std::vector<Append> batch;
  for (auto _ : state) {
    state.PauseTiming();
    batch.clear();
    while (batch.size() < size) batch.push_back(intent(source));
    commit(state, place.journal(), batch);
    for (auto& append : batch) append = verdict(append, source);
    state.ResumeTiming();
    commit(state, place.journal(), batch);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void SqliteIntent(benchmark::State& state) {
  run_intents<Disk>(state);
}
BENCHMARK(SqliteIntent)->Arg(1)->Arg(16)->Arg(64)->Arg(256)->UseRealTime()->MinTime(2);

void SqliteVerdict(benchmark::State& state) {
  run_verdicts<Disk>(state);
}
BENCHMARK(SqliteVerdict)->Arg(1)->Arg(16)->Arg(64)->Arg(256)->UseRealTime()->MinTime(2);

void PostgresIntent(benchmark::State& state) {
  if (bench::bench_database() == nullptr)
    return state.SkipWithError("CAMBIST_BENCH_DATABASE is not set");
  run_intents<Server>(state);
}
BENCHMARK(PostgresIntent)->Arg(1)->Arg(16)->Arg(64)->Arg(256)->UseRealTime()->MinTime(2);

void PostgresVerdict(benchmark::State& state) {
  if (bench::bench_database() == nullptr)
    return state.SkipWithError("CAMBIST_BENCH_DATABASE is not set");
  run_verdicts<Server>(state);
}
BENCHMARK(PostgresVerdict)->Arg(1)->Arg(16)->Arg(64)->Arg(256)->UseRealTime()->MinTime(2);

}  // namespace
