// What does it cost to find the end of a request's head and to read it in its only meaning? One
// head as the load generator sends it, one as a browser behind a proxy does.
#include <benchmark/benchmark.h>

#include "protocols/http/head_guard.hpp"

namespace {

using namespace cambist;

const std::string small =
    "POST /api/v1/payments HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: application/json\r\n"
    "Idempotency-Key: l1795000000000x77-123456-create\r\nAuthorization: Bearer bench-key\r\n"
    "Content-Length: 164\r\n\r\n";

std::string large() {
  std::string head = small.substr(0, small.size() - 2);
  for (int i = 0; i < 20; ++i) {
    head += "X-Forwarded-Something-" + std::to_string(i) + ": " + std::string(80, 'v') + "\r\n";
  }
  return head + "\r\n";
}

void guard(benchmark::State& state, const std::string& head) {
  const http::HeadLimits limits;
  for (auto _ : state) {
    const auto scan = http::scan_head(head, 0);
    auto read = http::guard_head(std::string_view{head}.substr(0, scan.end), limits);
    if (!std::holds_alternative<http::Head>(read)) state.SkipWithError("refused");
    benchmark::DoNotOptimize(read);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(head.size()));
}

void HeadGuardSmall(benchmark::State& state) {
  guard(state, small);
}
BENCHMARK(HeadGuardSmall);

void HeadGuardLarge(benchmark::State& state) {
  guard(state, large());
}
BENCHMARK(HeadGuardLarge);

}  // namespace
