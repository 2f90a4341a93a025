// How many webhooks per second can be made durable, by batch size? One is a body of 3000 bytes, as
// Stripe's are, and eight entries in indexes. And what does a second copy of each cost?
#include <benchmark/benchmark.h>

#include "benchmarks/micro/storage/bench_store.hpp"

namespace {

using namespace cambist;
using namespace cambist::storage;
using bench::Disk;
using bench::Source;

Entry webhook(Source& source) {
  const auto now = source.next();
  WebhookRow row;
  row.id = WebhookId::make(now, source.random());
  row.tenant = default_tenant();
  row.provider = "stripe";
  row.event = "evt_" + std::to_string(source.random()());  // as random as the provider's own
  row.type = "charge.succeeded";
  row.object = "ch_3MtwBwLkdIwHu7ix28a3tqPa";
  row.created_at = now;
  row.received_at = now;
  row.due = now;
  row.body = std::string(3000, 'b');
  return Records{{WebhookReceived{std::move(row)}}};
}

template <class Wanted>
void write(benchmark::State& state, Journal& journal, const std::vector<Entry>& batch) {
  for (const auto& result : journal.write(batch)) {
    if (!std::holds_alternative<Wanted>(result)) state.SkipWithError("another answer");
  }
}

std::vector<Entry> batch_of(Source& source, const benchmark::State& state) {
  std::vector<Entry> batch;
  const auto size = static_cast<std::size_t>(state.range(0));
  while (batch.size() < size) batch.push_back(webhook(source));
  return batch;
}

void WebhookIntake(benchmark::State& state) {
  Disk disk;
  Source source;
  for (auto _ : state) {
    state.PauseTiming();
    const auto batch = batch_of(source, state);
    state.ResumeTiming();
    write<Appended>(state, disk.journal(), batch);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(WebhookIntake)->Arg(1)->Arg(16)->Arg(64)->Arg(256)->UseRealTime();

void WebhookDuplicates(benchmark::State& state) {
  Disk disk;
  Source source;
  const auto batch = batch_of(source, state);
  write<Appended>(state, disk.journal(), batch);
  for (auto _ : state) write<AlreadyThere>(state, disk.journal(), batch);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(WebhookDuplicates)->Arg(1)->Arg(64)->UseRealTime();

}  // namespace
