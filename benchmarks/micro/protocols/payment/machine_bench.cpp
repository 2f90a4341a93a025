// What do the decisions of one payment's life cost, from create to captured? No bytes, no store:
// decide, and evolve for each fact.
#include <benchmark/benchmark.h>

#include "benchmarks/fill/life.hpp"
#include "benchmarks/fill/told.hpp"
#include "protocols/api/answers.hpp"
#include "protocols/payment/codec.hpp"

namespace {

using namespace cambist;
using fill::Source;
using fill::Told;

const TimePoint start{std::chrono::seconds{1'795'000'000}};

Told captured(const Random& random) {
  Told told;
  told.tell(payment::Create{PaymentId::make(start, random), default_tenant(),
                            fill::details_of("bench", "order-7", {1'999, *Currency::parse("EUR")}),
                            OperationId::make(start, random)},
            start);
  told.approve(start);
  told.tell(payment::Capture{std::nullopt, true, OperationId::make(start, random)}, start);
  told.approve(start);
  return told;
}

void MachineWholeLife(benchmark::State& state) {
  Source source{1};
  const auto random = source.random();
  for (auto _ : state) benchmark::DoNotOptimize(captured(random));
}
BENCHMARK(MachineWholeLife);

/// Rebuilding a payment from its journal, which is what waking one costs beside the read.
void MachineReplay(benchmark::State& state) {
  Source source{1};
  const auto told = captured(source.random());
  for (auto _ : state) {
    payment::Payment payment;
    for (const auto& event : told.events) payment = payment::evolve(std::move(payment), event);
    benchmark::DoNotOptimize(payment);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(told.events.size()));
}
BENCHMARK(MachineReplay);

void EventsEncode(benchmark::State& state) {
  Source source{1};
  const auto told = captured(source.random());
  for (auto _ : state) {
    for (const auto& event : told.events) benchmark::DoNotOptimize(payment::encode(event.fact));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(told.events.size()));
}
BENCHMARK(EventsEncode);

void EventsDecode(benchmark::State& state) {
  Source source{1};
  std::vector<payment::EncodedEvent> encoded;
  for (const auto& event : captured(source.random()).events) {
    encoded.push_back(payment::encode(event.fact));
  }
  for (auto _ : state) {
    for (const auto& event : encoded) {
      auto fact = payment::decode(event.type, event.version, event.json);
      if (!fact) state.SkipWithError("not decoded");
      benchmark::DoNotOptimize(fact);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(encoded.size()));
}
BENCHMARK(EventsDecode);

/// The payment as the API shows it: once for the projection and the answer of each step.
void PaymentRender(benchmark::State& state) {
  Source source{1};
  const auto told = captured(source.random());
  for (auto _ : state) benchmark::DoNotOptimize(api::render(told.payment));
}
BENCHMARK(PaymentRender);

}  // namespace
