// Which provider, and why: what the route reads, and what it shows. And what of a payer may be
// seen.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/gateway/api/fake_bridge.hpp"

namespace cambist::gateway::test {
namespace {

namespace json = boost::json;

const std::string explain = "/api/v1/routing/explain";
const std::string create =
    R"({"amount":{"value":"100.00","currency":"USD"},"payment_method":{"type":"card","token":"t"}})";

TEST(ExplainRouting, TellsTheOrderAndTheReasonsAndBeginsNothing) {
  Bench bench;
  bench.bridge->plan.order = {"stripe", "paypal"};
  bench.bridge->plan.considered = {{"stripe", true, "chosen: first by priority 1"},
                                   {"mpesa", false, "does not take USD"},
                                   {"paypal", false, "next: priority 3"}};
  const auto answer = bench.post(explain, create, {{"Idempotency-Key", "k"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(json::parse(answer.body), json::parse(R"({"provider":"stripe","alternatives":["paypal"],
      "considered":[
        {"provider":"stripe","chosen":true,"reason":"chosen: first by priority 1"},
        {"provider":"mpesa","chosen":false,"reason":"does not take USD"},
        {"provider":"paypal","chosen":false,"reason":"next: priority 3"}]})"));
  EXPECT_TRUE(bench.bridge->commands.empty());
  ASSERT_TRUE(bench.bridge->routed);
  EXPECT_EQ(bench.bridge->routed->tenant, TenantId{"shop"});
  EXPECT_EQ(bench.bridge->routed->details.provider, "");
  EXPECT_EQ(bench.bridge->routed->details.amount.minor, 10'000);
}

TEST(ExplainRouting, NamesNoProviderWhenNobodyTakesIt) {
  Bench bench;
  bench.bridge->plan.considered = {{"stripe", false, "switched off"}};
  const auto answer = bench.post(explain, create);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(json::parse(answer.body).at("provider").is_null());
  EXPECT_TRUE(json::parse(answer.body).at("alternatives").as_array().empty());
}

TEST(ExplainRouting, RefusesWhatACreateWouldRefuse) {
  Bench bench;
  for (const std::string& body :
       {std::string{"{}"}, std::string{"[]"}, create.substr(0, create.size() - 1) + R"(,"x":1})",
        create.substr(0, create.size() - 1) + R"(,"provider":"nobody"})"}) {
    EXPECT_EQ(bench.post(explain, body).status, 400) << body;
  }
  EXPECT_FALSE(bench.bridge->routed);
}

TEST(PaymentEvents, ShowNoMoreOfAPayerThanTheEnd) {
  Bench bench;
  const PaymentId id = bench.add_row(1);
  storage::StoredEvent event;
  event.sequence = 1;
  event.event.type = "payment_created";
  event.event.json =
      R"({"method":{"type":"mobile_money","fields":{"phone":"+254712345678","country":"KE","pin":"12"}}})";
  bench.bridge->told.events = {event};
  const auto answer = bench.get("/api/v1/payments/" + id.to_string() + "/events");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.find("71234"), std::string::npos);
  EXPECT_EQ(json::parse(answer.body).at("data").at(0).at("data").at("method").at("fields"),
            json::parse(R"({"phone":"****5678","country":"KE","pin":"****"})"));
}

}  // namespace
}  // namespace cambist::gateway::test
