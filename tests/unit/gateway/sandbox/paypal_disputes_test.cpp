// Disputes: what they hold, what the merchant can answer, and how they end.
#include "tests/unit/gateway/sandbox/paypal_bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

std::string part(const std::string& value, const std::string& currency = "USD") {
  return R"({"value":")" + value + R"(","currency":")" + currency + "\"}";
}

Answer dispute(PaypalDesk& desk, const std::string& object, const std::string& more = "") {
  return desk.call("POST", "/sandbox/disputes",
                   R"({"provider":"paypal","object":")" + object + "\"" + more + "}");
}

TEST(PaypalDisputes, ADisputeHoldsTheMoneyAndIsTold) {
  PaypalDesk desk;
  const auto order = desk.approved("CAPTURE");
  const auto capture = PaypalDesk::payment(desk.act_on_order(order, "capture"), "captures");
  const auto box = desk.mailbox();
  const auto opened = dispute(desk, order);
  EXPECT_EQ(opened.status(), 201);
  EXPECT_EQ(opened.text("payment"), "pay_1");
  EXPECT_EQ(box->types(), Types{"CUSTOMER.DISPUTE.CREATED"});
  const auto told = box->last().at("resource");
  EXPECT_EQ(told.at("dispute_id").as_string(), opened.text("id"));
  EXPECT_EQ(told.at("disputed_transactions").at(0).at("seller_transaction_id").as_string(),
            capture);
  EXPECT_EQ(told.at("dispute_amount").at("value").as_string(), "10.00");
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("captures", capture, "refund")), "TRANSACTION_DISPUTED");
  EXPECT_EQ(desk.call("GET", "/sandbox/ledger")["disputes"].as_array().size(), 1U);
  EXPECT_EQ(dispute(desk, order).status(), 409) << "nothing is left to dispute";
}

TEST(PaypalDisputes, OneThatIsWonGivesTheMoneyBackToTheMerchant) {
  PaypalDesk desk;
  const auto capture = desk.captured();
  const auto id = dispute(desk, capture, R"(,"amount":)" + part("4.00")).text("id");
  const auto box = desk.mailbox();
  EXPECT_EQ(desk.call("POST", "/sandbox/disputes/" + id + "/close", R"({"status":"won"})").status(),
            200);
  EXPECT_EQ(box->types(), Types{"CUSTOMER.DISPUTE.RESOLVED"});
  EXPECT_EQ(box->last().at("resource").at("dispute_outcome").at("outcome_code").as_string(),
            "RESOLVED_SELLER_FAVOUR");
  EXPECT_EQ(desk.act_on("captures", capture, "refund").status(), 201);
  EXPECT_EQ(desk.call("POST", "/sandbox/disputes/" + id + "/close", R"({"status":"won"})").status(),
            409);
}

TEST(PaypalDisputes, OneThatIsLostTakesTheMoneyBack) {
  PaypalDesk desk;
  const auto capture = desk.captured();
  const auto id = dispute(desk, capture, R"(,"reason":"UNAUTHORISED")").text("id");
  const auto box = desk.mailbox();
  (void)desk.call("POST", "/sandbox/disputes/" + id + "/close", R"({"status":"lost"})");
  EXPECT_EQ(box->types(), (Types{"PAYMENT.CAPTURE.REVERSED", "CUSTOMER.DISPUTE.RESOLVED"}));
  const auto reversal = json::parse(box->letters.front().body).at("resource");
  EXPECT_EQ(reversal.at("amount").at("value").as_string(), "10.00");
  EXPECT_TRUE(reversal.at("links").at(1).at("href").as_string().ends_with(capture));
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("captures", capture, "refund")), "TRANSACTION_DISPUTED");
}

TEST(PaypalDisputes, AnInquiryMovesNoMoney) {
  PaypalDesk desk;
  const auto capture = desk.captured();
  const auto id = dispute(desk, capture, R"(,"inquiry":true)").text("id");
  EXPECT_EQ(desk.act_on("captures", capture, "refund").status(), 201);
  const auto box = desk.mailbox();
  (void)desk.call("POST", "/sandbox/disputes/" + id + "/close", R"({"status":"lost"})");
  EXPECT_EQ(box->types(), Types{"CUSTOMER.DISPUTE.RESOLVED"});
}

TEST(PaypalDisputes, WhatCannotBeDisputedIsRefused) {
  PaypalDesk desk;
  EXPECT_EQ(dispute(desk, "nobody").status(), 404);
  EXPECT_EQ(dispute(desk, desk.order("CAPTURE")).status(), 409);
  const auto capture = desk.captured();
  EXPECT_EQ(dispute(desk, capture, R"(,"reason":"fraudulent")").status(), 400);
  EXPECT_EQ(dispute(desk, capture, R"(,"amount":)" + part("10.01")).status(), 409);
  EXPECT_EQ(dispute(desk, capture, R"(,"amount":)" + part("1.00", "EUR")).status(), 400);
}

TEST(PaypalDisputes, TheMerchantAnswersOrGivesIn) {
  PaypalDesk desk;
  const auto id = dispute(desk, desk.captured()).text("id");
  const auto path = "/v1/customer/disputes/" + id;
  const auto box = desk.mailbox();
  EXPECT_EQ(
      desk.paypal("POST", path + "/provide-evidence", json::object{{"input", "tracking"}}).status(),
      200);
  EXPECT_EQ(box->types(), Types{"CUSTOMER.DISPUTE.UPDATED"});
  EXPECT_EQ(desk.paypal("GET", path).text("status"), "UNDER_REVIEW");
  EXPECT_EQ(desk.paypal("POST", path + "/adjudicate", json::object{}).status(), 400);
  EXPECT_EQ(desk.paypal("POST", path + "/accept-claim", json::object{}).status(), 200);
  EXPECT_EQ(box->types(), (Types{"PAYMENT.CAPTURE.REVERSED", "CUSTOMER.DISPUTE.RESOLVED"}));
  EXPECT_EQ(PaypalDesk::issue(desk.paypal("POST", path + "/accept-claim", json::object{})),
            "DISPUTE_ALREADY_RESOLVED");
  EXPECT_EQ(desk.paypal("GET", "/v1/customer/disputes")["items"].as_array().size(), 1U);
  EXPECT_EQ(desk.paypal("GET", "/v1/customer/disputes/none").status(), 404);
}

TEST(PaypalDisputes, ATestCanWishForOne) {
  PaypalDesk desk;
  const auto box = desk.mailbox();
  (void)desk.captured("10.00", "[DISPUTE]");
  EXPECT_EQ(box->types().back(), "CUSTOMER.DISPUTE.CREATED");
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
