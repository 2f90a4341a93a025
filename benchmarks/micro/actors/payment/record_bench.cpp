// From a decision to what is written: how much does building the append of one step cost? The step
// is the verdict on a capture; with it go the rows, the ledger and our own event.
#include <benchmark/benchmark.h>

#include "actors/payment/record.hpp"
#include "benchmarks/fill/life.hpp"
#include "benchmarks/fill/told.hpp"
#include "protocols/api/answers.hpp"

namespace {

using namespace cambist;

void RecordMakeAppend(benchmark::State& state) {
  const TimePoint now{std::chrono::seconds{1'795'000'000}};
  fill::Source source{1};
  const auto random = source.random();
  fill::Told told;
  told.tell(payment::Create{PaymentId::make(now, random), default_tenant(),
                            fill::details_of("bench", "order-7", {1'999, *Currency::parse("EUR")}),
                            OperationId::make(now, random)},
            now);
  told.approve(now);
  told.tell(payment::Capture{std::nullopt, true, OperationId::make(now, random)}, now);
  const auto before = told.payment;
  const auto known = static_cast<std::ptrdiff_t>(told.events.size());
  told.approve(now);
  const std::vector<payment::Event> events(told.events.begin() + known, told.events.end());
  for (auto _ : state) {
    benchmark::DoNotOptimize(actors::live::make_append(before, told.payment, events, told.policy,
                                                       random, {}, api::render(told.payment)));
  }
}
BENCHMARK(RecordMakeAppend);

}  // namespace
