// One token for everybody: who comes first fetches it, the others wait for it.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "tests/integration/program/shop.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

/// By what the server counts, whatever was answered.
double token_requests(const Shop& shop) {
  std::istringstream lines{shop.client().get("/metrics").body};
  double sum = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto has = [&](const char* part) { return line.find(part) != std::string::npos; };
    if (has(R"(provider="paypal")") && has(R"(kind="token")") && has("verdict="))
      sum += std::stod(line.substr(line.rfind(' ')));
  }
  return sum;
}

const std::string body =
    R"({"provider":"paypal","amount":{"value":"10.00","currency":"USD"},)"
    R"("return_url":"https://shop.example/done","payment_method":{"type":"paypal"}})";

/// The calls wait for their turn here: this is about the token, not about who is turned away.
Environment patient() {
  return {{"CAMBIST_PAYPAL_QUEUE_TIME_MAX_MS", "10000"},
          {"CAMBIST_SERVER_CONNECTIONS_PER_ADDRESS_MAX", "2000"}};
}

/// The orders of so many payments, all begun in one moment.
std::set<std::string> pay_at_once(const Shop& shop, int count) {
  std::latch begin{count};
  std::mutex mutex;
  std::set<std::string> orders;
  std::vector<std::string> unexpected;
  {
    std::vector<std::jthread> merchants;
    merchants.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      merchants.emplace_back([&] {
        begin.arrive_and_wait();
        const auto answer = shop.pay(body);
        const std::lock_guard lock{mutex};
        if (answer.status == 201 && text(answer.json(), "status") == "requires_action")
          orders.insert(text(answer.json(), "provider_payment_id"));
        else
          unexpected.push_back(std::to_string(answer.status) + " " + answer.body);
      });
    }
  }
  EXPECT_TRUE(unexpected.empty()) << unexpected.size() << ", the first: " << unexpected.front();
  return orders;
}

TEST(Token, IsAskedForOnceByFiveHundredPaymentsAtOnce) {
  Shop shop{patient()};
  // It takes a second to come, so that all of them meet while nobody has it yet.
  shop.faults(R"({"rules":[{"provider":"paypal","operation":"token","fault":"slow",)"
              R"("delay_ms":1000}]})");
  ASSERT_EQ(shop.paypal_tokens(), 0);
  EXPECT_EQ(pay_at_once(shop, 500).size(), 500U);
  EXPECT_EQ(shop.paypal_tokens(), 1);
}

TEST(Token, OneFailedRequestForItFailsNoneOfThePaymentsThatWait) {
  Shop shop{patient()};
  shop.faults(R"({"rules":[{"provider":"paypal","operation":"token","fault":"http_500",)"
              R"("count":1}]})");
  EXPECT_EQ(pay_at_once(shop, 200).size(), 200U);
  // The first was answered 500 and gave none out; the second serves all.
  EXPECT_EQ(shop.paypal_tokens(), 1);
  EXPECT_EQ(token_requests(shop), 2);
}

TEST(Token, IsFetchedAgainOnceWhenTheProviderForgetsIt) {
  Shop shop;
  ASSERT_EQ(shop.pay(body).status, 201);
  ASSERT_EQ(shop.paypal_tokens(), 1);
  ASSERT_LT(shop.sandbox().send("DELETE", "/paypal/sandbox/tokens", {}, {}).status, 300);
  const auto answer = shop.pay(body);
  EXPECT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(shop.paypal_tokens(), 2);
  EXPECT_EQ(shop.pay(body).status, 201);
  EXPECT_EQ(shop.paypal_tokens(), 2);
}

}  // namespace
}  // namespace cambist::test
