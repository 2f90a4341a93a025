// What Stripe tells about each change: which events, what stands in them, and that they are kept.
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using Types = std::vector<std::string>;
using namespace std::chrono_literals;

TEST(StripeEvents, AChargeIsToldInThreeEvents) {
  Desk desk;
  const auto box = desk.mailbox();
  (void)desk.confirmed("pm_card_visa");
  EXPECT_EQ(box->types(),
            (Types{"payment_intent.created", "charge.succeeded", "payment_intent.succeeded"}));
}

TEST(StripeEvents, EveryStepOfAHoldIsTold) {
  Desk desk;
  const auto box = desk.mailbox();
  const auto id = desk.authorized();
  EXPECT_EQ(box->types(), (Types{"payment_intent.created", "charge.succeeded",
                                 "payment_intent.amount_capturable_updated"}));
  EXPECT_EQ(box->last().at("data").at("object").at("amount_capturable").as_int64(), 1000);
  (void)desk.act(id, "capture", {{"amount_to_capture", "400"}});
  EXPECT_EQ(box->types(), (Types{"charge.captured", "payment_intent.succeeded"}));
  EXPECT_EQ(box->last().at("data").at("object").at("amount_received").as_int64(), 400);
}

TEST(StripeEvents, ACaptureThatIsNotTheLastLeavesTheIntentOpen) {
  Desk desk;
  const auto id =
      desk.authorized({{"payment_method_options[card][request_multicapture]", "if_available"}});
  const auto box = desk.mailbox();
  (void)desk.act(id, "capture", {{"amount_to_capture", "400"}, {"final_capture", "false"}});
  EXPECT_EQ(box->types(), (Types{"charge.captured", "payment_intent.amount_capturable_updated"}));
}

TEST(StripeEvents, ACanceledHoldShowsAsRefundedThoughNothingWasCaptured) {
  Desk desk;
  const auto id = desk.authorized();
  const auto box = desk.mailbox();
  (void)desk.act(id, "cancel");
  EXPECT_EQ(box->types(), (Types{"charge.refunded", "payment_intent.canceled"}));
  const auto charge = json::parse(box->letters[0].body).at("data").at("object");
  EXPECT_FALSE(charge.at("captured").as_bool());
  EXPECT_EQ(charge.at("amount_captured").as_int64(), 0);
}

TEST(StripeEvents, AnIntentThatHeldNothingIsOnlyCanceled) {
  Desk desk;
  const auto id = desk.create().text("id");
  const auto box = desk.mailbox();
  (void)desk.act(id, "cancel");
  EXPECT_EQ(box->types(), (Types{"payment_intent.canceled"}));
}

TEST(StripeEvents, ADeclineIsToldTwiceAndTheIntentStaysOpen) {
  Desk desk;
  const auto box = desk.mailbox();
  (void)desk.confirmed("pm_card_chargeDeclined");
  EXPECT_EQ(box->types(),
            (Types{"payment_intent.created", "charge.failed", "payment_intent.payment_failed"}));
  const auto intent = box->last().at("data").at("object");
  EXPECT_EQ(intent.at("status").as_string(), "requires_payment_method");
  EXPECT_EQ(intent.at("last_payment_error").at("code").as_string(), "card_declined");
}

TEST(StripeEvents, AChallengeIsToldAndSoIsItsEnd) {
  Desk desk;
  const auto box = desk.mailbox();
  const auto id = desk.confirmed("pm_card_threeDSecureRequired").text("id");
  EXPECT_EQ(box->types(), (Types{"payment_intent.created", "payment_intent.requires_action"}));
  (void)desk.call("POST", "/sandbox/payer/stripe/" + id + "/decline");
  EXPECT_EQ(box->types(), (Types{"payment_intent.payment_failed"}));
  EXPECT_TRUE(box->last().at("request").at("id").is_null()) << "the payer made no call";
}

TEST(StripeEvents, ARefundIsToldAndSoIsWhatBecomesOfIt) {
  for (const bool fails : {false, true}) {
    Desk desk;
    const auto id =
        desk.confirmed(fails ? "pm_card_refundFail" : "pm_card_pendingRefund").text("id");
    const auto box = desk.mailbox();
    const auto refund = desk.refund(id, {{"amount", "300"}}).text("id");
    EXPECT_EQ(box->types(), (Types{"refund.created", "charge.refunded"}));
    EXPECT_EQ(box->last().at("data").at("object").at("amount_refunded").as_int64(), 300);
    EXPECT_EQ(desk.sandbox()->pass_time(), desk.now + 10s);
    desk.now += 11s;
    EXPECT_EQ(desk.sandbox()->pass_time(), std::nullopt) << "nobody has to look for it to happen";
    const auto types = box->types();
    EXPECT_EQ(types, fails ? (Types{"refund.updated", "refund.failed"}) : Types{"refund.updated"});
    const auto event = json::parse(box->letters[2].body);
    EXPECT_EQ(event.at("data").at("object").at("id").as_string(), refund);
    EXPECT_EQ(event.at("data").at("object").at("status").as_string(),
              fails ? "failed" : "succeeded");
    EXPECT_EQ(event.at("data").at("previous_attributes").at("status").as_string(),
              fails ? "succeeded" : "pending");
    EXPECT_TRUE(event.at("request").at("id").is_null());
    EXPECT_EQ(desk.get("refunds/" + refund).text("status"), fails ? "failed" : "succeeded");
    EXPECT_TRUE(box->types().empty()) << "looking at it tells it no second time";
  }
}

TEST(StripeEvents, AHoldThatEndsByTimeIsToldWithoutACall) {
  Desk desk;
  const auto id = desk.authorized();
  const auto box = desk.mailbox();
  desk.now += std::chrono::hours{7 * 24};
  (void)desk.sandbox()->pass_time();
  EXPECT_EQ(box->types(), (Types{"charge.expired", "payment_intent.canceled"}));
  EXPECT_EQ(box->last().at("data").at("object").at("cancellation_reason").as_string(), "automatic");
  (void)desk.get("payment_intents/" + id);
  EXPECT_TRUE(box->types().empty());
}

TEST(StripeEvents, ACapturedHoldDoesNotEndByTime) {
  Desk desk;
  const auto id = desk.authorized();
  (void)desk.act(id, "capture");
  const auto box = desk.mailbox();
  desk.now += std::chrono::hours{8 * 24};
  (void)desk.sandbox()->pass_time();
  EXPECT_TRUE(box->types().empty());
}

TEST(StripeEvents, TheEnvelopeNamesTheCallThatCausedIt) {
  Desk desk;
  const auto box = desk.mailbox();
  const auto answer = desk.confirmed("pm_card_visa", {}, "k-1");
  const auto event = box->last();
  EXPECT_TRUE(event.at("id").as_string().starts_with("evt_"));
  EXPECT_EQ(event.at("object").as_string(), "event");
  EXPECT_EQ(event.at("api_version").as_string(), "2026-10-28.endive");
  EXPECT_EQ(event.at("created").as_int64(), 1'795'250'298);
  EXPECT_FALSE(event.at("livemode").as_bool());
  EXPECT_EQ(event.at("pending_webhooks").as_int64(), 1);
  EXPECT_EQ(event.at("request").at("id").as_string(), answer.header("request-id"));
  EXPECT_EQ(event.at("request").at("idempotency_key").as_string(), "k-1");
  EXPECT_FALSE(event.at("data").as_object().contains("previous_attributes"));
  EXPECT_EQ(event.at("data").at("object"), answer.body) << "the object as the API renders it";
}

TEST(StripeEvents, AReplayedAnswerTellsNothingAgain) {
  Desk desk;
  const auto box = desk.mailbox();
  (void)desk.confirmed("pm_card_visa", {}, "k-1");
  EXPECT_EQ(box->types().size(), 3U);
  EXPECT_EQ(desk.confirmed("pm_card_visa", {}, "k-1").header("idempotent-replayed"), "true");
  EXPECT_TRUE(box->types().empty());
}

TEST(StripeEvents, AnEffectBehindALostAnswerIsToldAndACallThatWasKeptAwayIsNot) {
  for (const std::string fault : {"timeout_after", "http_500_after", "reset_mid_body"}) {
    Desk desk;
    const auto id = desk.create({{"payment_method", "pm_card_visa"}}).text("id");
    const auto box = desk.mailbox();
    (void)desk.faults(R"({"provider":"stripe","operation":"charge","fault":")" + fault + "\"}");
    (void)desk.act(id, "confirm");
    EXPECT_EQ(box->types(), (Types{"charge.succeeded", "payment_intent.succeeded"})) << fault;
  }
  for (const std::string fault : {"timeout_before", "http_500", "http_503", "reset_before"}) {
    Desk desk;
    const auto id = desk.create({{"payment_method", "pm_card_visa"}}).text("id");
    const auto box = desk.mailbox();
    (void)desk.faults(R"({"provider":"stripe","operation":"charge","fault":")" + fault + "\"}");
    (void)desk.act(id, "confirm");
    EXPECT_TRUE(box->types().empty()) << fault;
  }
}

TEST(StripeEvents, ARefusedCallTellsNothing) {
  Desk desk;
  const auto id = desk.confirmed("pm_card_visa").text("id");
  const auto box = desk.mailbox();
  EXPECT_EQ(desk.act(id, "capture").status(), 400);
  EXPECT_EQ(desk.act(id, "cancel").status(), 400);
  EXPECT_EQ(desk.refund(id, {{"amount", "1001"}}).status(), 400);
  EXPECT_TRUE(box->types().empty());
}

TEST(StripeEvents, EventsAreListedAndReadWithoutAnybodyListening) {
  Desk desk;
  const auto id = desk.confirmed("pm_card_visa").text("id");
  desk.now += 5s;
  (void)desk.refund(id);
  const auto all = desk.get("events");
  ASSERT_EQ(all["data"].as_array().size(), 5U);
  EXPECT_EQ(all["data"].at(0).at("type").as_string(), "charge.refunded") << "newest first";
  EXPECT_EQ(all["data"].at(0).at("pending_webhooks").as_int64(), 0);
  const auto count = [&](const std::string& query) {
    return desk.get("events?" + query)["data"].as_array().size();
  };
  EXPECT_EQ(count("type=charge.succeeded"), 1U);
  EXPECT_EQ(count("type=charge.*"), 2U);
  EXPECT_EQ(count("type=charge"), 0U);
  EXPECT_EQ(count("types[]=refund.created&types[]=payment_intent.created"), 2U);
  EXPECT_EQ(count("created[gte]=1795250303"), 2U);
  EXPECT_EQ(count("created[lt]=1795250303"), 3U);
  EXPECT_EQ(desk.get("events?type=a&types[]=b").status(), 400);

  const std::string newest{all["data"].at(0).at("id").as_string()};
  const auto page = desk.get("events?limit=2&starting_after=" + newest);
  EXPECT_EQ(page["data"].at(0), all["data"].at(1));
  EXPECT_TRUE(page["has_more"].as_bool());
  const auto back = desk.get("events?limit=2&ending_before=" +
                             std::string{all["data"].at(4).at("id").as_string()});
  EXPECT_EQ(back["data"].at(0), all["data"].at(2));

  EXPECT_EQ(desk.get("events/" + newest).body, all["data"].at(0));
  EXPECT_EQ(desk.get("events/evt_x").error("code"), "resource_missing");
  (void)desk.call("POST", "/sandbox/reset");
  EXPECT_TRUE(desk.get("events")["data"].as_array().empty());
}

TEST(StripeEvents, TheSameCallsMakeTheSameEvents) {
  const auto bodies = [] {
    Desk desk;
    const auto box = desk.mailbox();
    (void)desk.faults(
        R"({"provider":"*","operation":"webhook","fault":"forge","probability":0.5})");
    for (int i = 0; i < 20; ++i) (void)desk.confirmed("pm_card_visa");
    std::string all;
    for (const auto& letter : box->letters) all += letter.body;
    return all;
  };
  EXPECT_EQ(bodies(), bodies());
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
