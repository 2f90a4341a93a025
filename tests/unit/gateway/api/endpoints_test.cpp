// Merchants' endpoints over a fake bridge: what is taken, what reaches the outbox, and that a
// secret is shown once.
#include <gtest/gtest.h>

#include <set>

#include <boost/json.hpp>

#include "tests/unit/gateway/api/fake_bridge.hpp"

namespace cambist::gateway::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
const std::string endpoints = "/api/v1/webhook-endpoints";
const std::string some_id = EndpointId{{0, 1}}.to_string();

std::string field_of(const http::Response& response) {
  const auto parsed = json::parse(response.body);
  const auto* field = parsed.as_object().if_contains("field");
  return field == nullptr ? std::string{} : std::string{field->as_string()};
}

storage::EndpointRow an_endpoint(std::uint8_t number) {
  storage::EndpointRow row;
  row.id = EndpointId{{0, number}};
  row.tenant = TenantId{"shop"};
  row.url = "https://shop.example/hooks";
  row.types = {"payment.*"};
  row.secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  row.previous_secret = "whsec_previous0000000000000000000000";
  row.cursor = 42;
  return row;
}

template <class T>
const T& change_of(const Bench& bench, std::size_t number = 0) {
  return std::get<T>(bench.bridge->changes.at(number).change);
}

TEST(CreateEndpoint, MakesASecretAndShowsItOnce) {
  Bench bench;
  bench.bridge->changed.row = an_endpoint(1);
  const auto answer = bench.post(
      endpoints,
      R"({"url":"https://Shop.Example/hooks","types":["payment.*","refund.failed"],"description":"d"})");
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(header(answer, "Location"), endpoints + "/" + some_id);
  const auto& row = change_of<actors::CreateEndpoint>(bench).row;
  EXPECT_EQ(row.tenant, TenantId{"shop"});
  EXPECT_FALSE(row.id.empty());
  EXPECT_EQ(row.url, "https://shop.example/hooks");
  EXPECT_EQ(row.types, (std::vector<std::string>{"payment.*", "refund.failed"}));
  EXPECT_TRUE(row.secret.starts_with("whsec_"));
  EXPECT_EQ(row.secret.size(), 6U + 44U) << "32 bytes in base64";
  EXPECT_EQ(json::parse(answer.body).at("secret"), json::value(row.secret));
  const auto& audit = bench.bridge->changes[0].audit;
  EXPECT_EQ(audit.action, "endpoint.create");
  EXPECT_EQ(audit.actor, "abc");
  EXPECT_EQ(audit.object, row.id.to_string());
  EXPECT_EQ(audit.detail.find("whsec"), std::string::npos);
}

TEST(CreateEndpoint, NeverMakesTheSameSecretTwice) {
  Bench bench;
  std::set<std::string> secrets;
  for (std::size_t i = 0; i < 50; ++i) {
    (void)bench.post(endpoints, R"({"url":"https://shop.example/hooks"})");
    secrets.insert(change_of<actors::CreateEndpoint>(bench, i).row.secret);
  }
  EXPECT_EQ(secrets.size(), 50U);
}

TEST(CreateEndpoint, RefusesWhatLeadsInside) {
  Bench bench;
  for (const char* url :
       {"http://shop.example/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/",
        "https://10.0.0.1/", "https://169.254.169.254/latest", "https://user@shop.example/",
        "https://shop.example:8080/", "ftp://shop.example/", "https://2130706433/",
        "https://0x7f.0.0.1/", "shop.example", "https://"}) {
    const auto answer = bench.post(endpoints, R"({"url":")" + std::string{url} + "\"}");
    EXPECT_EQ(answer.status, 400) << url;
    EXPECT_EQ(field_of(answer), "url") << url;
    const auto changed = bench.send({.method = "PATCH",
                                     .target = endpoints + "/" + some_id,
                                     .body = R"({"url":")" + std::string{url} + "\"}"});
    EXPECT_EQ(changed->status, 400) << url;
  }
  EXPECT_TRUE(bench.bridge->changes.empty());
}

TEST(CreateEndpoint, LetsDevelopmentStayOnThisMachine) {
  Bench bench{[](ApiParams& params) { params.allow_loopback = true; }};
  EXPECT_EQ(bench.post(endpoints, R"({"url":"http://127.0.0.1:9000/hooks"})").status, 201);
  EXPECT_EQ(bench.post(endpoints, R"({"url":"http://localhost:9000/hooks"})").status, 201);
  EXPECT_EQ(bench.post(endpoints, R"({"url":"http://10.0.0.1:9000/hooks"})").status, 400);
}

TEST(Endpoints, NameTheFieldThatIsWrong) {
  Bench bench;
  struct Wrong {
    const char* method;
    std::string target;
    std::string body;
    const char* field;
  };
  const std::string one = endpoints + "/" + some_id;
  const std::vector<Wrong> cases{
      {"POST", endpoints, "{}", "url"},
      {"POST", endpoints, R"({"url":5})", "url"},
      {"POST", endpoints, R"({"url":"https://a.example/","types":"all"})", "types"},
      {"POST", endpoints, R"({"url":"https://a.example/","types":["ok.x","no good"]})", "types[1]"},
      {"POST", endpoints, R"({"url":"https://a.example/","types":[7]})", "types[0]"},
      {"POST", endpoints, R"({"url":"https://a.example/","secret":"whsec_x"})", "secret"},
      {"PATCH", one, "{}", "url"},
      {"PATCH", one, R"({"enabled":"yes"})", "enabled"},
      {"PATCH", one, R"({"enabled":null})", "enabled"},
      {"PATCH", one, R"({"cursor":"1"})", "cursor"},
      {"POST", one + "/test", R"({"type":"x"})", "type"},
      {"POST", one + "/rotate-secret", R"({"overlap_hours":169})", "overlap_hours"},
      {"POST", one + "/rotate-secret", R"({"overlap_hours":-1})", "overlap_hours"},
      {"POST", one + "/redeliver", "{}", "event_id"},
      {"POST", one + "/redeliver", R"({"event_id":"evt_1"})", "event_id"},
      {"POST", one + "/rewind", "{}", "cursor"},
      {"POST", one + "/rewind", R"({"cursor":42})", "cursor"},
      {"POST", one + "/rewind", R"({"cursor":"-1"})", "cursor"},
      {"POST", one + "/rewind", R"({"cursor":"99999999999999999999"})", "cursor"},
      {"POST", one + "/rewind", R"({"cursor":"4x"})", "cursor"},
      {"GET", one + "/deliveries?status=lost", "", "status"},
      {"GET", endpoints + "?type=x", "", "type"},
  };
  for (const Wrong& wrong : cases) {
    const auto answer =
        bench.send({.method = wrong.method, .target = wrong.target, .body = wrong.body});
    EXPECT_EQ(answer->status, 400) << wrong.target << " " << wrong.body << " " << answer->body;
    if (answer->status == 400) EXPECT_EQ(field_of(*answer), wrong.field) << wrong.body;
  }
  EXPECT_TRUE(bench.bridge->changes.empty());
}

TEST(Endpoints, AreShownWithoutTheirSecrets) {
  Bench bench;
  for (std::uint8_t i = 1; i <= 3; ++i) bench.bridge->endpoint_rows.push_back(an_endpoint(i));
  const auto one = bench.get(endpoints + "/" + some_id);
  ASSERT_EQ(one.status, 200) << one.body;
  EXPECT_EQ(one.body.find("whsec_"), std::string::npos);
  const auto shown = json::parse(one.body);
  EXPECT_EQ(shown.at("secret_last4"), "LaSw");
  EXPECT_EQ(shown.at("cursor"), "42");
  const auto first = bench.get(endpoints + "?limit=2");
  EXPECT_EQ(first.body.find("whsec_"), std::string::npos);
  const auto page = json::parse(first.body);
  EXPECT_EQ(page.at("data").at(0).at("id").as_string(), (EndpointId{{0, 3}}.to_string()));
  EXPECT_TRUE(page.at("has_more").as_bool());
  const auto rest =
      bench.get(endpoints + "?limit=2&cursor=" + std::string{page.at("next_cursor").as_string()});
  EXPECT_EQ(json::parse(rest.body).at("data").as_array().size(), 1U);
  EXPECT_FALSE(json::parse(rest.body).at("has_more").as_bool());
  EXPECT_EQ(bench.get(endpoints + "/" + EndpointId{{7}}.to_string()).status, 404);
}

TEST(Endpoints, EveryChangeReachesTheOutbox) {
  Bench bench;
  bench.bridge->changed.row = an_endpoint(1);
  bench.bridge->changed.delivery = storage::DeliveryRow{};
  bench.bridge->changed.delivery->status = "failed";
  bench.bridge->changed.delivery->response_status = 500;
  bench.bridge->changed.delivery->duration = 1'500ms;
  const std::string one = endpoints + "/" + some_id;
  const std::string event = EventId{{5}}.to_string();
  const auto patched =
      bench.send({.method = "PATCH", .target = one, .body = R"({"enabled":true,"types":null})"});
  EXPECT_EQ(patched->status, 200) << patched->body;
  EXPECT_EQ(bench.send({.method = "DELETE", .target = one})->status, 200);
  const auto tested = bench.post(one + "/test", "");
  EXPECT_EQ(tested.status, 200) << tested.body;
  const auto delivery = json::parse(tested.body);
  EXPECT_EQ(delivery.at("status"), "failed");
  EXPECT_EQ(delivery.at("response_status"), 500);
  EXPECT_EQ(delivery.at("duration_ms"), 1'500);
  EXPECT_TRUE(delivery.at("cursor").is_null());
  const auto rotated = bench.post(one + "/rotate-secret", R"({"overlap_hours":1})");
  EXPECT_EQ(rotated.status, 200) << rotated.body;
  EXPECT_EQ(bench.post(one + "/redeliver", R"({"event_id":")" + event + "\"}").status, 200);
  EXPECT_EQ(bench.post(one + "/rewind", R"({"cursor":"42"})").status, 200);

  const auto& update = change_of<actors::UpdateEndpoint>(bench, 0);
  EXPECT_EQ(update.id, (EndpointId{{0, 1}}));
  EXPECT_TRUE(*update.enabled);
  EXPECT_TRUE(update.types->empty());
  EXPECT_FALSE(update.url);
  EXPECT_EQ(change_of<actors::DeleteEndpoint>(bench, 1).id, (EndpointId{{0, 1}}));
  EXPECT_EQ(change_of<actors::TestEndpoint>(bench, 2).id, (EndpointId{{0, 1}}));
  const auto& rotation = change_of<actors::RotateSecret>(bench, 3);
  EXPECT_EQ(json::parse(rotated.body).at("secret"), json::value(rotation.secret));
  EXPECT_EQ(to_rfc3339(rotation.old_until), "2026-11-21T11:00:00.000Z");
  EXPECT_EQ(change_of<actors::Redeliver>(bench, 4).event, (EventId{{5}}));
  EXPECT_EQ(change_of<actors::RewindEndpoint>(bench, 5).cursor, 42U);
  for (const auto& change : bench.bridge->changes) {
    EXPECT_EQ(change.tenant, TenantId{"shop"});
    EXPECT_TRUE(change.audit.action.starts_with("endpoint."));
    EXPECT_EQ(change.audit.detail.find("whsec"), std::string::npos);
  }
}

TEST(Endpoints, WhatTheOutboxRefusesIsRefused) {
  Bench bench;
  bench.bridge->changed.error = Error{ErrorCode::not_found, "there is no such endpoint"};
  const std::string one = endpoints + "/" + some_id;
  EXPECT_EQ(bench.post(one + "/test", "{}").status, 404);
  EXPECT_EQ(bench.send({.method = "DELETE", .target = one})->status, 404);
  EXPECT_EQ(bench.send({.method = "DELETE", .target = endpoints + "/nonsense"})->status, 404);
  bench.bridge->changed.error = Error{ErrorCode::overloaded, "too many endpoints"};
  EXPECT_EQ(bench.post(endpoints, R"({"url":"https://a.example/"})").status, 503);
}

TEST(Endpoints, ATestThatHangsIsNotWaitedForForEver) {
  Bench bench;
  bench.bridge->silent = true;
  const auto answer = bench.send({.method = "POST", .target = endpoints + "/" + some_id + "/test"});
  bench.timers->fire(12s);
  EXPECT_EQ(answer->status, 504);
}

TEST(Endpoints, TheSameKeyMakesOneEndpoint) {
  Bench bench;
  bench.bridge->changed.row = an_endpoint(1);
  const std::string body = R"({"url":"https://shop.example/hooks"})";
  const auto first = bench.post(endpoints, body, {{"Idempotency-Key", "k"}});
  const auto again = bench.post(endpoints, body, {{"Idempotency-Key", "k"}});
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(header(again, "Idempotent-Replayed"), "true");
  EXPECT_EQ(header(again, "Location"), header(first, "Location"));
  EXPECT_EQ(bench.bridge->changes.size(), 1U);
  const auto other =
      bench.post(endpoints, R"({"url":"https://b.example/"})", {{"Idempotency-Key", "k"}});
  EXPECT_EQ(other.status, 422);
  auto stranger = Bench::Sent{.method = "POST",
                              .target = endpoints,
                              .body = body,
                              .headers = {{"Idempotency-Key", "k"}},
                              .key = "other-opaque-key"};
  EXPECT_EQ(header(*bench.send(stranger), "Idempotent-Replayed"), "")
      << "keys are the tenant's own";
}

TEST(Deliveries, AreShownOfTheTenantsOwnEndpointOnly) {
  Bench bench;
  bench.bridge->endpoint_rows = {an_endpoint(1)};
  for (std::uint64_t i = 9; i > 6; --i) {
    storage::DeliveryRow row;
    row.position = i;
    row.type = "payment.captured";
    row.payment = PaymentId{{3}};
    bench.bridge->delivery_rows.push_back(row);
  }
  const std::string target = endpoints + "/" + some_id + "/deliveries";
  const auto answer = bench.get(target + "?status=failed&limit=2");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto page = json::parse(answer.body);
  EXPECT_EQ(page.at("data").at(0).at("cursor"), "9");
  EXPECT_EQ(bench.bridge->delivery_queries.at(0).status, "failed");
  EXPECT_EQ(bench.bridge->delivery_queries.at(0).limit, 3U);
  const std::string cursor{page.at("next_cursor").as_string()};
  (void)bench.get(target + "?status=failed&limit=2&cursor=" + cursor);
  EXPECT_EQ(bench.bridge->delivery_queries.at(1).before, 8U);
  const auto none = bench.get(endpoints + "/" + EndpointId{{7}}.to_string() + "/deliveries");
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(bench.bridge->delivery_queries.size(), 2U);
}

}  // namespace
}  // namespace cambist::gateway::test
