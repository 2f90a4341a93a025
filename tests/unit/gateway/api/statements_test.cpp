// Bank statements over a fake bridge: each line takes the way of a webhook, and counts once.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "protocols/providers/bank_transfer/adapter.hpp"
#include "tests/unit/gateway/api/fake_bridge.hpp"

namespace cambist::gateway::test {
namespace {

namespace json = boost::json;

const std::string target = "/api/v1/providers/bank_transfer/statements";
const std::string csv =
    "date,id,credit,debit,reference\n"
    "2026-01-15,FT1,450000.00,,880000004225\n"
    "2026-01-15,FT2,,1000.00,\n";

Bench bank() {
  return Bench{[](ApiParams& params) {
    provider::Settings settings;
    settings.values = {
        {"account_number", "20110000001"}, {"account_name", "NEST RENTALS"}, {"bank_name", "NMB"}};
    params.providers.push_back("bank_transfer");
    params.adapters.emplace("bank_transfer", bank_transfer::make_adapter(settings).value());
  }};
}

Bench::Sent statement(std::string body, std::string type = "text/csv") {
  return {.method = "POST",
          .target = target,
          .body = std::move(body),
          .headers = {{"Content-Type", std::move(type)}}};
}

TEST(ImportStatement, StoresEachLineAsAWebhookThatIsVouchedFor) {
  Bench bench = bank();
  const auto answer = bench.send(statement(csv, "text/csv; charset=utf-8"));
  EXPECT_EQ(answer->status, 200) << answer->body;
  EXPECT_EQ(answer->body, R"({"credits":2,"new":1,"duplicates":0,"ignored":1})");
  ASSERT_EQ(bench.bridge->webhooks_in.size(), 2U);
  const auto& line = bench.bridge->webhooks_in[0];
  EXPECT_EQ(line.provider, "bank_transfer");
  EXPECT_TRUE(line.vouched);
  EXPECT_EQ(json::parse(line.request.body).at("bank_txn_id"), "FT1");
}

TEST(ImportStatement, WhatWasToldBeforeIsADuplicate) {
  Bench bench = bank();
  bench.bridge->taken.duplicate = true;
  EXPECT_EQ(bench.send(statement(csv))->body,
            R"({"credits":2,"new":0,"duplicates":2,"ignored":0})");
}

TEST(ImportStatement, NeedsAKey) {
  Bench bench = bank();
  auto sent = statement(csv);
  sent.key = "";
  EXPECT_EQ(bench.send(sent)->status, 401);
  EXPECT_TRUE(bench.bridge->webhooks_in.empty());
}

TEST(ImportStatement, TakesXmlAndCsvOnly) {
  Bench bench = bank();
  EXPECT_EQ(bench.send(statement("{}", "application/json"))->status, 415);
  EXPECT_EQ(bench.send(statement("<Document><BkToCstmrStmt/></Document>", "application/xml"))->body,
            R"({"credits":0,"new":0,"duplicates":0,"ignored":0})");
  EXPECT_EQ(bench.send(statement("<Document/>", "text/xml"))->status, 400);
}

TEST(ImportStatement, NothingOfAFileThatCannotBeReadIsTaken) {
  Bench bench = bank();
  const auto answer = bench.send(statement(csv + "2026-13-01,FT3,1,,\n"));
  EXPECT_EQ(answer->status, 400);
  EXPECT_TRUE(bench.bridge->webhooks_in.empty());
}

// Accounts look like cards: a statement is not searched for them.
TEST(ImportStatement, LongNumbersAreNoReasonToRefuseOne) {
  Bench bench = bank();
  EXPECT_EQ(
      bench.send(statement("date,id,credit,payer\n2026-01-15,F1,5,4242424242424242\n"))->status,
      200);
}

std::string lines(int count) {
  std::string text = "date,id,credit,debit,reference\n";
  for (int i = 0; i < count; ++i) text += "2026-01-15,FT" + std::to_string(i) + ",5.00,,\n";
  return text;
}

TEST(ImportStatement, ManyLinesAreStoredInTheirOrder) {
  Bench bench = bank();
  EXPECT_EQ(bench.send(statement(lines(20'000)))->body,
            R"({"credits":20000,"new":20000,"duplicates":0,"ignored":0})");
  ASSERT_EQ(bench.bridge->webhooks_in.size(), 20'000U);
  for (std::size_t i = 0; i < 20'000; i += 777) {
    EXPECT_EQ(json::parse(bench.bridge->webhooks_in[i].request.body).at("bank_txn_id").as_string(),
              "FT" + std::to_string(i));
  }
  EXPECT_EQ(bench.send(statement(lines(20'001)))->status, 400);
}

TEST(ImportStatement, SoManyLinesAreOnTheirWayAtATimeAndNoMore) {
  Bench bench = bank();
  bench.bridge->silent = true;
  const auto answer = bench.send(statement(lines(1'000)));
  EXPECT_EQ(bench.bridge->webhooks_in.size(), 64U);
  EXPECT_EQ(answer->status, 0);
  bench.timers->fire(std::chrono::milliseconds{11'000});
  EXPECT_EQ(answer->status, 503);
  EXPECT_NE(answer->body.find("send it again"), std::string::npos);
  // What comes late sends nothing more, and answers nobody.
  const auto late = std::exchange(bench.bridge->reading, {});
  for (const auto& one : late) one();
  EXPECT_EQ(bench.bridge->webhooks_in.size(), 64U);
}

TEST(ImportStatement, OnlySomebodyWithAKeyMayBringALargeBody) {
  Bench bench = bank();
  const auto may = bench.api->large_bodies();
  const http::Headers key{{"Authorization", "Bearer sk_test_abc_secret"}};
  const auto head = [](std::string method, std::string path, http::Headers headers) {
    http::Head made;
    made.method = std::move(method);
    made.target = std::move(path);
    made.headers = std::move(headers);
    return made;
  };
  EXPECT_TRUE(may(head("POST", target, key)));
  EXPECT_TRUE(may(head("POST", target + "?x=1", key)));
  EXPECT_FALSE(may(head("POST", target, {})));
  EXPECT_FALSE(may(head("POST", target, {{"Authorization", "Bearer another"}})));
  EXPECT_FALSE(may(head("GET", target, key)));
  EXPECT_FALSE(may(head("POST", "/api/v1/payments", key)));
}

TEST(ImportStatement, AProviderWithoutStatementsHasNoSuchPath) {
  Bench bench = bank();
  auto sent = statement(csv);
  sent.target = "/api/v1/providers/stripe/statements";
  EXPECT_EQ(bench.send(sent)->status, 404);
  sent.target = "/api/v1/providers/nobody/statements";
  EXPECT_EQ(bench.send(sent)->status, 404);
}

TEST(ImportStatement, AStoreThatIsFullIsToldAndNoLineIsCounted) {
  Bench bench = bank();
  bench.bridge->taken.error = Error{ErrorCode::overloaded, "full"};
  EXPECT_EQ(bench.send(statement(csv))->status, 503);
}

}  // namespace
}  // namespace cambist::gateway::test
