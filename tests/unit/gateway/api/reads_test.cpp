// The GET routes over a fake bridge, and what every request meets before its route.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/gateway/api/fake_bridge.hpp"

namespace cambist::gateway::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
const std::string payments = "/api/v1/payments";

json::value parsed(const http::Response& response) {
  return json::parse(response.body);
}

TEST(GetPayment, ShowsTheTenantsOwnOnly) {
  Bench bench;
  const PaymentId mine = bench.add_row(1);
  const PaymentId theirs = bench.add_row(2, "other");
  const auto shown = bench.get(payments + "/" + mine.to_string());
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body, bench.bridge->rows.at(mine).json);
  EXPECT_EQ(bench.get(payments + "/" + theirs.to_string()).status, 404);
  EXPECT_EQ(bench.get(payments + "/" + theirs.to_string() + "/events").status, 404);
  EXPECT_EQ(bench.get(payments + "/" + PaymentId{{7}}.to_string()).status, 404);
  EXPECT_EQ(bench.get(payments + "/nonsense").status, 404);
  EXPECT_EQ(bench.get(payments + "/nonsense/events").status, 404);
  EXPECT_EQ(bench.get(payments + "/").status, 404);
  EXPECT_EQ(bench.send({.target = payments + "/" + theirs.to_string(), .key = "other-opaque-key"})
                ->status,
            200);
}

TEST(Reads, AreUnavailableWhenTheStoreIs) {
  Bench bench;
  bench.bridge->broken = true;
  const std::string id = PaymentId{{1}}.to_string();
  for (const std::string& target :
       {payments, payments + "/" + id, payments + "/" + id + "/events",
        std::string{"/api/v1/providers"}, std::string{"/api/v1/runtime/supervision"}}) {
    const auto answer = bench.get(target);
    EXPECT_EQ(answer.status, 503) << target;
    EXPECT_EQ(header(answer, "Retry-After"), "1") << target;
  }
}

TEST(Reads, EndAtTheirDeadline) {
  Bench bench;
  bench.bridge->silent = true;
  const auto answer = bench.send({.target = payments + "/" + PaymentId{{1}}.to_string()});
  EXPECT_EQ(answer->status, 0);
  bench.timers->fire(3s);
  EXPECT_EQ(answer->status, 503);
}

TEST(ListPayments, GoesThroughAllPagesByCursor) {
  Bench bench;
  for (std::uint8_t i = 1; i <= 7; ++i) bench.add_row(i);
  bench.add_row(8, "other");
  std::vector<std::int64_t> seen;
  std::string cursor;
  for (int page = 0; page < 4; ++page) {
    const auto answer =
        bench.get(payments + "?limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto body = parsed(answer);
    for (const auto& row : body.at("data").as_array()) seen.push_back(row.at("n").as_int64());
    EXPECT_EQ(body.at("has_more").as_bool(), page < 2);
    if (!body.at("has_more").as_bool()) {
      EXPECT_TRUE(body.at("next_cursor").is_null());
      break;
    }
    cursor = std::string{body.at("next_cursor").as_string()};
  }
  EXPECT_EQ(seen, (std::vector<std::int64_t>{7, 6, 5, 4, 3, 2, 1}));
}

TEST(ListPayments, HandsEveryFilterOn) {
  Bench bench;
  const auto answer =
      bench.get(payments +
                "?status=captured&reference=order+7%2Fa&customer_id=c&provider=stripe&limit=100"
                "&created_from=2026-11-21T10:00:00Z&created_to=2026-11-22T10:00:00%2B01:00");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.body, R"({"data":[],"has_more":false,"next_cursor":null})");
  const auto& query = bench.bridge->queries.at(0);
  EXPECT_EQ(query.tenant, TenantId{"shop"});
  EXPECT_EQ(query.status, "captured");
  EXPECT_EQ(query.reference, "order 7/a");
  EXPECT_EQ(query.customer_id, "c");
  EXPECT_EQ(query.provider, "stripe");
  EXPECT_EQ(query.limit, 101U);
  EXPECT_EQ(to_rfc3339(*query.created_to), "2026-11-22T09:00:00.000Z");
}

TEST(ListPayments, NamesTheParameterThatIsWrong) {
  Bench bench;
  for (std::uint8_t i = 1; i <= 3; ++i) bench.add_row(i);
  const std::string cursor{parsed(bench.get(payments + "?limit=1")).at("next_cursor").as_string()};
  std::string changed = cursor;
  changed[5] = changed[5] == 'A' ? 'B' : 'A';
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"provider=%ff", "provider"},
      {"provider=a%20b", "provider"},
      {"limit=0", "limit"},
      {"limit=101", "limit"},
      {"limit=-1", "limit"},
      {"limit=", "limit"},
      {"limit=1e1", "limit"},
      {"limit=99999999999999999999", "limit"},
      {"status=done", "status"},
      {"status=", "status"},
      {"reference=", "reference"},
      {"reference=" + std::string(256, 'a'), "reference"},
      {"created_from=yesterday", "created_from"},
      {"created_to=2026-13-01T00:00:00Z", "created_to"},
      {"created_from=2026-11-21T10:00:00Z&created_to=2026-11-21T10:00:00Z", "created_to"},
      {"colour=red", "colour"},
      {"status=failed&status=captured", "status"},
      {"reference=%zz", "query"},
      {"cursor=", "cursor"},
      {"cursor=" + changed, "cursor"},
      {"cursor=" + cursor + "&status=failed", "cursor"},
  };
  for (const auto& [query, field] : wrong) {
    const auto answer = bench.get(payments + "?" + query);
    ASSERT_EQ(answer.status, 400) << query << answer.body;
    EXPECT_EQ(parsed(answer).at("field").as_string(), field) << query;
  }
  EXPECT_EQ(bench.get(payments + "?cursor=" + cursor + "&limit=2").status, 200);
  // A cursor of one tenant opens nothing for another.
  EXPECT_EQ(
      bench.send({.target = payments + "?cursor=" + cursor, .key = "other-opaque-key"})->status,
      400);
}

TEST(PaymentEvents, TellTheWholeStory) {
  Bench bench;
  const PaymentId id = bench.add_row(1);
  const OperationId operation{{2}};
  const auto at = *parse_rfc3339("2026-11-21T10:00:00Z");
  const std::string quoted = "\"" + operation.to_string() + "\"";
  bench.bridge->told.events = {
      {1,
       {EventId{{1}}, at, "payment_created", 1,
        R"({"amount":{"minor":1050,"currency":"USD"},"list":[{"expires_at":1795255200000000}],"step":7})"}},
      {2,
       {EventId{{2}}, at, "operation_started", 1,
        R"({"operation":{"id":)" + quoted + R"(,"kind":"charge"}})"}},
      {3,
       {EventId{{3}}, at, "operation_approved", 1,
        R"({"operation":)" + quoted + R"(,"exchange":{"status":200}})"}}};
  storage::OperationRow row;
  row.id = operation;
  row.kind = "charge";
  row.status = "succeeded";
  row.amount = Money{500, *Currency::parse("USD")};
  row.idempotency_key = "pay:charge";
  row.started_at = at;
  bench.bridge->told.operations = {row};
  const auto answer = bench.get(payments + "/" + id.to_string() + "/events");
  ASSERT_EQ(answer.status, 200);
  const auto body = parsed(answer);
  const auto& events = body.at("data").as_array();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_TRUE(events[0].at("operation").is_null());
  EXPECT_EQ(json::serialize(events[0].at("data")),
            R"({"amount":{"value":"10.50","currency":"USD"},)"
            R"("list":[{"expires_at":"2026-11-21T10:00:00.000Z"}],"step":7})");
  EXPECT_EQ(events[1].at("operation").as_string(), operation.to_string());
  EXPECT_EQ(events[2].at("operation").as_string(), operation.to_string());
  EXPECT_EQ(events[2].at("sequence").to_number<int>(), 3);
  EXPECT_EQ(events[2].at("type").as_string(), "operation_approved");
  EXPECT_EQ(events[2].at("data").at("exchange").at("status").as_int64(), 200);
  EXPECT_EQ(body.at("operations").at(0).at("amount").at("value").as_string(), "5.00");
  EXPECT_TRUE(body.at("operations").at(0).at("provider_object").is_null());
}

TEST(Providers, ShowBreakersLimitsAndCapabilities) {
  Bench bench;
  actors::ProviderHealth health;
  health.name = "stripe";
  health.breaker = "open";
  health.open_until = *parse_rfc3339("2026-11-21T10:01:00Z");
  health.in_flight_max = 64;
  health.capabilities.method_types = {"card"};
  bench.bridge->health.providers = {health};
  const auto body = parsed(bench.get("/api/v1/providers"));
  const auto& shown = body.at("data").at(0);
  EXPECT_EQ(shown.at("name").as_string(), "stripe");
  EXPECT_FALSE(shown.at("healthy").as_bool());
  EXPECT_EQ(shown.at("breaker").at("open_until").as_string(), "2026-11-21T10:01:00.000Z");
  EXPECT_EQ(shown.at("limits").at("in_flight_max").to_number<int>(), 64);
  EXPECT_TRUE(shown.at("limits").at("rate_limit_per_s").is_null());
  EXPECT_EQ(shown.at("capabilities").at("method_types").at(0).as_string(), "card");
}

TEST(Supervision, ShowsTheWholeTree) {
  Bench bench;
  bench.bridge->tree = {"root", "supervisor", "running", 0, "", 0, TimePoint{}, 0, {}};
  bench.bridge->tree.children = {
      {"payments", "directory", "restarting", 2, "journal died", 7, TimePoint{}, 12, {}}};
  const auto body = parsed(bench.get("/api/v1/runtime/supervision"));
  EXPECT_TRUE(body.at("last_error").is_null());
  const auto& child = body.at("children").at(0);
  EXPECT_EQ(child.at("state").as_string(), "restarting");
  EXPECT_EQ(child.at("restarts").to_number<int>(), 2);
  EXPECT_EQ(child.at("last_error").as_string(), "journal died");
  EXPECT_EQ(child.at("mailbox_depth").to_number<int>(), 7);
  EXPECT_EQ(child.at("live_children").to_number<int>(), 12);
}

TEST(Probes, NeedNoKeyAndSayWhyNot) {
  Bench bench;
  const auto probe = [&](const std::string& target) {
    return *bench.send({.target = target, .key = ""});
  };
  EXPECT_EQ(probe("/livez").status, 200);
  EXPECT_EQ(probe("/readyz").status, 200);
  bench.bridge->healthy = false;
  bench.api->drain();
  const auto answer = probe("/readyz");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(parsed(answer).at("detail").as_string(),
            "the process is draining; the store is not healthy");
  EXPECT_EQ(probe("/livez").status, 200);
  Bench empty{[](ApiParams& params) { params.providers.clear(); }};
  EXPECT_EQ(empty.get("/readyz").status, 503);
}

/// The status and the detail of each provider.
std::map<std::string, std::string> checks_of(Bench& bench) {
  std::map<std::string, std::string> found;
  const auto body = parsed(bench.get("/readyz?verbose"));
  for (const auto& one : body.at("checks").as_array()) {
    const auto* detail = one.at("detail").if_string();
    found[std::string{one.at("name").as_string()}] =
        std::string{one.at("status").as_string()} +
        (detail == nullptr ? "" : ": " + std::string{*detail});
  }
  return found;
}

TEST(Probes, VerboseTellsWhichProvidersTakeNoPaymentAndWhy) {
  Bench bench{[](ApiParams& params) {
    params.providers = {"stripe"};
    params.providers_off = {{"paypal", ""},
                            {"tigo_pesa", "providers.tigo_pesa.username is missing"}};
  }};
  const TimePoint now = *parse_rfc3339("2026-11-21T10:00:00Z");
  auto checks = checks_of(bench);
  EXPECT_EQ(checks["store"], "ok");
  EXPECT_EQ(checks["provider.stripe"], "ok");
  EXPECT_EQ(checks["provider.paypal"], "off");
  EXPECT_EQ(checks["provider.tigo_pesa"], "misconfigured: providers.tigo_pesa.username is missing");

  actors::ProviderHealth health;
  health.name = "stripe";
  health.breaker = "open";
  health.open_until = now + std::chrono::minutes{1};
  bench.bridge->health.providers = {health};
  EXPECT_EQ(checks_of(bench)["provider.stripe"],
            "circuit_open: no payment goes there until " + to_rfc3339(*health.open_until));
  health.credentials_refused = true;
  bench.bridge->health.providers = {health};
  EXPECT_EQ(checks_of(bench)["provider.stripe"],
            "credentials_refused: the provider refused our credentials or account; no payment "
            "goes there until " +
                to_rfc3339(*health.open_until));
  health.open_until = now;  // its time is over
  bench.bridge->health.providers = {health};
  EXPECT_EQ(checks_of(bench)["provider.stripe"],
            "credentials_refused: the provider refused our credentials or account; a payment "
            "will try it again");
  health.credentials_refused = false;
  bench.bridge->health.providers = {health};
  EXPECT_EQ(checks_of(bench)["provider.stripe"], "ok");
  health.held = true;
  health.open_until.reset();
  bench.bridge->health.providers = {health};
  EXPECT_EQ(checks_of(bench)["provider.stripe"],
            "circuit_open: no payment goes there until an operator resets the circuit");
}

TEST(OpenRoutes, ServeMetricsAndTheContract) {
  Bench bench;
  const auto metrics = *bench.send({.target = "/metrics", .key = ""});
  EXPECT_EQ(metrics.status, 200);
  EXPECT_TRUE(header(metrics, "Content-Type").starts_with("text/plain; version=0.0.4"));
  const auto contract = *bench.send({.target = "/openapi.json", .key = ""});
  EXPECT_EQ(contract.status, 200);
  EXPECT_EQ(parsed(contract).at("openapi").as_string(), "3.1.0");
}

TEST(Head, IsGet) {
  Bench bench;
  const PaymentId id = bench.add_row(1);
  EXPECT_EQ(bench.send({.method = "HEAD", .target = payments + "/" + id.to_string()})->status, 200);
  EXPECT_EQ(bench.send({.method = "HEAD", .target = "/livez"})->status, 200);
}

TEST(MethodNotAllowed, SaysWhatIs) {
  Bench bench;
  const auto answer = [&](const char* method, const std::string& target) {
    return *bench.send({.method = method, .target = target});
  };
  EXPECT_EQ(header(answer("DELETE", payments), "Allow"), "POST, GET, HEAD");
  EXPECT_EQ(header(answer("POST", payments + "/" + PaymentId{{1}}.to_string()), "Allow"),
            "GET, HEAD");
  EXPECT_EQ(header(answer("GET", payments + "/x/capture"), "Allow"), "POST");
  EXPECT_EQ(answer("POST", "/livez").status, 405);
}

TEST(Unauthenticated, SaysHowAndSlowsGuessesDown) {
  Bench bench{[](ApiParams& params) { params.rates.strangers = {1, 3}; }};
  const auto guess = [&] { return *bench.send({.target = payments, .key = "guess"}); };
  for (int i = 0; i < 3; ++i) {
    const auto answer = guess();
    EXPECT_EQ(answer.status, 401);
    EXPECT_TRUE(header(answer, "WWW-Authenticate").starts_with("Bearer"));
  }
  const auto limited = guess();
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(header(limited, "Retry-After"), "1");
  EXPECT_EQ(bench.get(payments).status, 200) << "a valid key is not a stranger";
  EXPECT_EQ(bench.send({.target = "/metrics", .key = ""})->status, 429);
  EXPECT_EQ(bench.send({.target = "/livez", .key = ""})->status, 200);
  bench.ticks += 1s;
  EXPECT_EQ(guess().status, 401);
}

TEST(RateLimit, IsPerTenantAndApartForReadsAndWrites) {
  Bench bench{[](ApiParams& params) {
    params.rates.writes = {0.1, 1};
    params.rates.reads = {1, 2};
  }};
  EXPECT_EQ(bench.get(payments).status, 200);
  EXPECT_EQ(bench.get(payments).status, 200);
  EXPECT_EQ(bench.get(payments).status, 429);
  EXPECT_EQ(bench.send({.target = payments, .key = "other-opaque-key"})->status, 200);
  EXPECT_EQ(bench.post(payments, "{}").status, 400);
  const auto limited = bench.post(payments, "{}");
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(header(limited, "Retry-After"), "10");
  EXPECT_EQ(parsed(limited).at("code").as_string(), "rate_limited");
}

TEST(Traces, AreTakenMadeAndReturned) {
  Bench bench;
  const std::string given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const auto taken = *bench.send({.target = "/livez", .headers = {{"traceparent", given}}});
  const std::string returned = header(taken, "traceparent");
  EXPECT_EQ(returned.substr(0, 36), given.substr(0, 36));
  EXPECT_NE(returned.substr(36, 16), given.substr(36, 16));
  EXPECT_EQ(returned.substr(52), "-01");
  for (const char* broken :
       {"", "garbage", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"}) {
    const auto made = header(
        *bench.send({.target = "/livez", .headers = {{"traceparent", broken}}}), "traceparent");
    EXPECT_EQ(made.size(), 55U);
    EXPECT_EQ(made.find("0af7651916cd43dd8448eb211c80319c"), std::string::npos) << broken;
  }
}

TEST(RequestIds, AreTakenOnlyWhenTheyFit) {
  Bench bench;
  const auto id = [&](const std::string& given) {
    return header(*bench.send({.target = "/livez", .headers = {{"X-Request-Id", given}}}),
                  "X-Request-Id");
  };
  EXPECT_EQ(id("a.B_c-9"), "a.B_c-9");
  EXPECT_EQ(id(std::string(128, 'x')), std::string(128, 'x'));
  for (const std::string& bad : {std::string{}, std::string(129, 'x'), std::string{"a b"},
                                 std::string{"a\"b"}, std::string{"\xc3\xa9"}}) {
    EXPECT_TRUE(id(bad).starts_with("req_")) << bad;
  }
  EXPECT_NE(header(bench.get("/livez"), "X-Request-Id"),
            header(bench.get("/livez"), "X-Request-Id"));
}

TEST(ServerRefusals, AreProblemDocuments) {
  Bench bench;
  const auto response =
      bench.api->refusal()(408, {ErrorCode::timeout, "the request took too long"});
  EXPECT_EQ(response.status, 408);
  EXPECT_EQ(header(response, "Content-Type"), "application/problem+json");
  const auto body = parsed(response);
  EXPECT_EQ(body.at("code").as_string(), "timeout");
  EXPECT_EQ(body.at("request_id").as_string(), header(response, "X-Request-Id"));
  EXPECT_EQ(body.at("status").as_int64(), 408);
}

}  // namespace
}  // namespace cambist::gateway::test
