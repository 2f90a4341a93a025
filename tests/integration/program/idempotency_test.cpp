// One key, many requests at once, against the real program.
#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <set>
#include <thread>

#include "tests/support/service.hpp"
#include "tests/support/witness.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* manual_payment =
    R"({"amount":{"value":"20.00","currency":"USD"},"capture":"manual","payment_method":{"type":"card","token":"pm_card_visa"}})";

struct Service {
  TemporaryFolder folder;
  SandboxProcess sandbox;
  ServerProcess server{{folder.path(), sandbox.origin() + "/stripe"}};
  Client client = server.client();
};

/// Sends the same request from many threads at once.
std::vector<ApiResponse> at_once(const Client& client, const std::string& target,
                                 const std::string& body, const std::string& key,
                                 std::size_t count) {
  std::vector<ApiResponse> answers(count);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&, i] { answers[i] = client.post(target, body, key); });
  }
  for (auto& thread : threads) thread.join();
  return answers;
}

TEST(Idempotency, TwoHundredParallelCreatesWithOneKeyMakeOnePaymentAndOneEffect) {
  Service service;
  const auto answers = at_once(service.client, "/api/v1/payments", manual_payment, "one-key", 200);
  std::set<std::string> bodies;
  for (const auto& answer : answers) {
    if (answer.status == 409) {
      EXPECT_EQ(answer.json().at("code").as_string(), "idempotency_in_progress");
      EXPECT_NE(http::find(answer.headers, "Retry-After"), nullptr);
      continue;
    }
    EXPECT_EQ(answer.status, 201) << answer.body;
    bodies.insert(answer.body);
  }
  ASSERT_EQ(bodies.size(), 1U);
  // Whoever was told "in progress" gets the stored answer now.
  const auto replay = service.client.post("/api/v1/payments", manual_payment, "one-key");
  EXPECT_EQ(replay.status, 201);
  EXPECT_EQ(replay.body, *bodies.begin());
  ASSERT_NE(http::find(replay.headers, "Idempotent-Replayed"), nullptr);
  EXPECT_EQ(service.sandbox.ledger().size(), 1U);
  EXPECT_EQ(service.client.get("/api/v1/payments?limit=100").json().at("data").as_array().size(),
            1U);
}

TEST(Idempotency, TheSameKeyWithAnotherBodyIsRefusedAndHasNoEffect) {
  Service service;
  ASSERT_EQ(service.client.post("/api/v1/payments", manual_payment, "k").status, 201);
  std::string other{manual_payment};
  other.replace(other.find("20.00"), 5, "21.00");
  const auto refused = service.client.post("/api/v1/payments", other, "k");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.json().at("code").as_string(), "idempotency_key_reused");
  EXPECT_EQ(service.sandbox.ledger().size(), 1U);
}

TEST(Idempotency, AKeyOfACreateCannotBeUsedForACapture) {
  Service service;
  const auto created = service.client.post("/api/v1/payments", manual_payment, "k");
  ASSERT_EQ(created.status, 201);
  const std::string id{created.json().at("id").as_string()};
  const auto refused = service.client.post("/api/v1/payments/" + id + "/capture", "{}", "k");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(service.sandbox.ledger().size(), 1U);
}

TEST(Idempotency, ParallelRefundsWithOneKeyRefundOnce) {
  Service service;
  std::string automatic{manual_payment};
  automatic.replace(automatic.find("manual"), 6, "automatic");
  const auto created = service.client.post("/api/v1/payments", automatic);
  ASSERT_EQ(created.status, 201);
  const std::string target =
      "/api/v1/payments/" + std::string{created.json().at("id").as_string()} + "/refund";
  const std::string part = R"({"amount":{"value":"5.00","currency":"USD"}})";
  std::map<int, int> statuses;
  for (const auto& answer : at_once(service.client, target, part, "refund-1", 50))
    ++statuses[answer.status];
  EXPECT_GE(statuses[200], 1);
  EXPECT_EQ(statuses[200] + statuses[409], 50) << "only the answer or \"in progress\" is right";
  const auto replay = service.client.post(target, part, "refund-1");
  EXPECT_EQ(replay.status, 200);
  EXPECT_EQ(minor_of(replay.json().at("refunded")), 500);
  EXPECT_EQ(service.sandbox.ledger().size(), 2U);  // the charge and one refund
}

TEST(Idempotency, ADeclineIsReplayedToTheByteAlsoAfterARestart) {
  TemporaryFolder folder;
  SandboxProcess sandbox;
  ServerOptions options{folder.path(), sandbox.origin() + "/stripe"};
  std::string declined{manual_payment};
  declined.replace(declined.find("pm_card_visa"), 12,
                   "pm_card_visa_chargeDeclinedInsufficientFunds");
  std::string first;
  {
    ServerProcess server{options};
    const auto answer = server.client().post("/api/v1/payments", declined, "d");
    ASSERT_EQ(answer.status, 402) << answer.body;
    EXPECT_EQ(answer.json().at("code").as_string(), "insufficient_funds");
    first = answer.body;
    server.process().signal(SIGKILL);
    ASSERT_TRUE(server.process().wait(10s));
  }
  ServerProcess server{options};
  const auto replay = server.client().post("/api/v1/payments", declined, "d");
  EXPECT_EQ(replay.status, 402);
  EXPECT_EQ(replay.body, first);
}

}  // namespace
}  // namespace cambist::test
