// What does reading the body of a create cost: the strict JSON, then the command made of it? And
// the canonical text that the fingerprint of its idempotency key is made from?
#include <benchmark/benchmark.h>

#include "protocols/api/json.hpp"
#include "protocols/api/requests.hpp"

namespace {

using namespace cambist;

constexpr std::string_view body =
    R"({"amount":{"value":"19.99","currency":"EUR"},"capture":"manual","provider":"bench",)"
    R"("reference":"l1795000000000x77-123456","payment_method":{"type":"card","token":"tok_bench"}})";

void CreateReadJson(benchmark::State& state) {
  for (auto _ : state) {
    auto object = api::read_object(body);
    if (!object) state.SkipWithError("not read");
    benchmark::DoNotOptimize(object);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
BENCHMARK(CreateReadJson);

void CreateReadDetails(benchmark::State& state) {
  const auto object = api::read_object(body).value();
  const std::vector<std::string> providers{"bench"};
  for (auto _ : state) {
    auto details = api::read_create(object, providers);
    if (!details) state.SkipWithError("refused");
    benchmark::DoNotOptimize(details);
  }
}
BENCHMARK(CreateReadDetails);

void CreateCanonicalText(benchmark::State& state) {
  const boost::json::value object = api::read_object(body).value();
  for (auto _ : state) benchmark::DoNotOptimize(api::canonical(object));
}
BENCHMARK(CreateCanonicalText);

}  // namespace
