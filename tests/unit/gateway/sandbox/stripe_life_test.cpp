// Every transition of an emulated PaymentIntent, and what the ledger of effects says about it.
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

TEST(StripeLife, AnUnconfirmedIntentHasNoEffect) {
  Desk desk;
  const auto bare = desk.create();
  EXPECT_EQ(bare.status(), 200);
  EXPECT_EQ(bare.text("status"), "requires_payment_method");
  const auto with_method = desk.create({{"payment_method", "pm_card_visa"}});
  EXPECT_EQ(with_method.text("status"), "requires_confirmation");
  EXPECT_TRUE(desk.effects().empty());
}

TEST(StripeLife, AManualConfirmAuthorizes) {
  Desk desk;
  const auto created =
      desk.create({{"payment_method", "pm_card_visa"}, {"capture_method", "manual"}});
  const auto answer =
      desk.act(created.text("id"), "confirm", {{"expand[]", "latest_charge"}}, "k-confirm");
  EXPECT_EQ(answer.text("status"), "requires_capture");
  EXPECT_EQ(answer.number("amount_capturable"), 1000);
  EXPECT_EQ(answer.number("amount_received"), 0);
  const auto& charge = answer["latest_charge"];
  EXPECT_EQ(charge.at("captured").as_bool(), false);
  EXPECT_EQ(charge.at("payment_method_details").at("card").at("last4").as_string(), "4242");
  EXPECT_EQ(charge.at("payment_method_details").at("card").at("brand").as_string(), "visa");
  EXPECT_EQ(charge.at("payment_method_details").at("card").at("capture_before").as_int64(),
            1'795'250'298 + 7 * 86'400);
  EXPECT_TRUE(charge.at("balance_transaction").is_null());

  const auto ledger = desk.call("GET", "/sandbox/ledger");
  ASSERT_EQ(ledger["effects"].as_array().size(), 1U);
  const auto& effect = ledger["effects"].as_array()[0];
  EXPECT_EQ(effect.at("provider").as_string(), "stripe");
  EXPECT_EQ(effect.at("kind").as_string(), "authorize");
  EXPECT_EQ(effect.at("object").as_string(), created.text("id"));
  EXPECT_EQ(effect.at("payment").as_string(), "pay_1");
  EXPECT_EQ(effect.at("amount").at("value").as_string(), "10.00");
  EXPECT_EQ(effect.at("amount").at("currency").as_string(), "USD");
  EXPECT_EQ(effect.at("idempotency_key").as_string(), "k-confirm");
  EXPECT_EQ(effect.at("at").as_string(), to_rfc3339(desk.now));
}

TEST(StripeLife, AnAutomaticConfirmCharges) {
  Desk desk;
  for (const auto* how : {"automatic", "automatic_async"}) {
    const auto answer =
        desk.confirmed("pm_card_visa", {{"capture_method", how}, {"expand[0]", "latest_charge"}});
    EXPECT_EQ(answer.text("status"), "succeeded");
    EXPECT_EQ(answer.number("amount_received"), 1000);
    EXPECT_TRUE(answer["latest_charge"].at("captured").as_bool());
  }
  EXPECT_EQ(desk.effects(), (Effects{"charge 10.00", "charge 10.00"}));
}

TEST(StripeLife, AFullCaptureSucceeds) {
  Desk desk;
  const auto id = desk.authorized();
  const auto answer = desk.act(id, "capture");
  EXPECT_EQ(answer.text("status"), "succeeded");
  EXPECT_EQ(answer.number("amount_received"), 1000);
  EXPECT_EQ(answer.number("amount_capturable"), 0);
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00", "capture 10.00"}));
}

TEST(StripeLife, APartialCaptureReleasesTheRest) {
  Desk desk;
  const auto id = desk.authorized();
  const auto answer = desk.act(id, "capture", {{"amount_to_capture", "400"}});
  EXPECT_EQ(answer.text("status"), "succeeded");
  EXPECT_EQ(answer.number("amount_received"), 400);
  EXPECT_EQ(answer.number("amount_capturable"), 0);
  EXPECT_EQ(desk.act(id, "capture", {{"amount_to_capture", "100"}}).error("code"),
            "payment_intent_unexpected_state");
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00", "capture 4.00"}));
}

TEST(StripeLife, SeveralCapturesNeedMulticapture) {
  Desk desk;
  const auto id = desk.authorized();
  const auto refused =
      desk.act(id, "capture", {{"amount_to_capture", "400"}, {"final_capture", "false"}});
  EXPECT_EQ(refused.status(), 400);
  EXPECT_EQ(refused.error("param"), "final_capture");
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00"}));
}

TEST(StripeLife, MulticaptureKeepsTheRestUntilTheLastOne) {
  Desk desk;
  const auto id =
      desk.authorized({{"payment_method_options[card][request_multicapture]", "if_available"}});
  const auto first =
      desk.act(id, "capture", {{"amount_to_capture", "400"}, {"final_capture", "false"}});
  EXPECT_EQ(first.text("status"), "requires_capture");
  EXPECT_EQ(first.number("amount_capturable"), 600);
  EXPECT_EQ(first.number("amount_received"), 400);
  const auto second =
      desk.act(id, "capture", {{"amount_to_capture", "100"}, {"final_capture", "false"}});
  EXPECT_EQ(second.number("amount_capturable"), 500);
  const auto last = desk.act(id, "capture", {{"amount_to_capture", "300"}});
  EXPECT_EQ(last.text("status"), "succeeded");
  EXPECT_EQ(last.number("amount_received"), 800);
  EXPECT_EQ(last.number("amount_capturable"), 0);
  EXPECT_EQ(desk.effects(),
            (Effects{"authorize 10.00", "capture 4.00", "capture 1.00", "capture 3.00"}));
}

TEST(StripeLife, TheRestOfAMulticaptureCanBeGivenBack) {
  Desk desk;
  const Fields multi{{"payment_method_options[card][request_multicapture]", "if_available"}};
  const auto id = desk.authorized(multi);
  (void)desk.act(id, "capture", {{"amount_to_capture", "400"}, {"final_capture", "false"}});
  EXPECT_EQ(desk.act(id, "capture", {{"amount_to_capture", "0"}}).text("status"), "succeeded");
  const auto other = desk.authorized(multi);
  (void)desk.act(other, "capture", {{"amount_to_capture", "250"}, {"final_capture", "false"}});
  EXPECT_EQ(desk.act(other, "cancel").text("status"), "canceled");
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00", "capture 4.00", "void 6.00",
                                     "authorize 10.00", "capture 2.50", "void 7.50"}));
}

TEST(StripeLife, CaptureAboveWhatIsHeldIsRefused) {
  Desk desk;
  const auto id = desk.authorized();
  const auto answer = desk.act(id, "capture", {{"amount_to_capture", "1001"}});
  EXPECT_EQ(answer.status(), 400);
  EXPECT_EQ(answer.error("param"), "amount_to_capture");
  EXPECT_EQ(desk.status(id), "requires_capture");
  EXPECT_EQ(desk.act(id, "capture", {{"amount_to_capture", "0"}}).status(), 400);
  EXPECT_EQ(desk.act(id, "capture", {{"amount_to_capture", "-1"}}).status(), 400);
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00"}));
}

TEST(StripeLife, CancelReleasesTheHold) {
  Desk desk;
  const auto id = desk.authorized();
  const auto answer =
      desk.act(id, "cancel", {{"cancellation_reason", "abandoned"}, {"expand[]", "latest_charge"}});
  EXPECT_EQ(answer.text("status"), "canceled");
  EXPECT_EQ(answer.text("cancellation_reason"), "abandoned");
  EXPECT_EQ(answer.number("canceled_at"), 1'795'250'298);
  EXPECT_EQ(answer.number("amount_capturable"), 0);
  EXPECT_EQ(answer["latest_charge"].at("amount_refunded").as_int64(), 1000);
  EXPECT_TRUE(answer["latest_charge"].at("refunded").as_bool());
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00", "void 10.00"}));
}

TEST(StripeLife, CancelBeforeAnythingIsHeldHasNoEffect) {
  Desk desk;
  EXPECT_EQ(desk.act(desk.create().text("id"), "cancel").text("status"), "canceled");
  EXPECT_EQ(desk.act(desk.create({{"payment_method", "pm_card_visa"}}).text("id"), "cancel")
                .text("status"),
            "canceled");
  EXPECT_EQ(
      desk.act(desk.confirmed("pm_card_threeDSecureRequired").text("id"), "cancel").text("status"),
      "canceled");
  EXPECT_TRUE(desk.effects().empty());
}

// Every verb in every state that does not allow it: 400 with the intent, and nothing changes.
TEST(StripeLife, WhatAStateDoesNotAllowIsRefusedWithTheIntent) {
  Desk desk;
  const auto start = desk.create().text("id");
  const auto unconfirmed = desk.create({{"payment_method", "pm_card_visa"}}).text("id");
  const auto waiting = desk.confirmed("pm_card_threeDSecureRequired").text("id");
  const auto held = desk.authorized();
  const auto paid = desk.confirmed("pm_card_visa").text("id");
  const auto canceled = desk.create().text("id");
  (void)desk.act(canceled, "cancel");
  const auto before = desk.effects();
  const std::vector<std::pair<std::string, std::string>> refused{
      {start, "capture"},    {start, "confirm"},    {unconfirmed, "capture"}, {waiting, "capture"},
      {held, "confirm"},     {paid, "confirm"},     {paid, "capture"},        {paid, "cancel"},
      {canceled, "confirm"}, {canceled, "capture"}, {canceled, "cancel"}};
  for (const auto& [id, verb] : refused) {
    const auto status = desk.status(id);
    const auto answer = desk.act(id, verb);
    EXPECT_EQ(answer.status(), 400) << verb << " in " << status;
    EXPECT_EQ(answer.error("code"), "payment_intent_unexpected_state") << verb << " in " << status;
    EXPECT_EQ(answer["error"].at("payment_intent").at("id").as_string(), id);
    EXPECT_EQ(desk.status(id), status);
  }
  EXPECT_EQ(desk.effects(), before);
}

TEST(StripeLife, AHoldEndsAfterSevenDays) {
  Desk desk;
  const auto id = desk.authorized();
  desk.now += std::chrono::hours{7 * 24} - std::chrono::microseconds{1};
  EXPECT_EQ(desk.status(id), "requires_capture");
  desk.now += std::chrono::microseconds{1};
  const auto expired = desk.get("payment_intents/" + id);
  EXPECT_EQ(expired.text("status"), "canceled");
  EXPECT_EQ(expired.text("cancellation_reason"), "automatic");
  EXPECT_EQ(desk.act(id, "capture").error("code"), "charge_expired_for_capture");
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00"}));
}

TEST(StripeLife, CaptureAtOnceAfterExpiryIsRefused) {
  Desk desk;
  const auto id = desk.authorized();
  desk.now += std::chrono::hours{8 * 24};
  const auto answer = desk.act(id, "capture");
  EXPECT_EQ(answer.status(), 400);
  EXPECT_EQ(answer.error("code"), "charge_expired_for_capture");
}

TEST(StripeLife, UpdateChangesWhatIsOpen) {
  Desk desk;
  const auto id =
      desk.create({{"description", "first"}, {"metadata[a]", "1"}, {"metadata[b]", "2"}})
          .text("id");
  const auto path = "payment_intents/" + id;
  const auto answer = desk.post(
      path, {{"amount", "2500"}, {"description", ""}, {"metadata[a]", ""}, {"metadata[c]", "3 4"}});
  EXPECT_EQ(answer.number("amount"), 2500);
  EXPECT_TRUE(answer["description"].is_null());
  EXPECT_EQ(answer["metadata"], (json::object{{"payment_id", "pay_1"}, {"b", "2"}, {"c", "3 4"}}));
  EXPECT_EQ(desk.post(path, {{"payment_method", "pm_card_visa"}}).text("status"),
            "requires_confirmation");
  EXPECT_EQ(desk.act(id, "confirm").number("amount_received"), 2500);
  EXPECT_EQ(desk.post(path, {{"amount", "1"}}).status(), 400);
  EXPECT_EQ(desk.post(path, {{"amount", "3000"}}).error("code"), "payment_intent_unexpected_state");
  EXPECT_EQ(desk.post(path, {{"metadata[late]", "yes"}}).status(), 200);
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
