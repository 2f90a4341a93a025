// What does the circuit breaker add to a call: asking it before, telling it after, with a window
// full of calls?
#include <benchmark/benchmark.h>

#include "protocols/breaker/breaker.hpp"

namespace {

using namespace cambist;

void BreakerCall(benchmark::State& state) {
  const breaker::Policy policy;
  breaker::Breaker breaker;
  TimePoint now{std::chrono::seconds{1'795'000'000}};
  for (auto _ : state) {
    now += std::chrono::milliseconds{1};  // a thousand calls a second: all buckets are in use
    auto admission = breaker::admit(std::move(breaker), policy, now);
    if (!admission.admitted) state.SkipWithError("shut");
    breaker = breaker::settle(std::move(admission.breaker), policy, false, admission.probe, now,
                              0.5, admission.generation);
  }
  benchmark::DoNotOptimize(breaker);
}
BENCHMARK(BreakerCall);

}  // namespace
