#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

TEST(StripeRefunds, APartThenTheRest) {
  Desk desk;
  const auto id = desk.confirmed("pm_card_visa").text("id");
  const auto part = desk.refund(id, {{"amount", "300"}, {"reason", "requested_by_customer"}});
  EXPECT_EQ(part.status(), 200);
  EXPECT_EQ(part.text("status"), "succeeded");
  EXPECT_EQ(part.number("amount"), 300);
  EXPECT_EQ(part.text("payment_intent"), id);
  const auto charge = desk.get("charges/" + part.text("charge"));
  EXPECT_EQ(charge.number("amount_refunded"), 300);
  EXPECT_FALSE(charge["refunded"].as_bool());
  const auto rest = desk.refund(id);
  EXPECT_EQ(rest.number("amount"), 700);
  EXPECT_TRUE(desk.get("charges/" + part.text("charge"))["refunded"].as_bool());
  EXPECT_EQ(desk.effects(), (Effects{"charge 10.00", "refund 3.00", "refund 7.00"}));
  EXPECT_EQ(desk.refund(id).error("code"), "charge_already_refunded");
  EXPECT_EQ(desk.get("refunds/" + part.text("id")).number("amount"), 300);
}

TEST(StripeRefunds, ByChargeToo) {
  Desk desk;
  const auto charge = desk.confirmed("pm_card_visa").text("latest_charge");
  EXPECT_EQ(desk.post("refunds", {{"charge", charge}}).number("amount"), 1000);
}

TEST(StripeRefunds, MoreThanIsLeftIsRefused) {
  Desk desk;
  const auto id = desk.confirmed("pm_card_visa").text("id");
  (void)desk.refund(id, {{"amount", "600"}});
  const auto answer = desk.refund(id, {{"amount", "401"}});
  EXPECT_EQ(answer.status(), 400);
  EXPECT_EQ(answer.error("param"), "amount");
  EXPECT_EQ(desk.refund(id, {{"amount", "0"}}).error("param"), "amount");
  EXPECT_EQ(desk.refund(id, {{"amount", "-5"}}).error("param"), "amount");
  EXPECT_EQ(desk.effects(), (Effects{"charge 10.00", "refund 6.00"}));
}

TEST(StripeRefunds, OnlyWhatWasCapturedCanBeRefunded) {
  Desk desk;
  const auto held = desk.authorized();
  EXPECT_EQ(desk.refund(held).error("code"), "payment_intent_unexpected_state");
  (void)desk.act(held, "capture", {{"amount_to_capture", "250"}});
  EXPECT_EQ(desk.refund(held, {{"amount", "251"}}).error("param"), "amount");
  EXPECT_EQ(desk.refund(held).number("amount"), 250);
  const auto canceled = desk.authorized();
  (void)desk.act(canceled, "cancel");
  EXPECT_EQ(desk.refund(canceled).error("code"), "payment_intent_unexpected_state");
}

TEST(StripeRefunds, BetweenTwoCapturesWhatIsCapturedCanGoBack) {
  Desk desk;
  const auto id =
      desk.authorized({{"payment_method_options[card][request_multicapture]", "if_available"}});
  (void)desk.act(id, "capture", {{"amount_to_capture", "400"}, {"final_capture", "false"}});
  EXPECT_EQ(desk.refund(id, {{"amount", "401"}}).status(), 400);
  EXPECT_EQ(desk.refund(id).number("amount"), 400);
  (void)desk.act(id, "capture", {{"amount_to_capture", "600"}});
  EXPECT_EQ(desk.refund(id).number("amount"), 600);
}

TEST(StripeRefunds, ADisputedChargeIsNotRefundedButAnInquiryIs) {
  Desk desk;
  const auto disputed = desk.confirmed("pm_card_createDispute").text("id");
  EXPECT_EQ(desk.refund(disputed).error("code"), "charge_disputed");
  const auto asked = desk.confirmed("pm_card_createDisputeInquiry").text("id");
  EXPECT_EQ(desk.refund(asked).status(), 200);
}

TEST(StripeRefunds, SomeArePendingFirst) {
  Desk desk;
  const auto id = desk.confirmed("pm_card_pendingRefund").text("id");
  const auto refund = desk.refund(id);
  EXPECT_EQ(refund.text("status"), "pending");
  desk.now += std::chrono::seconds{10};
  EXPECT_EQ(desk.get("refunds/" + refund.text("id")).text("status"), "succeeded");
}

TEST(StripeRefunds, SomeFailLaterAndTheMoneyIsBack) {
  Desk desk;
  const auto id = desk.confirmed("pm_card_refundFail").text("id");
  const auto refund = desk.refund(id);
  EXPECT_EQ(refund.text("status"), "succeeded");
  desk.now += std::chrono::seconds{10};
  const auto failed = desk.get("refunds/" + refund.text("id"));
  EXPECT_EQ(failed.text("status"), "failed");
  EXPECT_EQ(failed.text("failure_reason"), "unknown");
  EXPECT_EQ(desk.get("charges/" + refund.text("charge")).number("amount_refunded"), 0);
  const auto ledger = desk.call("GET", "/sandbox/ledger");
  EXPECT_TRUE(ledger["effects"].at(1).at("taken_back").as_bool());
  EXPECT_EQ(desk.refund(id).status(), 200);
}

TEST(StripeRefunds, ListsByIntentAndCharge) {
  Desk desk;
  const auto one = desk.confirmed("pm_card_visa");
  const auto two = desk.confirmed("pm_card_visa");
  const auto first = desk.refund(one.text("id"), {{"amount", "100"}}).text("id");
  const auto second = desk.refund(one.text("id"), {{"amount", "200"}}).text("id");
  (void)desk.refund(two.text("id"));
  const auto by_intent = desk.get("refunds?limit=100&payment_intent=" + one.text("id"));
  ASSERT_EQ(by_intent["data"].as_array().size(), 2U);
  EXPECT_EQ(by_intent["data"].at(0).at("id").as_string(), second);  // newest first
  EXPECT_EQ(by_intent["data"].at(1).at("id").as_string(), first);
  EXPECT_EQ(desk.get("refunds?charge=" + two.text("latest_charge"))["data"].as_array().size(), 1U);
  EXPECT_EQ(desk.get("refunds?limit=2")["has_more"].as_bool(), true);
}

TEST(StripeRefunds, WrongReferencesAreNamed) {
  Desk desk;
  EXPECT_EQ(desk.post("refunds", {}).error("code"), "parameter_missing");
  EXPECT_EQ(desk.refund("pi_nobody").status(), 404);
  EXPECT_EQ(desk.refund("pi_nobody").error("param"), "payment_intent");
  EXPECT_EQ(desk.post("refunds", {{"charge", "ch_nobody"}}).error("param"), "charge");
  EXPECT_EQ(desk.get("refunds/re_nobody").error("code"), "resource_missing");
  const auto id = desk.confirmed("pm_card_visa").text("id");
  EXPECT_EQ(desk.refund(id, {{"reason", "because"}}).error("param"), "reason");
  EXPECT_EQ(desk.refund(id, {{"charge", "ch_other"}}).error("param"), "charge");
  EXPECT_EQ(desk.effects(), (Effects{"charge 10.00"}));
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
