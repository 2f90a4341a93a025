// Ten thousand webhooks, most of them repeated, none of them in order, one in a hundred forged:
// each genuine one takes effect exactly once, and a forged one none at all.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <set>

#include "tests/integration/reliability/operations.hpp"
#include "tests/integration/reliability/stripe_events.hpp"
#include "tests/support/witness.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t webhooks_sent = 10'000;
constexpr std::size_t forged_of_them = webhooks_sent / 100;
constexpr std::size_t payments_made = 240;
constexpr std::size_t signed_by_the_sdk = 50;

/// The provider sends nothing by itself here: every webhook comes from the test.
SceneOptions quiet_provider() {
  SceneOptions options;
  options.program = CAMBIST_BINARY;
  options.webhooks = false;
  options.environment = {{"CAMBIST_LIMITS_WEBHOOKS_PER_S", "100000"},
                         {"CAMBIST_LIMITS_WEBHOOKS_BURST", "100000"}};
  return options;
}

struct Sending {
  std::string body;
  std::string signature{};  // empty: signed when it is sent
  bool forged = false;
};

class Torture {
 public:
  explicit Torture(unsigned seed) : random_(seed) { scene_.start(); }

  Scene& scene() { return scene_; }
  [[nodiscard]] const std::vector<std::string>& payments() const { return payments_; }
  [[nodiscard]] const std::vector<std::string>& genuine() const { return genuine_; }
  [[nodiscard]] const std::set<std::string>& forged() const { return forged_; }

  /// Payments through the API, and then what only the provider's dashboard, the bank and the payer
  /// know of until a webhook tells.
  void live() {
    payments_.resize(payments_made);
    in_parallel(payments_made, 8, [&](std::size_t i) { payments_[i] = live_one(i); });
    genuine_ = emulated_events(scene_.sandbox());
  }

  /// Every genuine event at least once, and again and again up to the number, shuffled.
  std::vector<Sending> deck() {
    std::vector<Sending> deck;
    for (const auto& body : genuine_) deck.push_back({body});
    while (deck.size() + forged_of_them < webhooks_sent)
      deck.push_back({genuine_[random_() % genuine_.size()]});
    for (std::size_t i = 0; i < forged_of_them; ++i) deck.push_back(forge(i));
    std::shuffle(deck.begin(), deck.end(), random_);
    let_the_sdk_sign(deck);
    return deck;
  }

 private:
  std::string live_one(std::size_t i) {
    const auto id = make_payment(scene_, i % 3 == 0 ? "automatic" : "manual");
    const std::string object{
        scene_.client().get("/api/v1/payments/" + id).json().at("provider_payment_id").as_string()};
    const auto at_dashboard = [&](const char* what, const char* body) {
      const auto done =
          scene_.sandbox().client().post("/sandbox/dashboard/stripe/" + object + what, body);
      if (done.status >= 300) throw std::runtime_error("the dashboard refuses: " + done.body);
    };
    switch (i % 6) {
      case 0:
        at_dashboard("/refund", R"({"amount":{"value":"5.00","currency":"USD"}})");
        break;
      case 1:
        at_dashboard("/capture", "{}");
        break;
      case 2:
        at_dashboard("/cancel", "{}");
        break;
      case 3:
        dispute(object);
        break;
      case 4:
        at_dashboard("/capture", R"({"amount":{"value":"12.00","currency":"USD"}})");
        break;
      default:
        break;  // nothing happens without us
    }
    return id;
  }

  void dispute(const std::string& object) {
    const auto opened = scene_.sandbox().client().post(
        "/sandbox/disputes",
        boost::json::serialize(boost::json::object{{"provider", "stripe"}, {"object", object}}));
    if (opened.status >= 300) throw std::runtime_error("no dispute: " + opened.body);
  }

  /// An event that the provider never made: of money that never moved, or another one's body under
  /// a signature that was good for the first.
  Sending forge(std::size_t i) {
    auto event = boost::json::parse(genuine_[random_() % genuine_.size()]).as_object();
    const auto id = "evt_forged_" + std::to_string(i);
    const auto before = boost::json::serialize(event);
    event["id"] = id;
    forged_.insert(id);
    const auto body = boost::json::serialize(event);
    switch (i % 4) {
      case 0:
        return {body, stripe_signature(body, now_in_seconds(), "whsec_somebody_elses"), true};
      case 1:
        return {body, stripe_signature(before, now_in_seconds()), true};
      case 2:
        return {body, stripe_signature(body, now_in_seconds() - 400s), true};
      default:
        return {body, "t=" + std::to_string(now_in_seconds().count()) + ",v1=00", true};
    }
  }

  void let_the_sdk_sign(std::vector<Sending>& deck) {
    std::vector<Sending*> chosen;
    std::vector<std::string> bodies;
    for (auto& one : deck) {
      if (one.forged || chosen.size() == signed_by_the_sdk) continue;
      chosen.push_back(&one);
      bodies.push_back(one.body);
    }
    const auto signatures = sdk_signatures(bodies);
    for (std::size_t i = 0; i < chosen.size(); ++i) chosen[i]->signature = signatures.at(i);
  }

  Scene scene_{quiet_provider()};
  std::mt19937 random_;
  std::vector<std::string> payments_;
  std::vector<std::string> genuine_;
  std::set<std::string> forged_;
};

/// Pages through every stored webhook as operators see it.
std::vector<boost::json::value> listed(const Client& client, const std::string& filter = {}) {
  std::vector<boost::json::value> rows;
  std::string cursor;
  for (bool more = true; more;) {
    const auto answer = client.get("/api/v1/webhooks/events?limit=100" + filter + cursor);
    if (answer.status != 200) throw std::runtime_error("no list: " + answer.body);
    const auto page = answer.json();
    for (const auto& row : page.at("data").as_array()) rows.push_back(row);
    more = page.at("has_more").as_bool();
    if (more) cursor = "&cursor=" + std::string{page.at("next_cursor").as_string()};
  }
  return rows;
}

bool all_worked_on(const Client& client) {
  for (const char* status : {"received", "retrying", "parked"}) {
    const auto answer = client.get(std::string{"/api/v1/webhooks/events?limit=1&status="} + status);
    if (answer.status != 200 || !answer.json().at("data").as_array().empty()) return false;
  }
  return true;
}

/// Posts like a provider: again while the server says "not now". What else is wrong, as text.
std::vector<std::string> post_all(const Client& client, const std::vector<Sending>& deck) {
  std::mutex mutex;
  std::vector<std::string> wrong;
  in_parallel(deck.size(), 16, [&](std::size_t i) {
    const auto& one = deck[i];
    ApiResponse answer;
    (void)eventually(20s, [&] {
      answer = post_webhook(client, one.body, one.signature);
      return answer.status != 503 && answer.status != 429;
    });
    if (answer.status == (one.forged ? 401 : 200)) return;
    const std::lock_guard lock{mutex};
    wrong.push_back((one.forged ? "forged: " : "genuine: ") + std::to_string(answer.status) + " " +
                    answer.body);
  });
  return wrong;
}

TEST(Webhooks, TenThousandTakeEffectOnceEachAndForgedOnesNever) {
  const unsigned seed = std::random_device{}();
  std::printf("seed %u\n", seed);
  Torture torture{seed};
  torture.live();
  const auto& client = torture.scene().client();
  const auto deck = torture.deck();
  const auto began = std::chrono::steady_clock::now();
  for (const auto& what : post_all(client, deck)) ADD_FAILURE() << what;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  ASSERT_TRUE(eventually(60s, [&] { return all_worked_on(client); }))
      << boost::json::serialize(boost::json::value_from(listed(client, "&status=retrying")));

  // Stored once each, none forged, and all of them settled.
  const auto rows = listed(client);
  std::set<std::string> events;
  std::map<std::string, std::size_t> statuses;
  for (const auto& row : rows) {
    events.insert(std::string{row.at("event").as_string()});
    ++statuses[std::string{row.at("status").as_string()}];
  }
  std::set<std::string> genuine;
  for (const auto& body : torture.genuine()) genuine.insert(event_id(body));
  EXPECT_EQ(events, genuine);
  EXPECT_EQ(rows.size(), genuine.size());
  EXPECT_EQ(statuses["dead"], 0U);
  EXPECT_EQ(statuses["applied"] + statuses["ignored"], genuine.size());

  // What only webhooks told has come to be known, and nothing twice. Each of five payments in six
  // has one thing that nobody else tells.
  EXPECT_EQ(statuses["applied"], payments_made / 6 * 5);
  std::size_t disputed = 0;
  for (const auto& id : torture.payments()) {
    const auto effects = effects_by_payment(torture.scene().effects_of(id))[id];
    const auto shown = client.get("/api/v1/payments/" + id).json();
    for (const auto& what : disagreements(shown, effects)) ADD_FAILURE() << what;
    disputed += shown.at("dispute").is_object() ? 1 : 0;
  }
  EXPECT_EQ(disputed, payments_made / 6);
  ASSERT_TRUE(torture.scene().stop_at_rest());
  auto evidence = torture.scene().evidence({});
  evidence.forged = torture.forged();
  for (const auto& violation : violations(evidence)) ADD_FAILURE() << to_string(violation);
  std::printf("%zu webhooks in %lld ms, %zu events of %zu payments, %zu applied, %zu ignored\n",
              deck.size(), static_cast<long long>(took.count()), genuine.size(),
              torture.payments().size(), statuses["applied"], statuses["ignored"]);
}

/// A payment that was captured at the dashboard, and the event that tells of it.
struct Told {
  std::string payment;
  std::string body;
};

Told captured_elsewhere(Scene& scene) {
  Told told{make_payment(scene, "manual"), {}};
  const std::string object{scene.client()
                               .get("/api/v1/payments/" + told.payment)
                               .json()
                               .at("provider_payment_id")
                               .as_string()};
  (void)scene.sandbox().client().post("/sandbox/dashboard/stripe/" + object + "/capture", "{}");
  for (const auto& body : emulated_events(scene.sandbox())) {
    if (body.find("payment_intent.succeeded") != std::string::npos &&
        body.find(told.payment) != std::string::npos)
      told.body = body;
  }
  if (told.body.empty()) throw std::runtime_error("the provider tells nothing of the capture");
  return told;
}

TEST(Webhooks, ThatAreTamperedWithOrOldOrUnsignedAreRefusedAndLeaveNothing) {
  Scene scene{quiet_provider()};
  scene.start();
  const auto& client = scene.client();
  const auto [payment, body] = captured_elsewhere(scene);
  const auto good = stripe_signature(body, now_in_seconds());
  auto tampered = body;
  tampered.replace(tampered.find("2000"), 4, "9000");
  EXPECT_EQ(post_webhook(client, tampered, good).status, 401);
  EXPECT_EQ(post_webhook(client, body + " ", good).status, 401);
  EXPECT_EQ(post_webhook(client, body, stripe_signature(body, now_in_seconds() - 301s)).status,
            401);
  EXPECT_EQ(post_webhook(client, body, stripe_signature(body, now_in_seconds() + 320s)).status,
            401);
  EXPECT_EQ(post_webhook(client, body, stripe_signature(body, now_in_seconds(), "whsec_x")).status,
            401);
  EXPECT_EQ(post_webhook(client, body, "v1=" + good.substr(good.find("v1=") + 3)).status, 401);
  EXPECT_EQ(post_webhook(client, body, "t=1").status, 401);
  const auto unsigned_one =
      client.send("POST", "/api/v1/webhooks/stripe", body, {{"Content-Type", "application/json"}});
  EXPECT_EQ(unsigned_one.status, 401) << unsigned_one.body;
  EXPECT_TRUE(listed(client).empty());
  EXPECT_EQ(scene.status_of(payment), "authorized");
  EXPECT_EQ(post_webhook(client, body, good).status, 200);
  EXPECT_TRUE(eventually(10s, [&] { return scene.status_of(payment) == "captured"; }));
}

TEST(Webhooks, CanBeReplayedWithoutASecondEffect) {
  Scene scene{quiet_provider()};
  scene.start();
  const auto& client = scene.client();
  const auto [payment, body] = captured_elsewhere(scene);
  EXPECT_EQ(post_webhook(client, body).status, 200);
  ASSERT_TRUE(eventually(10s, [&] { return scene.status_of(payment) == "captured"; }));
  ASSERT_TRUE(eventually(10s, [&] { return all_worked_on(client); }));
  const auto before = client.get("/api/v1/payments/" + payment).body;
  const auto rows = listed(client, "&payment_id=" + payment);
  ASSERT_EQ(rows.size(), 1U);
  const std::string id{rows[0].at("id").as_string()};
  const auto by_id = client.post("/api/v1/webhooks/replay", R"({"ids":[")" + id + "\"]}", "r1");
  EXPECT_EQ(by_id.status, 200) << by_id.body;
  EXPECT_EQ(by_id.json().at("replayed").to_number<int>(), 1);
  const auto by_filter = client.post("/api/v1/webhooks/replay",
                                     R"({"filter":{"payment_id":")" + payment + "\"}}", "r2");
  EXPECT_EQ(by_filter.status, 200) << by_filter.body;
  EXPECT_EQ(by_filter.json().at("replayed").to_number<int>(), 1);
  ASSERT_TRUE(eventually(10s, [&] { return all_worked_on(client); }));
  EXPECT_EQ(client.get("/api/v1/payments/" + payment).body, before);
  ASSERT_TRUE(scene.stop_at_rest());
  for (const auto& violation : violations(scene.evidence({})))
    ADD_FAILURE() << to_string(violation);
}

}  // namespace
}  // namespace cambist::test
