// What does a timer cost beside many that are due far in the future: to set it, to look for what is
// due, to fire it, and to start again with all of them pending? CAMBIST_BENCH_TIMERS says how many
// are pending; the default keeps a run short.
#include <benchmark/benchmark.h>

#include "benchmarks/micro/storage/bench_store.hpp"

namespace {

using namespace cambist;
using namespace cambist::storage;
using bench::Disk;
using bench::Source;

constexpr std::size_t batch_size = 256;
constexpr auto far = std::chrono::hours{24 * 30};

std::size_t pending_count() {
  const char* chosen = std::getenv("CAMBIST_BENCH_TIMERS");
  return chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : 50'000;
}

/// A payment that was made and waits: one event, a small row, the timer.
Append waiting(Source& source, TimePoint due) {
  const auto now = source.next();
  Append made;
  made.tenant = default_tenant();
  made.payment = PaymentId::make(now, source.random());
  made.events = {
      {EventId::make(now, source.random()), now, "payment_created", 1, std::string(100, 'e')}};
  made.row = bench::payment_row(made.payment, now, "authorized");
  made.timer = TimerChange{due, "scheduled_capture"};
  return made;
}

std::vector<Append> batch_of(Source& source, std::size_t size, std::chrono::microseconds ahead) {
  std::vector<Append> batch;
  while (batch.size() < size) {
    const auto due = source.next() + ahead + std::chrono::microseconds{source.random()() % 1000000};
    batch.push_back(waiting(source, due));
  }
  return batch;
}

void commit(Journal& journal, const std::vector<Append>& batch) {
  for (const auto& result : journal.append(batch)) {
    if (!std::holds_alternative<Appended>(result)) throw std::runtime_error("refused");
  }
}

/// A store with all those timers, made once for all measurements.
struct Pending {
  Pending() {
    for (std::size_t left = pending_count(); left > 0; left -= std::min(left, batch_size)) {
      commit(disk.journal(), batch_of(source, std::min(left, batch_size), far));
    }
  }
  Disk disk;
  Source source;
};
Pending& pending() {
  static Pending made;
  return made;
}

void TimersInsert(benchmark::State& state) {
  auto& [disk, source] = pending();
  for (auto _ : state) {
    state.PauseTiming();
    const auto batch = batch_of(source, batch_size, far);
    state.ResumeTiming();
    commit(disk.journal(), batch);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch_size));
  state.counters["pending"] = static_cast<double>(pending_count());
}
BENCHMARK(TimersInsert)->UseRealTime()->Iterations(40);

void TimersNothingDue(benchmark::State& state) {
  auto& [disk, source] = pending();
  for (auto _ : state) {
    if (!disk.reader().due_timers(source.next(), batch_size).value().empty()) {
      state.SkipWithError("something was due");
    }
  }
}
BENCHMARK(TimersNothingDue);

/// Look for what is due, then the commit of the step that each of them causes.
void TimersFire(benchmark::State& state) {
  auto& [disk, source] = pending();
  const auto size = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    state.PauseTiming();
    auto batch = batch_of(source, size, -std::chrono::hours{1});
    commit(disk.journal(), batch);
    for (auto& step : batch) {
      step.expected_version = 1;
      step.events[0].id = EventId::make(source.next(), source.random());
      step.timer = TimerChange{};
    }
    const auto now = source.next();
    state.ResumeTiming();
    if (disk.reader().due_timers(now, size).value().size() != size) {
      state.SkipWithError("not all were due");
    }
    commit(disk.journal(), batch);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(TimersFire)->Arg(1)->Arg(64)->Arg(256)->UseRealTime()->Iterations(40);

void TimersRestart(benchmark::State& state) {
  auto& [disk, source] = pending();
  for (auto _ : state) {
    state.PauseTiming();
    disk.close();
    state.ResumeTiming();
    disk.open();
    benchmark::DoNotOptimize(disk.reader().due_timers(source.next(), batch_size).value());
  }
}
BENCHMARK(TimersRestart)->UseRealTime()->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace
