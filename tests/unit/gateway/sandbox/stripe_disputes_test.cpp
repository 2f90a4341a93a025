// Disputes: who opens and closes them, what is told, and where the money is meanwhile.
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using Types = std::vector<std::string>;

class StripeDisputes : public testing::Test {
 protected:
  Answer newest() {
    auto list = desk_.get("disputes?limit=1");
    list.body = list["data"].as_array().empty() ? json::value{} : list["data"].at(0);
    return list;
  }
  Answer evidence(const std::string& id, const std::string& text, const Fields& more = {}) {
    Fields fields{{"evidence[uncategorized_text]", text}};
    fields.insert(fields.end(), more.begin(), more.end());
    return desk_.post("disputes/" + id, fields);
  }
  std::int64_t balance() {
    const auto answer = desk_.get("balance");
    return answer["pending"].as_array().empty() ? 0
                                                : answer["pending"].at(0).at("amount").as_int64();
  }
  Answer order(const std::string& object, const std::string& more = {}) {
    return desk_.call("POST", "/sandbox/disputes",
                      R"({"provider":"stripe","object":")" + object + "\"" + more + "}");
  }
  Answer decide(const std::string& dispute, const std::string& status) {
    return desk_.call("POST", "/sandbox/disputes/" + dispute + "/close",
                      R"({"status":")" + status + "\"}");
  }

  Desk desk_;
  std::shared_ptr<Mailbox> box_ = desk_.mailbox();
};

TEST_F(StripeDisputes, ATestMethodIsDisputedRightAfterItsCharge) {
  const auto intent = desk_.confirmed("pm_card_createDispute").text("id");
  EXPECT_EQ(box_->types(),
            (Types{"payment_intent.created", "charge.succeeded", "payment_intent.succeeded",
                   "charge.dispute.created", "charge.dispute.funds_withdrawn"}));
  EXPECT_TRUE(box_->last().at("request").at("id").is_null()) << "the bank acts, not the call";
  const auto dispute = newest();
  EXPECT_EQ(dispute.text("payment_intent"), intent);
  EXPECT_EQ(dispute.number("amount"), 1000);
  EXPECT_EQ(dispute.text("reason"), "fraudulent");
  EXPECT_EQ(dispute.text("status"), "needs_response");
  EXPECT_FALSE(dispute["is_charge_refundable"].as_bool());
  EXPECT_GT(dispute["evidence_details"].at("due_by").as_int64(), dispute.number("created"));
  EXPECT_EQ(dispute["balance_transactions"].at(0).at("amount").as_int64(), -1000);
  EXPECT_EQ(balance(), 0) << "the money is withdrawn at once";
  EXPECT_EQ(desk_.refund(intent).error("code"), "charge_disputed");
}

TEST_F(StripeDisputes, AHoldIsDisputedOnlyOnceItIsCaptured) {
  const auto intent =
      desk_.confirmed("pm_card_createDisputeProductNotReceived", {{"capture_method", "manual"}})
          .text("id");
  EXPECT_TRUE(newest().body.is_null());
  (void)desk_.act(intent, "capture", {{"amount_to_capture", "400"}});
  EXPECT_EQ(newest().number("amount"), 400);
  EXPECT_EQ(newest().text("reason"), "product_not_received");
}

TEST_F(StripeDisputes, AnInquiryMovesNoMoneyAndHindersNoRefund) {
  const auto intent = desk_.confirmed("pm_card_createDisputeInquiry").text("id");
  EXPECT_EQ(box_->types().back(), "charge.dispute.created");
  EXPECT_EQ(newest().text("status"), "warning_needs_response");
  EXPECT_TRUE(newest()["balance_transactions"].as_array().empty());
  EXPECT_EQ(balance(), 1000);
  EXPECT_EQ(desk_.refund(intent, {{"amount", "100"}}).status(), 200);
  (void)box_->types();
  const auto answered = evidence(newest().text("id"), "winning_evidence");
  EXPECT_EQ(answered.text("status"), "warning_closed");
  EXPECT_EQ(box_->types(), (Types{"charge.dispute.updated", "charge.dispute.closed"}));
}

TEST_F(StripeDisputes, SeveralDisputesShareTheCharge) {
  (void)desk_.confirmed("pm_card_createMultipleDisputes", {{"amount", "1001"}});
  const auto list = desk_.get("disputes");
  ASSERT_EQ(list["data"].as_array().size(), 2U);
  EXPECT_EQ(list["data"].at(0).at("amount").as_int64() + list["data"].at(1).at("amount").as_int64(),
            1001);
}

TEST_F(StripeDisputes, WinningEvidenceBringsTheMoneyBack) {
  const auto intent = desk_.confirmed("pm_card_createDispute").text("id");
  (void)box_->types();
  const auto won = evidence(newest().text("id"), "winning_evidence");
  EXPECT_EQ(won.text("status"), "won");
  EXPECT_EQ(box_->types(), (Types{"charge.dispute.updated", "charge.dispute.closed",
                                  "charge.dispute.funds_reinstated"}));
  const auto updated = json::parse(box_->letters[box_->letters.size() - 3].body).at("data");
  EXPECT_EQ(updated.at("object").at("status").as_string(), "under_review");
  EXPECT_EQ(updated.at("previous_attributes").at("status").as_string(), "needs_response");
  EXPECT_EQ(balance(), 1000);
  EXPECT_EQ(won["evidence_details"].at("submission_count").as_int64(), 1);
  EXPECT_EQ(desk_.refund(intent).status(), 200);
}

TEST_F(StripeDisputes, LosingEvidenceOrAcceptingItLosesTheMoney) {
  for (const bool accepts : {false, true}) {
    (void)desk_.call("POST", "/sandbox/reset");
    const auto intent = desk_.confirmed("pm_card_createDispute").text("id");
    const auto id = newest().text("id");
    const auto lost =
        accepts ? desk_.post("disputes/" + id + "/close", {}) : evidence(id, "losing_evidence");
    EXPECT_EQ(lost.text("status"), "lost");
    EXPECT_EQ(box_->letters.back().type, "charge.dispute.closed");
    EXPECT_EQ(balance(), 0);
    EXPECT_EQ(desk_.refund(intent).error("code"), "charge_disputed");
    EXPECT_EQ(evidence(id, "winning_evidence").status(), 400) << "closed for ever";
    EXPECT_EQ(desk_.post("disputes/" + id + "/close", {}).status(), 400);
    EXPECT_EQ(decide(id, "won").status(), 409);
    EXPECT_EQ(desk_.get("disputes/" + id).text("status"), "lost");
  }
}

TEST_F(StripeDisputes, StagedEvidenceIsNotSubmittedUntilAsked) {
  (void)desk_.confirmed("pm_card_createDispute");
  const auto id = newest().text("id");
  (void)box_->types();
  const auto staged = evidence(id, "winning_evidence", {{"submit", "false"}});
  EXPECT_EQ(staged.text("status"), "needs_response");
  EXPECT_TRUE(staged["evidence_details"].at("has_evidence").as_bool());
  EXPECT_EQ(staged["evidence_details"].at("submission_count").as_int64(), 0);
  EXPECT_EQ(box_->types(), (Types{"charge.dispute.updated"}));
  EXPECT_EQ(desk_.post("disputes/" + id, {{"metadata[a]", "1"}}).text("status"), "needs_response");
  EXPECT_EQ(desk_.post("disputes/" + id, {{"submit", "true"}}).text("status"), "won");
}

TEST_F(StripeDisputes, OtherEvidenceWaitsForTheBank) {
  (void)desk_.confirmed("pm_card_createDispute");
  const auto id = newest().text("id");
  EXPECT_EQ(evidence(id, "here is the parcel's receipt").text("status"), "under_review");
  (void)box_->types();
  EXPECT_EQ(decide(id, "won").text("status"), "won");
  EXPECT_EQ(box_->types(), (Types{"charge.dispute.closed", "charge.dispute.funds_reinstated"}));
}

TEST_F(StripeDisputes, StrangeEvidenceIsRefused) {
  (void)desk_.confirmed("pm_card_createDispute");
  const auto id = newest().text("id");
  EXPECT_EQ(desk_.post("disputes/" + id, {{"evidence[mood]", "bad"}}).error("code"),
            "parameter_unknown");
  EXPECT_EQ(evidence(id, std::string(150'001, 'x')).status(), 400);
  EXPECT_EQ(desk_.get("disputes/du_x").error("code"), "resource_missing");
  EXPECT_EQ(newest().text("status"), "needs_response");
}

TEST_F(StripeDisputes, TheDeskOpensOneOfAnyCapturedPayment) {
  const auto intent = desk_.confirmed("pm_card_visa").text("id");
  const auto opened = order(
      intent, R"(,"amount":{"value":"4.00","currency":"USD"},"reason":"product_unacceptable")");
  EXPECT_EQ(opened.status(), 201);
  EXPECT_EQ(opened.text("object"), intent);
  EXPECT_EQ(opened.text("payment"), "pay_1");
  EXPECT_EQ(opened["amount"].at("value").as_string(), "4.00");
  EXPECT_EQ(order(intent, R"(,"amount":{"value":"6.01","currency":"USD"})").status(), 409);
  EXPECT_EQ(order(intent, R"(,"inquiry":true)").text("status"), "warning_needs_response");

  const auto ledger = desk_.call("GET", "/sandbox/ledger?payment=pay_1");
  ASSERT_EQ(ledger["disputes"].as_array().size(), 2U);
  EXPECT_EQ(ledger["disputes"].at(0), opened.body);
  EXPECT_TRUE(ledger["disputes"].at(1).at("inquiry").as_bool());
  EXPECT_EQ(ledger["effects"].as_array().size(), 1U) << "a dispute is nobody's operation";
  EXPECT_TRUE(desk_.call("GET", "/sandbox/ledger?payment=pay_2")["disputes"].as_array().empty());
  EXPECT_EQ(desk_.get("disputes?payment_intent=" + intent)["data"].as_array().size(), 2U);
  EXPECT_TRUE(desk_.get("disputes?charge=ch_x")["data"].as_array().empty());
}

TEST_F(StripeDisputes, TheDeskRefusesWhatMakesNoSense) {
  const auto paid = desk_.confirmed("pm_card_visa").text("id");
  EXPECT_EQ(order("pi_x").status(), 404);
  EXPECT_EQ(order(desk_.authorized()).status(), 409) << "nothing is captured";
  EXPECT_EQ(order(paid, R"(,"reason":"mood")").text("field"), "reason");
  EXPECT_EQ(order(paid, R"(,"amount":{"value":"1.00","currency":"EUR"})").text("field"), "amount");
  EXPECT_EQ(order(paid, R"(,"amount":{"value":"0","currency":"USD"})").text("field"), "amount");
  EXPECT_EQ(order(paid, R"(,"amount":5)").text("field"), "amount");
  EXPECT_EQ(order(paid, R"(,"color":1)").text("field"), "color");
  EXPECT_EQ(desk_.call("POST", "/sandbox/disputes", R"({"provider":"x"})").status(), 404);
  EXPECT_EQ(desk_.call("GET", "/sandbox/disputes").status(), 405);
  EXPECT_EQ(decide("du_x", "won").status(), 404);
  EXPECT_EQ(decide("du_x", "unsure").status(), 400);
  (void)desk_.refund(paid);
  EXPECT_EQ(order(paid).status(), 409) << "all of it was refunded";
}

TEST_F(StripeDisputes, TheDashboardActsWithoutAKeyAndTheLedgerSaysSo) {
  const auto intent = desk_.authorized();
  const auto act = [&](const std::string& verb, const std::string& body = {}) {
    return desk_.call("POST", "/sandbox/dashboard/stripe/" + intent + "/" + verb, body);
  };
  (void)box_->types();
  EXPECT_EQ(act("capture", R"({"amount":{"value":"7.00","currency":"USD"}})").status(), 200);
  EXPECT_EQ(box_->types(), (Types{"charge.captured", "payment_intent.succeeded"}));
  EXPECT_TRUE(box_->last().at("request").at("idempotency_key").is_null());
  EXPECT_EQ(act("refund", R"({"amount":{"value":"8.00","currency":"USD"}})").text("field"),
            "amount");
  EXPECT_EQ(act("refund", R"({"amount":{"value":"1.00","currency":"EUR"}})").status(), 400);
  EXPECT_EQ(act("refund").status(), 200);
  EXPECT_EQ(act("refund").status(), 409);
  EXPECT_EQ(act("cancel").status(), 409);
  EXPECT_EQ(desk_.effects(), (Effects{"authorize 10.00", "capture 7.00", "refund 7.00"}));
  const auto ledger = desk_.call("GET", "/sandbox/ledger");
  EXPECT_FALSE(ledger["effects"].at(0).as_object().contains("by"));
  EXPECT_EQ(ledger["effects"].at(1).at("by").as_string(), "dashboard");
  EXPECT_EQ(ledger["effects"].at(1).at("idempotency_key").as_string(), "");
}

TEST_F(StripeDisputes, TheDashboardCancelsAHoldAndRefusesStrangers) {
  const auto intent = desk_.authorized();
  const std::string base = "/sandbox/dashboard/stripe/";
  EXPECT_EQ(desk_.call("POST", base + intent + "/cancel").status(), 200);
  EXPECT_EQ(desk_.status(intent), "canceled");
  EXPECT_EQ(desk_.effects().back(), "void 10.00");
  EXPECT_EQ(desk_.call("POST", base + "pi_x/cancel").status(), 404);
  EXPECT_EQ(desk_.call("POST", "/sandbox/dashboard/nobody/" + intent + "/cancel").status(), 404);
  EXPECT_EQ(desk_.call("POST", base + intent + "/paint").status(), 404);
  EXPECT_EQ(desk_.call("GET", base + intent + "/cancel").status(), 405);
  // What the dashboard did leaves no mark on what the API does next.
  (void)desk_.confirmed("pm_card_visa");
  const auto ledger = desk_.call("GET", "/sandbox/ledger");
  EXPECT_FALSE(ledger["effects"].as_array().back().as_object().contains("by"));
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
