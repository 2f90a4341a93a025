// openapi.json against the real thing: the whole tree over the memory store, behind a real server,
// with a provider that answers what the test asks for. Every documented route, status and field
// must be seen.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <iterator>

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
constexpr const char* api_key = "sk_test_contract_0123456789abcdef";

json::value document() {
  std::ifstream in{std::string{CAMBIST_SOURCE_DIR} + "/openapi.json"};
  return json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
}

TimePoint now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
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
  World()
      : system_(config_),
        runtime_(system_, params()),
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
  actors::RuntimeParams params() {
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

  World world_;
  Contract contract_;
  World::Face* face_;
};

TEST_F(ContractTest, EveryRouteStatusAndFieldIsAsDocumented) {
  // --- create
  // ---------------------------------------------------------------------------------------------------
  const std::string full = body_of(
      "approve",
      R"(,"provider":"steel","capture":"manual","customer_id":"c-1","reference":"order-7",)"
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

  // --- commands: what they all refuse
  // ---------------------------------------------------------------------------------
  const auto failed_id = std::string{
      post(payments, payments, body_of("decline")).json().at("payment").at("id").as_string()};
  const std::string nobody = PaymentId{}.to_string();
  for (const char* what : {"capture", "cancel", "refund", "confirm"}) {
    const std::string path = one + "/" + what;
    const std::string target = payments + "/" + failed_id + "/" + what;
    expect(400, act(failed_id, what, R"({"unknown":1})"));
    expect(404, act(nobody, what, "{}"));
    expect(404, act("nonsense", what, "{}"));
    expect(409, act(failed_id, what, "{}"));
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

  // --- every protected read, by a stranger; every route, with too many requests and with too much
  // work --------------------
  const std::vector<std::pair<std::string, std::string>> reads{
      {payments, payments},
      {one, payments + "/" + id},
      {one + "/events", payments + "/" + id + "/events"},
      {"/api/v1/providers", "/api/v1/providers"},
      {"/api/v1/runtime/supervision", "/api/v1/runtime/supervision"}};
  std::vector<std::pair<std::string, std::string>> writes{{payments, payments}};
  for (const char* what : {"capture", "cancel", "refund", "confirm"}) {
    writes.emplace_back(one + "/" + what, payments + "/" + id + "/" + what);
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
  expect(429, get("/metrics", "/metrics"));
  expect(429, get("/openapi.json", "/openapi.json"));

  face_ = &world_.face([](gateway::ApiParams& params) { params.in_flight_max = 0; });
  face_->api->drain();
  for (const auto& [path, target] : reads) expect(503, get(path, target));
  for (const auto& [path, target] : writes) expect(503, post(path, target, "{}"));
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
  expect(202, post(payments, payments, body_of("silent"), "slow"));
  expect(409, post(payments, payments, body_of("silent"), "slow"));

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
    for (const auto& [verb, method] :
         std::map<std::string, std::string>{{"get", "GET"}, {"post", "POST"}}) {
      if (path.value().as_object().contains(verb))
        documented.insert(method + " " + std::string{path.key()});
    }
  }
  EXPECT_EQ(served, documented);
}

}  // namespace
}  // namespace cambist::test
