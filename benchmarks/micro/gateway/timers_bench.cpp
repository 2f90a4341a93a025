// What does a deadline cost the thread that sets it, beside many that wait already? The API sets
// one for each request.
#include <benchmark/benchmark.h>

#include "gateway/timers.hpp"

namespace {

using namespace cambist;

void TimersSetOne(benchmark::State& state) {
  const auto timers = gateway::make_timers();
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    timers->after(std::chrono::minutes{10} + std::chrono::milliseconds{i}, [] {});
  }
  for (auto _ : state) timers->after(std::chrono::minutes{20}, [] {});
}
// Bounded: what is set stays until the end of the run.
BENCHMARK(TimersSetOne)->Arg(0)->Arg(100'000)->Iterations(200'000);

}  // namespace
