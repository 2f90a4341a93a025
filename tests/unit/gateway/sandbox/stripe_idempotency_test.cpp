// What is kept under an idempotency key, what is not, and that no key ever has two effects.
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

const Fields paying{{"confirm", "true"}, {"payment_method", "pm_card_visa"}};

TEST(StripeIdempotency, ARepeatGetsTheSameAnswer) {
  Desk desk;
  const auto first = desk.create(paying, "k-1");
  const auto again = desk.create(paying, "k-1");
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(again.outgoing.response.body, first.outgoing.response.body);
  EXPECT_EQ(again.header("idempotent-replayed"), "true");
  EXPECT_EQ(again.header("original-request"), first.header("request-id"));
  EXPECT_NE(again.header("request-id"), first.header("request-id"));
  EXPECT_EQ(first.header("idempotent-replayed"), "");
  EXPECT_EQ(desk.effects(), (Effects{"charge 10.00"}));
}

TEST(StripeIdempotency, TheOrderOfParametersDoesNotMatter) {
  Desk desk;
  const auto headers = Desk::stripe_headers("k-1");
  const auto first = desk.call("POST", "/stripe/v1/payment_intents",
                               "amount=1000&currency=usd&metadata[a]=b%20c", headers);
  const auto again = desk.call("POST", "/stripe/v1/payment_intents",
                               "metadata%5Ba%5D=b+c&currency=usd&amount=1000", headers);
  EXPECT_EQ(again.header("idempotent-replayed"), "true");
  EXPECT_EQ(again.text("id"), first.text("id"));
}

TEST(StripeIdempotency, AnEffectHappensOncePerKeyWhateverTheVerb) {
  Desk desk;
  const auto id = desk.authorized();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(desk.act(id, "capture", {{"amount_to_capture", "600"}}, "k-capture").text("status"),
              "succeeded");
    EXPECT_EQ(desk.refund(id, {{"amount", "100"}}, "k-refund").number("amount"), 100);
  }
  const auto other = desk.authorized();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(desk.act(other, "cancel", {}, "k-void").text("status"), "canceled");
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00", "capture 6.00", "refund 1.00",
                                     "authorize 10.00", "void 10.00"}));
}

TEST(StripeIdempotency, OtherParametersOrAnotherPathAreRefused) {
  Desk desk;
  const auto id = desk.create(paying, "k-1").text("id");
  const auto other_amount = desk.create({{"amount", "2000"}}, "k-1");
  EXPECT_EQ(other_amount.status(), 400);
  EXPECT_EQ(other_amount.error("type"), "idempotency_error");
  EXPECT_EQ(other_amount.error("code"), "");
  const auto other_path = desk.refund(id, {}, "k-1");
  EXPECT_EQ(other_path.status(), 400);
  EXPECT_EQ(other_path.error("type"), "idempotency_error");
  const auto one = desk.authorized();
  const auto two = desk.authorized();
  EXPECT_EQ(desk.act(one, "capture", {}, "k-2").status(), 200);
  EXPECT_EQ(desk.act(two, "capture", {}, "k-2").error("type"), "idempotency_error");
  EXPECT_EQ(desk.effects(),
            (Effects{"charge 10.00", "authorize 10.00", "authorize 10.00", "capture 10.00"}));
}

TEST(StripeIdempotency, ADeclineIsKept) {
  Desk desk;
  const auto id = desk.create({{"payment_method", "pm_card_chargeDeclined"}}).text("id");
  const auto first = desk.act(id, "confirm", {}, "k-1");
  (void)desk.act(id, "confirm", {{"payment_method", "pm_card_visa"}}, "k-2");
  const auto again = desk.act(id, "confirm", {}, "k-1");
  EXPECT_EQ(again.status(), 402);
  EXPECT_EQ(again.outgoing.response.body, first.outgoing.response.body);
  EXPECT_EQ(again.header("idempotent-replayed"), "true");
}

TEST(StripeIdempotency, WhatWasRefusedBeforeExecutionIsNotKept) {
  Desk desk;
  EXPECT_EQ(desk.create({{"amount", "1"}}, "k-1").status(), 400);
  const auto retried = desk.create({}, "k-1");
  EXPECT_EQ(retried.status(), 200);
  EXPECT_EQ(retried.header("idempotent-replayed"), "");
  EXPECT_EQ(desk.act("pi_nobody", "confirm", {}, "k-2").status(), 404);
  EXPECT_EQ(desk.create({}, "k-2").status(), 200);
  http::Request nobody{"POST",
                       {},
                       "/stripe/v1/payment_intents",
                       {{"Idempotency-Key", "k-3"}},
                       "amount=1000&currency=usd",
                       {}};
  EXPECT_EQ(desk.send(nobody).status(), 401);
  EXPECT_EQ(desk.create({}, "k-3").status(), 200);
}

TEST(StripeIdempotency, AStateConflictIsKept) {
  Desk desk;
  const auto id =
      desk.create({{"payment_method", "pm_card_visa"}, {"capture_method", "manual"}}).text("id");
  EXPECT_EQ(desk.act(id, "capture", {}, "k-1").status(), 400);
  (void)desk.act(id, "confirm");
  const auto again = desk.act(id, "capture", {}, "k-1");
  EXPECT_EQ(again.status(), 400);
  EXPECT_EQ(again.header("idempotent-replayed"), "true");
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00"}));
}

TEST(StripeIdempotency, WhileTheFirstAnswerIsOnItsWayTheKeyIsInUse) {
  Desk desk;
  ASSERT_EQ(
      desk.faults(
              R"({"provider":"stripe","operation":"charge","fault":"slow","delay_ms":2000,"count":1})")
          .status(),
      200);
  const auto first = desk.create(paying, "k-1");
  EXPECT_EQ(first.outgoing.delay, std::chrono::milliseconds{2000});
  const auto early = desk.create(paying, "k-1");
  EXPECT_EQ(early.status(), 409);
  EXPECT_EQ(early.error("code"), "idempotency_key_in_use");
  desk.now += std::chrono::seconds{2};
  const auto later = desk.create(paying, "k-1");
  EXPECT_EQ(later.status(), 200);
  EXPECT_EQ(later.header("idempotent-replayed"), "true");
  EXPECT_EQ(desk.effects(), (Effects{"charge 10.00"}));
}

TEST(StripeIdempotency, AKeyIsForgottenAfterADay) {
  Desk desk;
  const auto first = desk.create({}, "k-1");
  desk.now += std::chrono::hours{24} - std::chrono::microseconds{1};
  EXPECT_EQ(desk.create({}, "k-1").text("id"), first.text("id"));
  desk.now += std::chrono::microseconds{1};
  EXPECT_NE(desk.create({}, "k-1").text("id"), first.text("id"));
}

TEST(StripeIdempotency, EachConnectedAccountHasItsOwnKeys) {
  Desk desk;
  const auto own = desk.create({}, "k-1");
  auto headers = Desk::stripe_headers("k-1");
  headers.push_back({"Stripe-Account", "acct_1"});
  const auto connected = desk.call("POST", "/stripe/v1/payment_intents",
                                   "amount=1000&currency=usd&metadata[payment_id]=pay_1", headers);
  EXPECT_EQ(connected.header("idempotent-replayed"), "");
  EXPECT_NE(connected.text("id"), own.text("id"));
}

TEST(StripeIdempotency, AKeyHasALimit) {
  Desk desk;
  EXPECT_EQ(desk.create({}, std::string(255, 'k')).status(), 200);
  const auto answer = desk.create({}, std::string(256, 'k'));
  EXPECT_EQ(answer.status(), 400);
  EXPECT_EQ(answer.error("type"), "idempotency_error");
}

TEST(StripeIdempotency, WithoutAKeyEachCallStandsAlone) {
  Desk desk;
  (void)desk.create(paying);
  (void)desk.create(paying);
  EXPECT_EQ(desk.effects(), (Effects{"charge 10.00", "charge 10.00"}));
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
