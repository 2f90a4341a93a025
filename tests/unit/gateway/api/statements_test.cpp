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
