// Events on their way to merchants: an endpoint that fails at random, and a server that is killed
// in between, lose nothing, mix up nothing, and repeat only under the same id.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "tests/integration/reliability/operations.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

SceneOptions impatient() {
  SceneOptions options;
  options.program = CAMBIST_BINARY;
  options.webhooks = false;
  return options;
}

/// Authorized, captured, and partly refunded: some six events of one payment.
void live_one(Scene& scene, std::vector<Promised>& promises) {
  const auto id = make_payment(scene, "manual");
  for (const auto& [what, body] : std::vector<std::pair<const char*, const char*>>{
           {"/capture", "{}"}, {"/refund", R"({"amount":{"value":"5.00","currency":"USD"}})"}}) {
    const auto answer = scene.send({"/api/v1/payments/" + id + what, body, scene.fresh_key()});
    if (answer.status == 200) promises.push_back(promised(answer.json()));
  }
}

/// Whether every endpoint has everything behind it.
bool all_delivered(Scene& scene, const std::vector<std::string>& endpoints) {
  for (const auto& endpoint : endpoints) {
    const auto pending = scene.client().get("/api/v1/webhook-endpoints/" + endpoint +
                                            "/deliveries?status=pending&limit=1");
    if (pending.status != 200 || !pending.json().at("data").as_array().empty()) return false;
  }
  return true;
}

/// Ids that an endpoint has taken.
std::set<std::string> taken_by(Scene& scene, const std::string& endpoint) {
  std::set<std::string> ids;
  for (const auto& event : scene.merchant().received()) {
    if (event.taken && event.endpoint == endpoint) ids.insert(event.id);
  }
  return ids;
}

TEST(Delivery, ReachesAnEndpointThatFailsAtRandomInOrderOfEachPaymentThroughKills) {
  Scene scene{impatient()};
  scene.start();
  const std::vector<std::string> endpoints{scene.make_endpoint("shop"),
                                           scene.make_endpoint("books")};
  std::vector<Promised> promises;
  scene.merchant().fail(30);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 8; ++i) live_one(scene, promises);
    scene.kill();
    scene.start();
  }
  for (int i = 0; i < 4; ++i) live_one(scene, promises);
  scene.merchant().fail(0);
  // The last event of the last payment comes behind all others of it, so both must have as many.
  ASSERT_TRUE(eventually(90s, [&] {
    return all_delivered(scene, endpoints) &&
           taken_by(scene, endpoints[0]) == taken_by(scene, endpoints[1]);
  }));
  ASSERT_TRUE(scene.stop());
  const auto evidence = scene.evidence(promises);
  for (const auto& violation : violations(evidence)) ADD_FAILURE() << to_string(violation);
  EXPECT_EQ(scene.merchant().unverified(), 0U);
  // A consumer that deduplicates by id has seen each once, and nothing else.
  std::set<std::string> made;
  for (const auto& [position, row] : evidence.books.outbox) made.insert(row.id.to_string());
  EXPECT_GT(made.size(), 28U * 4U);
  for (const auto& endpoint : endpoints) EXPECT_EQ(taken_by(scene, endpoint), made);
  std::printf("%zu events, %zu arrivals at two endpoints\n", made.size(), evidence.received.size());
}

TEST(Delivery, ToABrokenEndpointDoesNotHoldUpAnother) {
  Scene scene{impatient()};
  scene.start();
  const auto good = scene.make_endpoint("good");
  const auto made = scene.client().post(
      "/api/v1/webhook-endpoints", R"({"url":"http://127.0.0.1:1/nobody"})", scene.fresh_key());
  ASSERT_EQ(made.status, 201) << made.body;
  const auto payment = make_payment(scene, "automatic");
  EXPECT_TRUE(eventually(10s, [&] {
    const auto all = scene.merchant().received();
    return std::any_of(all.begin(), all.end(), [&](const Received& event) {
      return event.endpoint == good && event.payment == payment && event.type == "payment.captured";
    });
  }));
}

}  // namespace
}  // namespace cambist::test
