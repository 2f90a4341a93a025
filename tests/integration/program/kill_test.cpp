// kill -9 of the server at a random moment under load, restart, many rounds. The sandbox runs as a
// process of its own, so its ledger of effects outlives every server and is the witness.
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <random>
#include <thread>

#include "tests/support/invariants.hpp"
#include "tests/support/service.hpp"
#include "tests/support/store_kind.hpp"
#include "tests/support/witness.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

/// What one client knows of one payment of its own.
struct Known {
  std::string id;
  std::string body;            // the last answer with a 2xx
  bool open_question = false;  // a later request was sent and never answered
};

/// Drives payments one after another until the server goes away.
class Shopper {
 public:
  Shopper(std::string origin, std::string key, unsigned seed)
      : client_(std::move(origin), std::move(key)), random_(seed) {}

  void run(const std::atomic<bool>& stop) {
    while (!stop) shop();
  }
  [[nodiscard]] const std::vector<Known>& known() const { return known_; }
  [[nodiscard]] const std::vector<std::string>& refused() const { return refused_; }

 private:
  bool chance(unsigned percent) { return random_() % 100 < percent; }
  std::string key() { return "k" + std::to_string(random_()) + "x" + std::to_string(random_()); }

  void shop() {
    const bool manual = chance(60);
    const auto created =
        client_.post("/api/v1/payments",
                     std::string{R"({"amount":{"value":"50.00","currency":"USD"},"capture":")"} +
                         (manual ? "manual" : "automatic") +
                         R"(","payment_method":{"type":"card","token":"pm_card_visa"}})",
                     key());
    if (!accepted(created)) return;
    known_.push_back(
        {std::string{created.json().at("id").as_string()}, created.body, created.status == 202});
    auto& payment = known_.back();
    if (created.status == 202) return;
    if (manual && chance(25)) {
      step(payment, "/cancel", "{}");
      return;
    }
    if (manual && chance(85)) {
      if (!step(payment, "/capture",
                chance(50) ? "{}" : R"({"amount":{"value":"30.00","currency":"USD"}})"))
        return;
    } else if (manual) {
      return;
    }
    if (chance(50)) step(payment, "/refund", R"({"amount":{"value":"10.00","currency":"USD"}})");
  }

  bool step(Known& payment, const std::string& what, const std::string& body) {
    const auto answer = client_.post("/api/v1/payments/" + payment.id + what, body, key());
    if (answer.status == 0 || answer.status == 202 || answer.status >= 500)
      payment.open_question = true;
    if (!accepted(answer)) return false;
    payment.body = answer.body;
    return answer.status == 200;
  }

  bool accepted(const ApiResponse& answer) {
    if (answer.status >= 200 && answer.status < 300) return true;
    if (answer.status != 0 && answer.status != 503) {
      refused_.push_back(std::to_string(answer.status) + " " + answer.body);
    }
    return false;
  }

  Client client_;
  std::mt19937_64 random_;
  std::vector<Known> known_;
  std::vector<std::string> refused_;  // answers that are neither a success nor "not now"
};

class Kill : public testing::TestWithParam<StoreKind> {};
INSTANTIATE_TEST_SUITE_P(Stores, Kill, every_store(), name_of_store);

int rounds() {
  const char* set = std::getenv("CAMBIST_KILL_ROUNDS");
  return set == nullptr ? 50 : std::atoi(set);
}

TEST_P(Kill, EveryAnsweredPaymentSurvivesAndNoOperationHasTwoEffects) {
  const unsigned seed = std::random_device{}();
  RecordProperty("seed", std::to_string(seed));
  std::printf("seed %u, %d rounds\n", seed, rounds());
  std::mt19937_64 random{seed};
  TemporaryFolder folder;
  SandboxProcess sandbox;
  const TestStore store{GetParam(), folder.path()};
  ServerOptions options{folder.path(), sandbox.origin() + "/stripe"};
  options.database = store.database();

  std::vector<Known> all;
  for (int round = 0; round < rounds(); ++round) {
    ServerProcess server{options};
    std::vector<Shopper> shoppers;
    for (unsigned i = 0; i < 6; ++i) {
      shoppers.emplace_back(server.origin(), options.api_key, static_cast<unsigned>(random()));
    }
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    for (auto& shopper : shoppers) threads.emplace_back([&] { shopper.run(stop); });
    // The moment of death is what this test is about; it is drawn, not waited for.
    std::this_thread::sleep_for(std::chrono::milliseconds(50 + random() % 300));
    server.process().signal(SIGKILL);
    ASSERT_EQ(server.process().wait(10s), 128 + SIGKILL);
    stop = true;
    for (auto& thread : threads) thread.join();

    ServerProcess again{options};
    const auto client = again.client();
    std::vector<Known> fresh;
    for (auto& shopper : shoppers) {
      for (const auto& refusal : shopper.refused()) ADD_FAILURE() << "refused: " << refusal;
      for (const auto& known : shopper.known()) fresh.push_back(known);
    }
    std::vector<std::string> ids;
    for (const auto& known : fresh) ids.push_back(known.id);
    ASSERT_TRUE(wait_until_settled(client, ids, 30s))
        << "a payment stayed in processing, round " << round;
    const auto effects = effects_by_payment(sandbox.ledger());
    for (const auto& known : fresh) {
      const auto now = client.get("/api/v1/payments/" + known.id);
      ASSERT_EQ(now.status, 200) << "lost: " << known.body;
      if (!known.open_question) {
        EXPECT_EQ(now.body, known.body);
      } else {
        EXPECT_EQ(now.json().at("amount"), boost::json::parse(known.body).at("amount"));
      }
      const auto found = effects.find(known.id);
      for (const auto& what :
           disagreements(now.json(), found == effects.end() ? Effects{} : found->second)) {
        ADD_FAILURE() << "round " << round << ": " << what;
      }
    }
    all.insert(all.end(), fresh.begin(), fresh.end());
    again.process().signal(SIGTERM);
    ASSERT_EQ(again.process().wait(40s), 0);
    if (HasFailure()) break;
  }
  EXPECT_GT(all.size(), static_cast<std::size_t>(rounds())) << "too little load to mean anything";

  {
    // What nobody was told of is settled too: nothing stays in processing.
    ServerProcess last{options};
    const auto client = last.client();
    EXPECT_TRUE(eventually(30s, [&] {
      return client.get("/api/v1/payments?status=processing").json().at("data").as_array().empty();
    }));
    last.process().signal(SIGTERM);
    ASSERT_EQ(last.process().wait(40s), 0);
  }

  // Everything that is promised, over the whole store.
  Evidence evidence{read_books(store.where()), sandbox.ledger()};
  std::int64_t captured = 0, refunded = 0;
  for (const auto& known : all)
    evidence.promises.push_back(promised(boost::json::parse(known.body)));
  for (const auto& [id, payment] : evidence.books.payments) {
    captured += payment.row.captured_minor;
    refunded += payment.row.refunded_minor;
  }
  for (const auto& violation : violations(evidence)) ADD_FAILURE() << to_string(violation);
  std::printf("%zu payments, captured %lld, refunded %lld\n", all.size(),
              static_cast<long long>(captured), static_cast<long long>(refunded));
}

}  // namespace
}  // namespace cambist::test
