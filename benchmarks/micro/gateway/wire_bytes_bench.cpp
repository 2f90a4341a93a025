// What do the bytes of one answer to a client and of one call to a provider cost?
#include <benchmark/benchmark.h>

#include "gateway/inbound/response_bytes.hpp"
#include "gateway/outbound/request_bytes.hpp"
#include "gateway/outbound/response_reader.hpp"

namespace {

using namespace cambist;

void AnswerHead(benchmark::State& state) {
  http::Response response;
  response.status = 201;
  response.headers = {{"Content-Type", "application/json"},
                      {"Location", "/api/v1/payments/pay_01hzzzzzzzzzzzzzzzzzzzzzzz"},
                      {"X-Request-Id", "01hzzzzzzzzzzzzzzzzzzzzzzz"}};
  response.body = std::string(700, 'b');
  const std::string date = gateway::inbound::http_date(1'795'000'000);
  for (auto _ : state) {
    benchmark::DoNotOptimize(gateway::inbound::response_head(response, {.date = date}));
  }
}
BENCHMARK(AnswerHead);

void ProviderRequestBytes(benchmark::State& state) {
  http::Request request;
  request.method = "POST";
  request.target = "/authorize/order-7";
  request.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "pay_1:1"}};
  request.body = R"({"amount":1999,"currency":"EUR"})";
  const http::Origin origin = http::parse_origin("http://127.0.0.1:18090").value();
  for (auto _ : state) {
    benchmark::DoNotOptimize(gateway::outbound::request_bytes(request, origin));
  }
}
BENCHMARK(ProviderRequestBytes);

void ProviderAnswerRead(benchmark::State& state) {
  const std::string bytes =
      "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Thu, 26 Nov 2026 04:00:00 GMT\r\n"
      "Content-Type: application/json\r\nContent-Length: 40\r\nConnection: keep-alive\r\n\r\n"
      R"({"approved":true,"ref":"prv-000000001"} )";
  for (auto _ : state) {
    gateway::outbound::ResponseReader reader{1'024 * 1'024, false};
    if (reader.feed(bytes) != gateway::outbound::ResponseReader::Step::done) {
      state.SkipWithError("not read");
    }
    benchmark::DoNotOptimize(reader.take());
  }
}
BENCHMARK(ProviderAnswerRead);

}  // namespace
