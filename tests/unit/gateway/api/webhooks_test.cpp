// Webhooks of providers over a fake bridge: what is let in, what the provider is told, and what
// operators see.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/gateway/api/fake_bridge.hpp"

namespace cambist::gateway::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
const std::string webhooks = "/api/v1/webhooks";

Bench::Sent to_stripe(std::string body, http::Headers headers = {}) {
  return {.method = "POST",
          .target = webhooks + "/stripe",
          .body = std::move(body),
          .headers = std::move(headers),
          .key = ""};
}
std::string code_of(const http::Response& response) {
  return std::string{json::parse(response.body).at("code").as_string()};
}
std::string field_of(const http::Response& response) {
  const auto parsed = json::parse(response.body);
  const auto* field = parsed.as_object().if_contains("field");
  return field == nullptr ? std::string{} : std::string{field->as_string()};
}

TEST(ReceiveWebhook, NeedsNoKeyAndKeepsTheBytes) {
  Bench bench;
  const std::string body = "{ \"id\" : \"evt_1\",\n \"id\": 2 }";  // not our kind of JSON
  const auto answer =
      bench.send(to_stripe(body, {{"Stripe-Signature", "t=1,v1=00"}, {"Content-Type", "text/x"}}));
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, R"({"received":true,"duplicate":false})");
  ASSERT_EQ(bench.bridge->webhooks_in.size(), 1U);
  EXPECT_EQ(bench.bridge->webhooks_in[0].provider, "stripe");
  EXPECT_EQ(bench.bridge->webhooks_in[0].request.body, body);
  EXPECT_EQ(*http::find(bench.bridge->webhooks_in[0].request.headers, "Stripe-Signature"),
            "t=1,v1=00");
  bench.bridge->taken.duplicate = true;
  EXPECT_EQ(bench.send(to_stripe(body))->body, R"({"received":true,"duplicate":true})");
}

TEST(ReceiveWebhook, DigitsThatLookLikeACardAreNoReasonToRefuseOne) {
  Bench bench;
  const std::string number = "4242424242424242";
  auto sent = to_stripe(R"({"network_transaction_id":")" + number + "\",\"cvc\":\"123\"}",
                        {{"X-Event", number}});
  sent.target += "?event=" + number;
  EXPECT_EQ(bench.send(sent)->status, 200);
}

TEST(ReceiveWebhook, SaysNothingOfWhatIsWrongWithASignature) {
  Bench bench;
  for (const char* detail : {"no header", "too old", "wrong"}) {
    bench.bridge->taken.error = Error{ErrorCode::unauthenticated, detail, "header"};
    const auto answer = bench.send(to_stripe("{}"));
    EXPECT_EQ(answer->status, 401);
    EXPECT_EQ(answer->body.find(detail), std::string::npos);
    EXPECT_EQ(field_of(*answer), "");
    EXPECT_EQ(header(*answer, "WWW-Authenticate"), "");
  }
}

TEST(ReceiveWebhook, TellsTheProviderWhetherToComeAgain) {
  Bench bench;
  const std::vector<std::pair<ErrorCode, int>> cases{
      {ErrorCode::invalid_request, 400},   {ErrorCode::not_found, 404},
      {ErrorCode::payload_too_large, 413}, {ErrorCode::overloaded, 503},
      {ErrorCode::unavailable, 503},       {ErrorCode::internal, 503},
      {ErrorCode::version_conflict, 503}};
  for (const auto& [code, status] : cases) {
    bench.bridge->taken.error = Error{code, "x"};
    const auto answer = bench.send(to_stripe("{}"));
    EXPECT_EQ(answer->status, status) << to_string(code);
    EXPECT_EQ(header(*answer, "Retry-After"), status == 503 ? "1" : "") << to_string(code);
  }
  bench.bridge->broken = true;
  EXPECT_EQ(bench.send(to_stripe("{}"))->status, 503);
}

TEST(ReceiveWebhook, IsNotAnsweredWellBeforeItIsDurable) {
  Bench bench;
  bench.bridge->silent = true;
  const auto answer = bench.send(to_stripe("{}"));
  EXPECT_EQ(answer->status, 0);
  bench.timers->fire(5s);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(header(*answer, "Retry-After"), "1");
}

TEST(ReceiveWebhook, IsLimitedByProviderAndNotByAddress) {
  Bench bench{[](ApiParams& params) {
    params.rates.strangers = {0.001, 1};
    params.rates.webhooks = {1, 3};
  }};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bench.send(to_stripe("{}"))->status, 200) << i;
  const auto over = bench.send(to_stripe("{}"));
  EXPECT_EQ(over->status, 503);
  EXPECT_EQ(header(*over, "Retry-After"), "1");
  auto other = to_stripe("{}");
  other.target = webhooks + "/paypal";
  EXPECT_EQ(bench.send(other)->status, 200) << "another provider has its own";
  EXPECT_EQ(bench.bridge->webhooks_in.size(), 4U);
}

TEST(ReceiveWebhook, AnUnknownProviderIsNobody) {
  Bench bench{[](ApiParams& params) { params.rates.strangers = {0.001, 1}; }};
  auto sent = to_stripe("{}");
  sent.target = webhooks + "/nobody";
  EXPECT_EQ(bench.send(sent)->status, 404);
  EXPECT_EQ(bench.send(sent)->status, 429) << "guessing names is a stranger's work";
  EXPECT_TRUE(bench.bridge->webhooks_in.empty());
}

TEST(Overloaded, CommandsAreShedBeforeTheirBodyIsReadAndWebhooksLater) {
  Bench bench{[](ApiParams& params) { params.in_flight_max = 2; }};
  const std::string payments = "/api/v1/payments";
  const std::string body =
      R"({"amount":{"value":"1.00","currency":"USD"},"payment_method":{"type":"card","token":"t"}})";
  const auto first = bench.send({.method = "POST", .target = payments, .body = body});
  const auto second = bench.send({.method = "POST", .target = payments, .body = body});
  const auto third = bench.send({.method = "POST", .target = payments, .body = "no JSON"});
  EXPECT_EQ(third->status, 503);
  EXPECT_EQ(code_of(*third), "overloaded");
  EXPECT_EQ(header(*third, "Retry-After"), "1");
  bench.bridge->silent = true;
  std::vector<std::shared_ptr<http::Response>> waiting;
  for (int i = 0; i < 6; ++i) waiting.push_back(bench.send(to_stripe("{}")));
  for (const auto& answer : waiting) EXPECT_EQ(answer->status, 0);
  EXPECT_EQ(bench.send(to_stripe("{}"))->status, 503);
}

TEST(Overloaded, ReadsGoOnWhileCommandsWait) {
  QueuePolicy policy;
  policy.limit_min = policy.limit_first = policy.limit_max = 1;
  std::shared_ptr<QueueGate> queue;
  Bench bench{[&](ApiParams& params) {
    queue = std::make_shared<QueueGate>(policy, params.ticks);
    params.queue = queue;
  }};
  const std::string id = bench.add_row(1).to_string();
  const std::string target = "/api/v1/payments/" + id;
  const auto first = bench.send({.method = "POST", .target = target + "/capture"});
  EXPECT_EQ(first->status, 0);
  EXPECT_EQ(bench.post("/api/v1/payments", "{}").status, 503);
  EXPECT_EQ(bench.get(target).status, 200);
  queue->durable(1ms);  // the provider is asked now
  const auto next = bench.send({.method = "POST", .target = target + "/refund"});
  EXPECT_EQ(next->status, 0);
  EXPECT_EQ(queue->waiting(), 1U);
  bench.bridge->performing[1](api::problem({ErrorCode::illegal_transition, "no"}, "r"));
  EXPECT_EQ(queue->waiting(), 0U) << "a refused command has written nothing";
  bench.bridge->performing[0](api::Answer{200, "{}"});
  EXPECT_EQ(queue->waiting(), 0U);
}

storage::WebhookRow a_webhook(std::uint8_t number) {
  storage::WebhookRow row;
  row.id = WebhookId{{0, number}};
  row.tenant = TenantId{"shop"};
  row.provider = "stripe";
  row.event = "evt_1";
  row.type = "charge.refunded";
  row.received_at = *parse_rfc3339("2026-11-21T09:00:00Z");
  row.status = "dead";
  row.attempts = 5;
  row.error = "no such payment";
  row.body = R"({"id":"evt_1","amount":100})";
  row.body_bytes = row.body.size();
  return row;
}

TEST(ListWebhooks, HandsEveryFilterOnAndGoesThroughPages) {
  Bench bench;
  for (std::uint8_t i = 3; i > 0; --i) bench.bridge->webhook_rows.push_back(a_webhook(i));
  const std::string filters =
      "?provider=stripe&status=dead&type=charge.refunded&payment_id=" + PaymentId{{9}}.to_string() +
      "&received_from=2026-11-01T00:00:00Z&received_to=2026-12-01T00:00:00Z&limit=2";
  const auto answer = bench.get(webhooks + "/events" + filters);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto& query = bench.bridge->webhook_queries.at(0);
  EXPECT_EQ(query.tenant, TenantId{"shop"});
  EXPECT_EQ(query.provider, "stripe");
  EXPECT_EQ(query.status, "dead");
  EXPECT_EQ(query.type, "charge.refunded");
  EXPECT_EQ(query.payment, (PaymentId{{9}}));
  EXPECT_EQ(to_rfc3339(*query.received_to), "2026-12-01T00:00:00.000Z");
  EXPECT_EQ(query.limit, 3U);
  const auto page = json::parse(answer.body);
  EXPECT_EQ(page.at("data").as_array().size(), 2U);
  EXPECT_TRUE(page.at("has_more").as_bool());
  const auto& shown = page.at("data").at(0).as_object();
  EXPECT_EQ(shown.at("status"), "dead");
  EXPECT_EQ(shown.at("error"), "no such payment");
  EXPECT_TRUE(shown.at("payment_id").is_null());
  EXPECT_FALSE(shown.contains("payload"));
  const std::string cursor{page.at("next_cursor").as_string()};
  EXPECT_EQ(bench.get(webhooks + "/events" + filters + "&cursor=" + cursor).status, 200);
  EXPECT_EQ(bench.bridge->webhook_queries.at(1).before, (WebhookId{{0, 2}}));
  EXPECT_EQ(field_of(bench.get(webhooks + "/events?cursor=" + cursor)), "cursor");
  EXPECT_EQ(field_of(bench.get(webhooks + "/events?status=lost")), "status");
  EXPECT_EQ(field_of(bench.get(webhooks + "/events?payment_id=1")), "payment_id");
  EXPECT_EQ(field_of(bench.get(webhooks + "/events?colour=red")), "colour");
}

TEST(GetWebhook, ShowsTheBodyAsItCame) {
  Bench bench;
  bench.bridge->webhook_rows = {a_webhook(1)};
  const std::string target = webhooks + "/events/" + WebhookId{{0, 1}}.to_string();
  const auto shown = json::parse(bench.get(target).body);
  EXPECT_EQ(shown.at("payload").at("amount"), 100);
  EXPECT_EQ(shown.at("body_bytes"), 27);
  bench.bridge->webhook_rows[0].body = "not JSON";
  EXPECT_EQ(json::parse(bench.get(target).body).at("payload"), "not JSON");
  EXPECT_EQ(bench.get(webhooks + "/events/" + WebhookId{{7}}.to_string()).status, 404);
  EXPECT_EQ(bench.get(webhooks + "/events/nonsense").status, 404);
}

TEST(ReplayWebhooks, TakesIdsOrAFilter) {
  Bench bench;
  bench.bridge->replayed.replayed = 1;
  bench.bridge->replayed.missing = {WebhookId{{2}}};
  const std::string one = WebhookId{{1}}.to_string();
  const auto by_id = bench.post(webhooks + "/replay", R"({"ids":[")" + one + "\"]}");
  ASSERT_EQ(by_id.status, 200) << by_id.body;
  EXPECT_EQ(by_id.body, R"({"replayed":1,"missing":[")" + WebhookId{{2}}.to_string() +
                            R"("],"has_more":false})");
  bench.bridge->replayed.more = true;
  const auto by_filter =
      bench.post(webhooks + "/replay", R"({"filter":{"status":"dead"},"limit":7})");
  EXPECT_TRUE(json::parse(by_filter.body).at("has_more").as_bool());
  const auto& replays = bench.bridge->replays;
  ASSERT_EQ(replays.size(), 2U);
  EXPECT_EQ(replays[0].ids, (std::vector{WebhookId{{1}}}));
  EXPECT_EQ(replays[0].filter.tenant, TenantId{"shop"});
  EXPECT_EQ(replays[0].audit.action, "webhooks.replay");
  EXPECT_EQ(replays[0].audit.actor, "abc");
  EXPECT_EQ(replays[1].filter.status, "dead");
  EXPECT_EQ(replays[1].filter.limit, 7U);
}

TEST(ReplayWebhooks, NamesWhatIsWrong) {
  Bench bench;
  const std::string id = "\"" + WebhookId{{1}}.to_string() + "\"";
  std::string many = id;
  for (int i = 0; i < 100; ++i) many += "," + id;
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"{}", "ids"},
      {R"({"ids":[)" + id + R"(],"filter":{}})", "ids"},
      {R"({"ids":[]})", "ids"},
      {R"({"ids":)" + id + "}", "ids"},
      {R"({"ids":[)" + many + "]}", "ids"},
      {R"({"ids":[)" + id + R"(,"evt_1"]})", "ids[1]"},
      {R"({"ids":[)" + id + R"(],"limit":5})", "limit"},
      {R"({"filter":{"status":"lost"}})", "filter.status"},
      {R"({"filter":{"colour":"red"}})", "filter.colour"},
      {R"({"filter":{"received_from":"2026-12-01T00:00:00Z","received_to":"2026-11-01T00:00:00Z"}})",
       "filter.received_to"},
      {R"({"filter":{},"limit":101})", "limit"},
      {R"({"filter":{},"limit":0})", "limit"},
      {R"({"all":true})", "all"}};
  for (const auto& [body, field] : wrong) {
    const auto answer = bench.post(webhooks + "/replay", body);
    EXPECT_EQ(answer.status, 400) << body.substr(0, 80);
    EXPECT_EQ(field_of(answer), field) << body.substr(0, 80);
  }
  EXPECT_TRUE(bench.bridge->replays.empty());
}

TEST(WebhookHealth, ShowsEveryProviderByItsLastDay) {
  Bench bench;
  const auto last = *parse_rfc3339("2026-11-21T09:59:00Z");
  const auto health = [&](std::uint64_t applied, std::uint64_t dead) {
    bench.bridge->counts = {{"stripe", "applied", applied, last},
                            {"stripe", "dead", dead, last},
                            {"stripe", "received", 1'000, last}};
    const auto answer = bench.get(webhooks + "/health");
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto data = json::parse(answer.body).at("data").as_array();
    EXPECT_EQ(data.size(), 2U);
    EXPECT_EQ(data.at(1).at("provider"), "paypal");
    EXPECT_TRUE(data.at(1).at("success_rate").is_null());
    EXPECT_EQ(data.at(1).at("status"), "healthy");
    return data.at(0);
  };
  EXPECT_EQ(health(98, 2).at("status"), "healthy");
  EXPECT_EQ(health(979, 21).at("status"), "degraded");
  EXPECT_EQ(health(95, 5).at("status"), "degraded");
  const auto bad = health(949, 51);
  EXPECT_EQ(bad.at("status"), "unhealthy");
  EXPECT_EQ(bad.at("success_rate"), 0.949);
  EXPECT_EQ(bad.at("received"), 2'000);
  EXPECT_EQ(bad.at("dead"), 51);
  EXPECT_EQ(bad.at("window_hours"), 24);
  EXPECT_EQ(bad.at("last_received_at"), "2026-11-21T09:59:00.000Z");
}

TEST(WebhookRoutes, ANameOfOursIsNoProvider) {
  Bench bench;
  const auto answer = bench.send({.method = "POST", .target = webhooks + "/events", .key = ""});
  EXPECT_EQ(answer->status, 405);
  EXPECT_EQ(header(*answer, "Allow"), "GET, HEAD");
  const auto read = bench.get(webhooks + "/stripe");
  EXPECT_EQ(read.status, 405);
  EXPECT_EQ(header(read, "Allow"), "POST");
  EXPECT_EQ(header(bench.get(webhooks + "/replay"), "Allow"), "POST");
}

}  // namespace
}  // namespace cambist::gateway::test
