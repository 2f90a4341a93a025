// openapi.json against the real thing: the whole tree over the memory store, behind a real server,
// with a provider that answers what the test asks for. Every documented route, status and field
// must be seen.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include "actors/runtime.hpp"
#include "gateway/api/api.hpp"
#include "gateway/api/router.hpp"
#include "storage/memory/store.hpp"
#include "tests/integration/contract/contract.hpp"
#include "tests/integration/contract/glass_provider.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

const std::string payments = "/api/v1/payments";
const std::string one = "/api/v1/payments/{id}";
const std::string webhooks = "/api/v1/webhooks";
const std::string endpoints = "/api/v1/webhook-endpoints";
constexpr const char* api_key = "sk_test_contract_0123456789abcdef";

json::value document() {
  std::ifstream in{std::string{CAMBIST_SOURCE_DIR} + "/openapi.json"};
  return json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
}

TimePoint now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}
/// A time that an authorization outlives.
std::string in_hours(int hours) {
  return to_rfc3339(now() + std::chrono::hours{hours});
}
std::uint64_t random_bits() {
  static std::atomic<std::uint64_t> drawn{0};
  std::uint64_t bits =
      drawn.fetch_add(0x9E3779B97F4A7C15ULL);  // splitmix64: one atomic step per number
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBULL;
  return bits ^ (bits >> 31);
}

/// The tree, and as many faces of it as the test wants.
class World {
 public:
  explicit World(const std::function<void(actors::RuntimeParams&)>& change = {})
      : system_(config_),
        runtime_(system_, params(change)),
        bridge_(gateway::make_bridge(system_, runtime_)) {}
  ~World() {
    faces_.clear();
    glass_->release();
    runtime_.stop();
  }

  struct Face {
    std::unique_ptr<gateway::Api> api;
    std::unique_ptr<gateway::inbound::Server> server;
    std::unique_ptr<Client> client;
    std::unique_ptr<Client> stranger;
    ~Face() { server->drain(1s); }
  };
  Face& face(const std::function<void(gateway::ApiParams&)>& change = {}) {
    gateway::ApiParams api;
    api.bridge = bridge_;
    api.metrics = metrics_;
    api.timers = timers_;
    api.keys = {gateway::api_key_row(api_key, default_tenant(), now())};
    api.providers = {"glass", "steel"};
    api.providers_off = {{"wood", ""}, {"paper", "secret_key is missing"}};
    api.adapters.emplace("glass", std::make_shared<GlassAdapter>("glass"));
    api.rates = {};
    api.now = now;
    api.random = random_bits;
    if (change) change(api);
    auto face = std::make_unique<Face>();
    face->api = std::make_unique<gateway::Api>(std::move(api));
    auto server = gateway::inbound::Server::start("127.0.0.1:0", {}, face->api->handler(),
                                                  face->api->refusal(), 1);
    if (!server) throw std::runtime_error(server.error().detail);
    face->server = std::move(*server);
    const std::string origin = "http://127.0.0.1:" + std::to_string(face->server->port());
    face->client = std::make_unique<Client>(origin, api_key);
    face->stranger = std::make_unique<Client>(origin, "");
    faces_.push_back(std::move(face));
    return *faces_.back();
  }
  GlassClient& glass() { return *glass_; }

 private:
  struct Config : caf::actor_system_config {
    Config() { set("scheduler.max-threads", 2); }
  };
  actors::RuntimeParams params(const std::function<void(actors::RuntimeParams&)>& change) {
    actors::RuntimeParams params;
    params.store = storage::memory::make();
    for (const char* name : {"glass", "steel"}) {
      actors::ProviderParams provider;
      provider.adapter = std::make_shared<GlassAdapter>(name);
      provider.breaker.consecutive_failures_max = 1'000;
      provider.breaker.window_calls_min = 1'000;
      provider.rate_limit_per_s = 10'000;
      params.providers.emplace(name, std::move(provider));
    }
    params.http = glass_;
    params.telemetry = metrics_;
    params.now = now;
    params.random = random_bits;
    params.policy.repeat_delay_min = 1ms;
    params.policy.repeat_delay_max = 5ms;
    params.merchant_http = glass_;
    params.timer_poll = 20ms;
    if (change) change(params);
    return params;
  }

  Config config_;
  std::shared_ptr<GlassClient> glass_ = std::make_shared<GlassClient>();
  std::shared_ptr<gateway::Metrics> metrics_ = std::make_shared<gateway::Metrics>();
  std::shared_ptr<gateway::Timers> timers_ = gateway::make_timers();
  caf::actor_system system_;
  actors::Runtime runtime_;
  std::shared_ptr<gateway::Bridge> bridge_;
  std::vector<std::unique_ptr<Face>> faces_;
};

std::string body_of(const std::string& token, const std::string& more = {}) {
  return R"({"amount":{"value":"100.00","currency":"USD"},"payment_method":{"type":"card","token":")" +
         token + "\"}" + more + "}";
}
std::string amount(const std::string& value) {
  return R"("amount":{"value":")" + value + R"(","currency":"USD"})";
}

class ContractTest : public testing::Test {
 protected:
  ContractTest() : contract_(document()), face_(&world_.face()) {}

  ApiResponse post(const std::string& path, const std::string& target, const std::string& body,
                   const std::string& key = {}) {
    auto answer = face_->client->post(target, body, key);
    contract_.check("POST", path, answer);
    if (answer.status < 300 && !body.empty()) contract_.check_request("POST", path, body);
    return answer;
  }
  ApiResponse patch(const std::string& path, const std::string& target, const std::string& body) {
    auto answer =
        face_->client->send("PATCH", target, body, {{"Content-Type", "application/json"}});
    contract_.check("PATCH", path, answer);
    if (answer.status < 300) contract_.check_request("PATCH", path, body);
    return answer;
  }
  ApiResponse erase(const std::string& path, const std::string& target) {
    auto answer = face_->client->send("DELETE", target, "", {});
    contract_.check("DELETE", path, answer);
    return answer;
  }
  ApiResponse hook(const std::string& provider, const std::string& body,
                   const std::string& signature = "good") {
    auto answer = face_->stranger->send("POST", "/api/v1/webhooks/" + provider, body,
                                        {{"Glass-Signature", signature}});
    contract_.check("POST", "/api/v1/webhooks/{provider}", answer);
    return answer;
  }
  /// What every write with a body refuses.
  void refuses(const std::string& method, const std::string& path, const std::string& target) {
    const http::Headers json{{"Content-Type", "application/json"}};
    const auto sent = [&](const Client& client, const std::string& body, const http::Headers& h) {
      auto answer = client.send(method, target, body, h);
      contract_.check(method, path, answer);
      return answer.status;
    };
    EXPECT_EQ(sent(*face_->client, R"({"unknown":1})", json), 400) << target;
    EXPECT_EQ(sent(*face_->client, R"({"reason":"4242424242424242"})", json), 422) << target;
    EXPECT_EQ(sent(*face_->client, "a=b", {{"Content-Type", "text/plain"}}), 415) << target;
    EXPECT_EQ(sent(*face_->client, std::string(1'100'000, 'x'), json), 413) << target;
    EXPECT_EQ(sent(*face_->stranger, "{}", json), 401) << target;
  }
  ApiResponse get(const std::string& path, const std::string& target) {
    auto answer = face_->client->get(target);
    contract_.check("GET", path, answer);
    return answer;
  }
  /// A payment in the state that `token` and `more` lead to.
  std::string make(const std::string& token, const std::string& more = {}) {
    const auto answer = post(payments, payments, body_of(token, more));
    EXPECT_EQ(answer.status, 201) << answer.body;
    return std::string{answer.json().at("id").as_string()};
  }
  std::string authorized() { return make("approve", R"(,"capture":"manual")"); }
  ApiResponse act(const std::string& id, const std::string& what, const std::string& body,
                  const std::string& key = {}) {
    return post(one + "/" + what, payments + "/" + id + "/" + what, body, key);
  }
  void expect(int status, const ApiResponse& answer) {
    EXPECT_EQ(answer.status, status) << answer.body;
  }

  void who_was_told_202();
  void webhooks_and_disputes(const std::string& other);
  void statements(const std::string& told, const std::string& other);
  std::string merchants_endpoints();
  void operators();
  std::string unknown_outcomes();

  World world_;
  Contract contract_;
  World::Face* face_;
};

// Webhooks of the provider, what is seen of them, and a dispute that one of them tells of.
void ContractTest::webhooks_and_disputes(const std::string& other) {
  const std::string id = make("approve");
  const std::string told = R"({"id":"g-1","payment":")" + id + R"(","dispute":"dp_1"})";
  expect(200, hook("glass", told));
  const auto again = hook("glass", told);
  expect(200, again);
  EXPECT_TRUE(again.json().at("duplicate").as_bool());
  expect(200, hook("glass", R"({"id":"g-2","payment":")" + other + "\"}"));
  expect(200, hook("glass", "[]"));  // verified, and kept although nobody can read it
  expect(401, hook("glass", told, "bad"));
  expect(404, hook("nobody", told));
  expect(413, hook("glass", std::string(1'100'000, ' ')));
  for (const auto& [status, signature] : {std::pair{200, "good"}, std::pair{401, "bad"}}) {
    const auto answer = face_->stranger->send("POST", webhooks + "/glass/secret/" + id, told,
                                              {{"Glass-Signature", signature}});
    contract_.check("POST", webhooks + "/{provider}/{path}", answer);
    expect(status, answer);
  }
  expect(200, get("/readyz", "/readyz?verbose"));
  statements(told, other);
  EXPECT_TRUE(eventually(
      5s, [&] { return !face_->client->get(payments + "/" + id).json().at("dispute").is_null(); }));
  expect(200, get(one, payments + "/" + id));

  const std::string events = webhooks + "/events";
  const auto page = get(events, events + "?limit=1&provider=glass");
  expect(200, page);
  expect(200, get(events, events + "?limit=1&provider=glass&cursor=" +
                              std::string{page.json().at("next_cursor").as_string()}));
  expect(400, get(events, events + "?status=lost"));
  const std::string first{page.json().at("data").at(0).at("id").as_string()};
  expect(200, get(events + "/{id}", events + "/" + first));
  expect(404, get(events + "/{id}", events + "/" + WebhookId{}.to_string()));
  expect(200, get(webhooks + "/health", webhooks + "/health"));

  const std::string replay = webhooks + "/replay";
  expect(200, post(replay, replay, R"({"ids":[")" + first + R"("],"idempotency_key":"r-1"})"));
  expect(200,
         post(replay, replay,
              R"({"filter":{"provider":"glass","status":"dead","type":"x","payment_id":")" + id +
                  R"(","received_from":"2020-01-01T00:00:00Z",)"
                  R"("received_to":"2100-01-01T00:00:00Z"},"limit":1})"));
  refuses("POST", replay, replay);
}

// A file of the provider's, whose lines take the way of webhooks.
void ContractTest::statements(const std::string& told, const std::string& other) {
  const std::string path = "/api/v1/providers/{name}/statements";
  const auto import = [&](const Client& client, const std::string& provider,
                          const std::string& text, const std::string& type) {
    auto answer = client.send("POST", "/api/v1/providers/" + provider + "/statements", text,
                              {{"Content-Type", type}});
    contract_.check("POST", path, answer);
    return answer;
  };
  const std::string lines = told + "\n" + R"({"id":"g-3","payment":")" + other + "\"}\n";
  const auto first = import(*face_->client, "glass", lines, "text/csv");
  expect(200, first);
  EXPECT_EQ(first.json().at("credits").as_int64(), 2);
  EXPECT_EQ(first.json().at("duplicates").as_int64(), 1);
  EXPECT_EQ(first.json().at("new").as_int64(), 1);
  expect(400, import(*face_->client, "glass", "nothing of glass", "text/csv"));
  expect(415, import(*face_->client, "glass", lines, "application/pdf"));
  expect(404, import(*face_->client, "nobody", lines, "text/csv"));
  expect(413, import(*face_->client, "glass", std::string(1'100'000, 'x'), "text/csv"));
  expect(401, import(*face_->stranger, "glass", lines, "text/csv"));
}

// A merchant's endpoint, from its making until there is something to deliver again.
std::string ContractTest::merchants_endpoints() {
  const auto made = post(endpoints, endpoints,
                         R"({"url":"https://shop.example/hooks","types":["payment.*"],)"
                         R"("description":"d","idempotency_key":"e-1"})");
  expect(201, made);
  const std::string id{made.json().at("id").as_string()};
  const std::string path = endpoints + "/{id}";
  const std::string target = endpoints + "/" + id;
  const std::string nobody = endpoints + "/" + EndpointId{}.to_string();
  expect(200, get(endpoints, endpoints + "?limit=1"));
  expect(400, get(endpoints, endpoints + "?limit=0"));
  expect(200, get(path, target));
  expect(404, get(path, nobody));
  expect(200,
         patch(path, target,
               R"({"url":"https://shop.example/h","types":[],"description":"e","enabled":true})"));
  expect(404, patch(path, nobody, R"({"enabled":true})"));
  expect(200, post(path + "/test", target + "/test", R"({"idempotency_key":"t-1"})"));
  expect(200, post(path + "/rotate-secret", target + "/rotate-secret",
                   R"({"overlap_hours":1,"idempotency_key":"s-1"})"));
  (void)make("approve");
  const auto deliveries = [&] { return face_->client->get(target + "/deliveries"); };
  EXPECT_TRUE(eventually(5s, [&] { return !deliveries().json().at("data").as_array().empty(); }));
  const auto seen = get(path + "/deliveries", target + "/deliveries?limit=100");
  expect(200, seen);
  expect(400, get(path + "/deliveries", target + "/deliveries?status=lost"));
  expect(404, get(path + "/deliveries", nobody + "/deliveries"));
  const std::string event{seen.json().at("data").at(0).at("event_id").as_string()};
  expect(200, post(path + "/redeliver", target + "/redeliver",
                   R"({"event_id":")" + event + R"(","idempotency_key":"d-1"})"));
  expect(200,
         post(path + "/rewind", target + "/rewind", R"({"cursor":"0","idempotency_key":"w-1"})"));
  expect(404, post(path + "/test", nobody + "/test", "{}"));
  expect(404, post(path + "/rotate-secret", nobody + "/rotate-secret", "{}"));
  expect(404, post(path + "/redeliver", nobody + "/redeliver", R"({"event_id":")" + event + "\"}"));
  expect(404, post(path + "/rewind", nobody + "/rewind", R"({"cursor":"0"})"));
  refuses("POST", endpoints, endpoints);
  refuses("PATCH", path, target);
  for (const char* what : {"test", "rotate-secret", "redeliver", "rewind"})
    refuses("POST", path + "/" + what, target + "/" + what);
  const auto stranger = face_->stranger->send("DELETE", target, "", {});
  contract_.check("DELETE", path, stranger);
  expect(200, erase(path, target));
  expect(404, erase(path, target));
  return target;
}

void ContractTest::operators() {
  const std::string path = "/api/v1/providers/{name}/breaker";
  const std::string target = "/api/v1/providers/steel/breaker";
  for (const char* action : {"trip", "hold", "reset"}) {
    expect(200, post(path, target,
                     R"({"action":")" + std::string{action} +
                         R"(","reason":"r","idempotency_key":"b-)" + action + "\"}"));
  }
  expect(404, post(path, "/api/v1/providers/nobody/breaker", R"({"action":"trip","reason":"r"})"));
  refuses("POST", path, target);
  const std::string audit = "/api/v1/audit";
  const auto page = get(audit, audit + "?limit=1");
  expect(200, page);
  expect(200, get(audit, audit + "?limit=1&cursor=" +
                             std::string{page.json().at("next_cursor").as_string()}));
  expect(400, get(audit, audit + "?actor=x"));
}

// A request that was told 202 keeps its key, also when its provider was never reached.
void ContractTest::who_was_told_202() {
  World slow{[](actors::RuntimeParams& params) { params.reply_max = 200ms; }};
  World::Face* usual = std::exchange(face_, &slow.face());
  const std::string held = authorized();
  const std::string given_up = authorized();
  const std::string taken = make("approve");
  const auto all = [&] {
    return std::vector{post(payments, payments, body_of("silent"), "create"),
                       act(held, "capture", "{" + amount("50.04") + "}", "capture"),
                       act(given_up, "cancel", R"({"reason":"silent"})", "cancel"),
                       act(taken, "refund", R"({"reason":"silent"})", "refund")};
  };
  for (const auto& told : all()) expect(202, told);
  for (const auto& meanwhile : all()) expect(409, meanwhile);
  slow.glass().leave();
  EXPECT_TRUE(eventually(10s, [&] {
    const auto answers = all();
    return std::none_of(answers.begin(), answers.end(),
                        [](const ApiResponse& answer) { return answer.status == 409; });
  }));
  for (const auto& ended : all()) expect(424, ended);
  face_ = usual;
}

// An operation that nobody can tell about becomes a task, and the operators decide.
std::string ContractTest::unknown_outcomes() {
  World quick{[](actors::RuntimeParams& params) {
    params.policy.inquiry_delays = {10ms};
    params.policy.inquiry_delay_max = 20ms;
    params.policy.unknown_max = 100ms;
  }};
  World::Face* usual = std::exchange(
      face_, &quick.face([](gateway::ApiParams& params) { params.request_deadline = 300ms; }));
  const auto lost = post(payments, payments, body_of("lost"));
  expect(202, lost);
  const std::string tasks = "/api/v1/tasks";
  const auto open = [&] { return face_->client->get(tasks + "?status=open").json(); };
  EXPECT_TRUE(eventually(10s, [&] { return !open().at("data").as_array().empty(); }));
  const auto page = get(tasks, tasks + "?status=open&limit=1&payment_id=" +
                                   std::string{lost.json().at("id").as_string()});
  expect(200, page);
  expect(400, get(tasks, tasks + "?status=lost"));
  const std::string target =
      tasks + "/" + std::string{page.json().at("data").at(0).at("id").as_string()};
  expect(200, get(tasks + "/{id}", target));
  const std::string nobody = tasks + "/" + TaskId{}.to_string();
  expect(404, get(tasks + "/{id}", nobody));
  const std::string found =
      R"({"outcome":"succeeded","reason":"r","provider_object":"glass_1","idempotency_key":"k-1"})";
  const std::string path = tasks + "/{id}/resolve";
  expect(404, post(path, nobody + "/resolve", R"({"outcome":"failed","reason":"r"})"));
  refuses("POST", path, target + "/resolve");
  expect(200, post(path, target + "/resolve", found));
  expect(409, post(path, target + "/resolve", R"({"outcome":"failed","reason":"r"})"));
  face_ = usual;
  return target;
}

TEST_F(ContractTest, EveryRouteStatusAndFieldIsAsDocumented) {
  // --- create
  // ---------------------------------------------------------------------------------------------------
  const std::string full = body_of(
      "approve",
      R"(,"provider":"steel","required_features":["refunds","webhooks"],"capture":"manual","customer_id":"c-1","reference":"order-7",)"
      R"("description":"a description","metadata":{"cart":"9"},"return_url":"https://shop.example/done",)"
      R"("idempotency_key":"key-1")");
  const auto first = post(payments, payments, full);
  expect(201, first);
  const std::string id{first.json().at("id").as_string()};
  const auto again = post(payments, payments, full);
  expect(201, again);
  EXPECT_EQ(again.body, first.body);
  EXPECT_NE(http::find(again.headers, "Idempotent-Replayed"), nullptr);
  expect(422, post(payments, payments, body_of("approve"), "key-1"));
  expect(422, post(payments, payments, body_of("unsupported")));
  expect(422, post(payments, payments, body_of("refuse")));
  expect(422, post(payments, payments, body_of("4242424242424242")));
  expect(400, post(payments, payments, "{}"));
  expect(402, post(payments, payments, body_of("decline")));
  expect(503, post(payments, payments, body_of("down")));
  const std::string explain = "/api/v1/routing/explain";
  expect(200, post(explain, explain, full));
  expect(200, post(explain, explain,
                   "{" + amount("5.00") +
                       R"(,"payment_method":{"type":"mobile_money","phone":"+254712345678",)"
                       R"("account":"DE0212","country":"KE"}})"));
  refuses("POST", explain, explain);
  expect(413, post(payments, payments, "{\"description\":\"" + std::string(300'000, 'x') + "\"}"));
  const auto waiting = make("action:approve");

  // --- commands: what each answers when the provider says so
  // ------------------------------------------------------
  struct Case {
    const char* what;
    std::string token;  // of the payment that the command is for
    bool manual;
    std::string approve, decline, refuse, down;
  };
  const std::vector<Case> cases{
      {"capture", "approve", true, "{" + amount("100.00") + R"(,"final":true})",
       "{" + amount("50.01") + "}", "{" + amount("50.02") + "}", "{" + amount("50.03") + "}"},
      {"cancel", "approve", true, R"({"reason":"approve"})", R"({"reason":"decline"})",
       R"({"reason":"refuse"})", R"({"reason":"down"})"},
      {"refund", "approve", false, "{" + amount("1.00") + R"(,"reason":"approve"})",
       R"({"reason":"decline"})", R"({"reason":"refuse"})", R"({"reason":"down"})"},
  };
  for (const Case& c : cases) {
    const auto fresh = [&] { return c.manual ? authorized() : make(c.token); };
    expect(200, act(fresh(), c.what, c.approve));
    expect(402, act(fresh(), c.what, c.decline));
    expect(422, act(fresh(), c.what, c.refuse));
    expect(503, act(fresh(), c.what, c.down));
  }
  expect(200, act(waiting, "confirm", R"({"idempotency_key":"c-1"})"));
  expect(402, act(make("action:decline"), "confirm", "{}"));
  expect(422, act(make("action:approve"), "confirm", "{}", "key-1"));
  expect(200,
         act(authorized(), "capture", R"({"final":null,"amount":null,"idempotency_key":"c-2"})"));
  expect(200, act(authorized(), "cancel", R"({"idempotency_key":"c-3"})"));
  expect(200, act(make("approve"), "refund", R"({"idempotency_key":"c-4"})"));
  const auto scheduled =
      make("approve", R"(,"capture":"manual","capture_at":")" + in_hours(24) + "\"");
  expect(200, act(scheduled, "capture-schedule",
                  R"({"capture_at":")" + in_hours(48) + R"(","idempotency_key":"c-5"})"));
  expect(200, act(scheduled, "capture-schedule", R"({"capture_at":null})"));
  expect(422,
         act(scheduled, "capture-schedule", R"({"capture_at":")" + in_hours(36) + "\"}", "key-1"));

  // --- commands: what they all refuse
  // ---------------------------------------------------------------------------------
  const auto failed_id = std::string{
      post(payments, payments, body_of("decline")).json().at("payment").at("id").as_string()};
  const std::string nobody = PaymentId{}.to_string();
  for (const std::string what : {"capture", "cancel", "refund", "confirm", "capture-schedule"}) {
    const std::string path = one + "/" + what;
    const std::string target = payments + "/" + failed_id + "/" + what;
    const std::string body = what == "capture-schedule" ? R"({"capture_at":null})" : "{}";
    expect(400, act(failed_id, what, R"({"unknown":1})"));
    expect(404, act(nobody, what, body));
    expect(404, act("nonsense", what, body));
    expect(409, act(failed_id, what, body));
    expect(413, act(failed_id, what, "{\"reason\":\"" + std::string(300'000, 'x') + "\"}"));
    const auto form = face_->client->send("POST", target, "a=b", {{"Content-Type", "text/plain"}});
    contract_.check("POST", path, form);
    expect(415, form);
    const auto stranger = face_->stranger->post(target, "{}");
    contract_.check("POST", path, stranger);
    expect(401, stranger);
  }
  contract_.check("POST", payments,
                  face_->client->send("POST", payments, "a=b", {{"Content-Type", "text/plain"}}));
  contract_.check("POST", payments, face_->stranger->post(payments, "{}"));

  // --- reads
  // ------------------------------------------------------------------------------------------------------------
  expect(200, get(one, payments + "/" + id));
  expect(404, get(one, payments + "/" + nobody));
  expect(200, get(one + "/events", payments + "/" + id + "/events"));
  expect(404, get(one + "/events", payments + "/" + nobody + "/events"));
  const auto page =
      get(payments, payments + "?limit=2&provider=glass&created_from=2020-01-01T00:00:00Z");
  expect(200, page);
  EXPECT_TRUE(page.json().at("has_more").as_bool());
  const std::string cursor{page.json().at("next_cursor").as_string()};
  expect(200, get(payments,
                  payments + "?provider=glass&created_from=2020-01-01T00:00:00Z&cursor=" + cursor));
  expect(400, get(payments, payments + "?cursor=" + cursor));
  const auto filtered =
      get(payments, payments + "?status=authorized&reference=order-7&customer_id=c-1&limit=100");
  EXPECT_EQ(filtered.json().at("data").as_array().size(), 1U) << filtered.body;
  expect(200, get("/api/v1/providers", "/api/v1/providers"));
  expect(200, get("/api/v1/runtime/supervision", "/api/v1/runtime/supervision"));
  expect(200, get("/livez", "/livez"));
  expect(200, get("/readyz", "/readyz"));
  expect(200, get("/metrics", "/metrics"));
  const auto contract = get("/openapi.json", "/openapi.json");
  EXPECT_TRUE(contract.json() == document()) << "the binary serves another document";

  webhooks_and_disputes(id);
  const std::string endpoint = merchants_endpoints();
  operators();
  const std::string task = unknown_outcomes();

  // --- every protected read, by a stranger; every route, with too many requests and with too much
  // work --------------------
  const std::vector<std::pair<std::string, std::string>> reads{
      {payments, payments},
      {one, payments + "/" + id},
      {one + "/events", payments + "/" + id + "/events"},
      {"/api/v1/providers", "/api/v1/providers"},
      {"/api/v1/runtime/supervision", "/api/v1/runtime/supervision"},
      {webhooks + "/events", webhooks + "/events"},
      {webhooks + "/events/{id}", webhooks + "/events/" + WebhookId{}.to_string()},
      {webhooks + "/health", webhooks + "/health"},
      {endpoints, endpoints},
      {endpoints + "/{id}", endpoint},
      {endpoints + "/{id}/deliveries", endpoint + "/deliveries"},
      {"/api/v1/tasks", "/api/v1/tasks"},
      {"/api/v1/tasks/{id}", task},
      {"/api/v1/audit", "/api/v1/audit"}};
  std::vector<std::pair<std::string, std::string>> writes{
      {payments, payments},
      {explain, explain},
      {webhooks + "/replay", webhooks + "/replay"},
      {endpoints, endpoints},
      {"/api/v1/tasks/{id}/resolve", task + "/resolve"},
      {"/api/v1/providers/{name}/breaker", "/api/v1/providers/glass/breaker"},
      {"/api/v1/providers/{name}/statements", "/api/v1/providers/glass/statements"}};
  for (const char* what : {"capture", "cancel", "refund", "confirm", "capture-schedule"}) {
    writes.emplace_back(one + "/" + what, payments + "/" + id + "/" + what);
  }
  for (const char* what : {"test", "rotate-secret", "redeliver", "rewind"}) {
    writes.emplace_back(endpoints + "/{id}/" + what, endpoint + "/" + what);
  }
  for (const auto& [path, target] : reads) {
    const auto answer = face_->stranger->get(target);
    expect(401, answer);
    contract_.check("GET", path, answer);
  }
  face_ = &world_.face([](gateway::ApiParams& params) {
    params.rates = {{0.001, 1}, {0.001, 1}, {0.001, 1}};
  });
  (void)face_->client->get(payments);
  (void)face_->client->post(payments, "{}");
  (void)face_->stranger->get("/metrics");
  for (const auto& [path, target] : reads) expect(429, get(path, target));
  for (const auto& [path, target] : writes) expect(429, post(path, target, "{}"));
  expect(429, patch(endpoints + "/{id}", endpoint, "{}"));
  expect(429, erase(endpoints + "/{id}", endpoint));
  expect(429, get("/metrics", "/metrics"));
  expect(429, get("/openapi.json", "/openapi.json"));

  face_ = &world_.face([](gateway::ApiParams& params) { params.in_flight_max = 0; });
  face_->api->drain();
  for (const auto& [path, target] : reads) expect(503, get(path, target));
  for (const auto& [path, target] : writes) expect(503, post(path, target, "{}"));
  expect(503, patch(endpoints + "/{id}", endpoint, "{}"));
  expect(503, erase(endpoints + "/{id}", endpoint));
  expect(503, hook("glass", "{}"));
  expect(503, get("/readyz", "/readyz"));

  // --- nobody answers in time
  // --------------------------------------------------------------------------------------------
  face_ = &world_.face([](gateway::ApiParams& params) { params.request_deadline = 300ms; });
  const auto late = post(payments, payments, body_of("silent"));
  expect(202, late);
  EXPECT_EQ(late.json().at("status").as_string(), "processing");
  expect(202, act(authorized(), "capture", "{" + amount("50.04") + "}"));
  expect(202, act(authorized(), "cancel", R"({"reason":"silent"})"));
  expect(202, act(make("approve"), "refund", R"({"reason":"silent"})"));
  expect(202, act(make("action:silent"), "confirm", "{}"));
  expect(409, act(std::string{late.json().at("id").as_string()}, "capture", "{}"));
  who_was_told_202();

  for (const auto& answer : contract_.unseen_answers()) ADD_FAILURE() << "never seen: " << answer;
  for (const auto& field : contract_.unseen_fields()) ADD_FAILURE() << "never seen: " << field;
}

TEST_F(ContractTest, DocumentsExactlyTheRoutesThatThereAre) {
  std::set<std::string> served;
  for (const auto& route : gateway::routes()) {
    served.insert(std::string{route.method} + " " + std::string{route.path});
  }
  std::set<std::string> documented;
  const auto contract = document();
  for (const auto& path : contract.at("paths").as_object()) {
    for (const auto& [verb, method] : std::map<std::string, std::string>{
             {"get", "GET"}, {"post", "POST"}, {"patch", "PATCH"}, {"delete", "DELETE"}}) {
      if (path.value().as_object().contains(verb))
        documented.insert(method + " " + std::string{path.key()});
    }
  }
  EXPECT_EQ(served, documented);
}

}  // namespace
}  // namespace cambist::test
