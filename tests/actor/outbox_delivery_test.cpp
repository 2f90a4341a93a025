// Outgoing events: at least once, in order per payment, however the endpoint behaves and wherever
// the process dies.
#include <gtest/gtest.h>

#include "protocols/webhook/standard.hpp"
#include "tests/support/actor_merchant.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

const std::string shop = "https://shop.test/hooks";

/// For stories of days: whoever looks for something to do looks rarely.
void unhurried(actors::RuntimeParams& params) {
  params.outbox.poll = 20s;
  params.timer_poll = 60s;
}

TEST(Outbox, AnEventIsPostedOnceAndSignedUnderItsOwnId) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  const auto id = at.announce(1);
  at.world.pass(1s);
  ASSERT_EQ(at.merchant->attempts.size(), 1U);
  const auto& request = at.merchant->attempts[0].request;
  EXPECT_EQ(at.merchant->attempts[0].id, id);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(*http::find(request.headers, "content-type"), "application/json");
  EXPECT_EQ(*http::find(request.headers, "user-agent"), "cambist");
  EXPECT_EQ(request.body, at.outbox()[0].row.json);
  EXPECT_TRUE(webhook::verify(request.headers, request.body, std::vector{endpoint_secret()},
                              at.merchant->attempts[0].at));
  const auto rows = at.deliveries(endpoint);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].status, "delivered");
  EXPECT_EQ(rows[0].attempts, 1);
  EXPECT_EQ(rows[0].response_status, 200);
  EXPECT_EQ(at.row(endpoint).cursor, at.outbox()[0].position);
}

TEST(Outbox, OnlyWhatComesAfterAnEndpointWasMadeIsSentToIt) {
  MerchantWorld at;
  (void)at.announce(1);
  (void)at.endpoint(shop);
  const auto id = at.announce(1);
  at.world.pass(1s);
  EXPECT_EQ(at.merchant->consumed(shop), std::vector{id});
}

TEST(Outbox, AFailedAttemptIsStoredAndMadeAgainByTheScheduleWithTheSameId) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  at.merchant->answer = [&](const auto&) { return at.merchant->attempts.size() < 2 ? 500 : 200; };
  const auto id = at.announce(1);
  at.world.pass(1s);
  ASSERT_EQ(at.deliveries(endpoint).size(), 1U);
  EXPECT_EQ(at.deliveries(endpoint)[0].status, "pending");
  EXPECT_EQ(at.deliveries(endpoint)[0].response_status, 500);
  EXPECT_EQ(at.deliveries(endpoint)[0].error, "answered 500");
  EXPECT_TRUE(at.deliveries(endpoint)[0].next_attempt_at);
  at.world.pass(6s);
  EXPECT_EQ(at.merchant->attempts.size(), 2U);
  at.world.pass(6min);
  ASSERT_EQ(at.merchant->attempts.size(), 3U);
  const auto& tries = at.merchant->attempts;
  for (const auto& attempt : tries) EXPECT_EQ(attempt.id, id);
  EXPECT_NEAR(static_cast<double>((tries[1].at - tries[0].at) / 1ms), 5'000, 600);
  EXPECT_NEAR(static_cast<double>((tries[2].at - tries[1].at) / 1ms), 300'000, 31'000);
  EXPECT_NE(*http::find(tries[0].request.headers, "webhook-timestamp"),
            *http::find(tries[1].request.headers, "webhook-timestamp"));
  EXPECT_EQ(at.deliveries(endpoint)[0].status, "delivered");
  EXPECT_EQ(at.deliveries(endpoint)[0].attempts, 3);
}

TEST(Outbox, AnEndpointThatNamesATimeIsNotTriedBefore) {
  MerchantWorld at;
  (void)at.endpoint(shop);
  at.merchant->headers = {{"Retry-After", "120"}};
  at.merchant->answer = [&](const auto&) { return at.merchant->attempts.empty() ? 503 : 200; };
  (void)at.announce(1);
  at.world.pass(119s);
  EXPECT_EQ(at.merchant->attempts.size(), 1U);
  at.world.pass(3s);
  EXPECT_EQ(at.merchant->attempts.size(), 2U);
}

class OutboxSeeds : public testing::TestWithParam<std::uint64_t> {};

TEST_P(OutboxSeeds, AnEndpointThatFailsAtRandomGetsEveryEventInOrderPerPayment) {
  MerchantWorld at{GetParam(), [](actors::RuntimeParams& params) {
                     unhurried(params);
                     params.outbox.window = 16;
                   }};
  (void)at.endpoint(shop);
  std::mt19937_64 dice{GetParam()};
  at.merchant->answer = [&](const auto&) {
    const auto roll = dice() % 20;
    return roll < 4 ? 500 : roll == 4 ? 0 : 200;
  };
  for (int i = 0; i < 60; ++i) {
    (void)at.announce(static_cast<int>(dice() % 7));
    at.world.pass(std::chrono::milliseconds{dice() % 10'000});
  }
  at.world.pass(72h);
  EXPECT_EQ(at.merchant->consumed(shop).size(), 60U);
  at.check_order(shop);
}

TEST_P(OutboxSeeds, ACrashBetweenAnyTwoStepsLosesNothingAndKeepsTheOrder) {
  MerchantWorld at{GetParam(), unhurried};
  const auto endpoint = at.endpoint(shop);
  std::mt19937_64 dice{GetParam()};
  at.merchant->answer = [&](const auto&) { return dice() % 4 == 0 ? 500 : 200; };
  for (int crash = 0; crash < 6; ++crash) {
    for (int i = 0; i < 5; ++i) (void)at.announce(static_cast<int>(dice() % 3));
    at.world.pass(std::chrono::milliseconds{dice() % 30'000});
    for (auto steps = dice() % 40; steps > 0 && at.world.step(); --steps) {
    }
    at.world.crash();
    at.world.start();
  }
  at.world.pass(48h);
  EXPECT_EQ(at.merchant->consumed(shop).size(), 30U);
  at.check_order(shop);
  EXPECT_EQ(at.row(endpoint).cursor, at.outbox().back().position);
}

INSTANTIATE_TEST_SUITE_P(Seeds, OutboxSeeds, testing::Range<std::uint64_t>(1, 11));

TEST(Outbox, WhatWasDeliveredBehindTheCursorIsNotSentAgainAfterARestart) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  const auto stuck = at.announce(1);
  for (int i = 2; i < 6; ++i) (void)at.announce(i);
  at.merchant->answer = [&](const auto& attempt) { return attempt.id == stuck ? 500 : 200; };
  at.world.pass(1s);
  EXPECT_LT(at.row(endpoint).cursor, at.outbox()[0].position);
  at.world.crash();
  at.world.start();
  at.merchant->attempts.clear();
  at.world.pass(10s);
  for (const auto& attempt : at.merchant->attempts) EXPECT_EQ(attempt.id, stuck);
  EXPECT_EQ(at.merchant->attempts.size(), 1U);
  EXPECT_EQ(at.deliveries(endpoint)[0].attempts, 2);  // its schedule went on
}

TEST(Outbox, GoneDisablesTheEndpointAtOnceAndEnablingItGoesOnFromThere) {
  MerchantWorld at{1, unhurried};
  const auto endpoint = at.endpoint(shop);
  at.merchant->answer = [](const auto&) { return 410; };
  (void)at.announce(1);
  (void)at.announce(1);
  at.world.pass(21s);
  EXPECT_FALSE(at.row(endpoint).enabled);
  EXPECT_EQ(at.row(endpoint).disabled_reason, "The endpoint answered 410 Gone.");
  EXPECT_EQ(at.deliveries(endpoint)[0].status, "failed");
  const auto audit = *at.world.reader().audit(default_tenant(), std::nullopt, 10);
  EXPECT_EQ(audit[0].action, "endpoint.disable");
  EXPECT_EQ(audit[0].object, endpoint.to_string());
  at.world.pass(48h);
  EXPECT_EQ(at.merchant->attempts.size(), 1U);
  at.merchant->answer = {};
  const auto changed = at.change(actors::UpdateEndpoint{.id = endpoint, .enabled = true});
  at.world.pass(1s);
  ASSERT_TRUE(changed->ok());
  EXPECT_TRUE(at.row(endpoint).enabled);
  EXPECT_EQ(at.row(endpoint).disabled_reason, "");
  at.check_order(shop);
}

TEST(Outbox, AnEventThatCannotBeDeliveredForThreeDaysDisablesTheEndpoint) {
  MerchantWorld at{1, unhurried};
  const auto endpoint = at.endpoint(shop);
  at.merchant->answer = [](const auto&) { return 500; };
  (void)at.announce(1);
  at.world.pass(60h);
  EXPECT_TRUE(at.row(endpoint).enabled);
  at.world.pass(30h);
  EXPECT_EQ(at.merchant->attempts.size(), 10U);
  EXPECT_FALSE(at.row(endpoint).enabled);
  EXPECT_NE(at.row(endpoint).disabled_reason.find("answered 500"), std::string::npos);
  // Also over a restart the schedule starts anew once it is enabled.
  (void)at.change(actors::UpdateEndpoint{.id = endpoint, .enabled = true});
  at.world.settle();
  at.world.crash();
  at.world.start();
  at.world.pass(10s);
  EXPECT_TRUE(at.row(endpoint).enabled);
  EXPECT_EQ(at.deliveries(endpoint)[0].attempts, 2);
  at.merchant->answer = {};
  at.world.pass(10min);
  at.check_order(shop);
}

TEST(Outbox, WhatIsNotWantedIsSkippedWithoutARowOfItsOwn) {
  MerchantWorld at{1, [](actors::RuntimeParams& params) { params.outbox.window = 16; }};
  const auto endpoint = at.endpoint(shop, {"refund.*"});
  const auto before = at.world.telemetry->committed;
  for (int i = 0; i < 160; ++i) (void)at.announce(i);
  at.world.pass(1s);
  const auto commits = at.world.telemetry->committed - before;
  EXPECT_GE(commits, 4U);  // the cursor moves with the pages ...
  EXPECT_LE(commits, 11U);
  const auto wanted = at.announce(3, "refund.succeeded");
  at.world.pass(1s);
  EXPECT_EQ(at.merchant->consumed(shop), std::vector{wanted});
  EXPECT_EQ(at.deliveries(endpoint).size(), 1U);
  (void)at.announce(3);
  at.world.pass(1s);
  EXPECT_LT(at.row(endpoint).cursor, at.outbox().back().position);
  at.world.pass(15s);
  EXPECT_EQ(at.row(endpoint).cursor, at.outbox().back().position);  // ... and some time at last
}

TEST(Outbox, ASilentEndpointHoldsNoMoreThanItsWindowAndItsConcurrency) {
  MerchantWorld at{1, [](actors::RuntimeParams& params) {
                     unhurried(params);
                     params.outbox.window = 32;
                   }};
  const auto endpoint = at.endpoint(shop);
  at.merchant->answer = [](const auto&) { return 0; };
  for (int i = 0; i < 500; ++i) (void)at.announce(i);
  at.world.pass(5min);
  EXPECT_EQ(at.merchant->in_flight_most, 8);
  EXPECT_EQ(at.node(endpoint.to_string()).value().mailbox_depth, 32U);
  at.merchant->answer = {};
  at.world.pass(48h);
  at.check_order(shop);
}

TEST(Outbox, OneEndpointThatHangsDoesNotSlowAnother) {
  MerchantWorld at;
  (void)at.endpoint("https://slow.test/");
  (void)at.endpoint(shop);
  at.merchant->answer = [](const auto& attempt) {
    return attempt.url == "https://slow.test/" ? 0 : 200;
  };
  for (int i = 0; i < 200; ++i) (void)at.announce(i);
  at.world.pass(5s);
  EXPECT_EQ(at.merchant->consumed(shop).size(), 200U);
}

TEST(Outbox, ADeliveryActorThatKeepsFailingIsLeftAloneAndCostsNobodyElse) {
  MerchantWorld at;
  (void)at.endpoint("https://broken.test/");
  (void)at.endpoint(shop);
  bool broken = true;
  at.merchant->answer = [&](const auto& attempt) {
    if (broken && attempt.url == "https://broken.test/") throw std::runtime_error("told to fail");
    return 200;
  };
  const auto id = at.announce(1);
  at.world.pass(2min);
  EXPECT_EQ(at.merchant->consumed(shop), std::vector{id});
  EXPECT_EQ(at.world.telemetry->restarts["delivery"], 10);
  EXPECT_TRUE(at.world.escalations.empty());
  broken = false;
  at.world.pass(10min);
  EXPECT_EQ(at.merchant->consumed("https://broken.test/"), std::vector{id});
}

TEST(Outbox, AStoreThatCannotWriteDelaysTheNextEventOfThePaymentNotTheTruth) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  (void)at.announce(1);
  (void)at.announce(1);
  at.world.faults->refuse_appends = 3;
  at.world.pass(1s);
  EXPECT_EQ(at.merchant->attempts.size(), 1U);
  at.world.pass(5s);
  EXPECT_EQ(at.merchant->attempts.size(), 2U);
  EXPECT_EQ(at.row(endpoint).cursor, at.outbox().back().position);
}

TEST(Outbox, WhoeverCommitsEventsCanRingInsteadOfWaitingForTheNextLook) {
  MerchantWorld at{1, [](actors::RuntimeParams& params) { params.outbox.poll = 1h; }};
  (void)at.endpoint(shop);
  (void)at.announce(1);
  at.world.pass(1s);
  EXPECT_TRUE(at.merchant->attempts.empty());
  caf::anon_send(at.world.runtime->outbox(), actors::OutboxGrew{default_tenant()});
  at.world.pass(1s);
  EXPECT_EQ(at.merchant->attempts.size(), 1U);
}

TEST(Outbox, APoliteStopWaitsForTheAnswerThatIsOnItsWay) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  at.merchant->latency = 1s;
  (void)at.announce(1);
  at.world.pass(500ms);
  ASSERT_EQ(at.merchant->attempts.size(), 1U);
  at.world.stop_politely();
  EXPECT_EQ(at.deliveries(endpoint).at(0).status, "delivered");
}

}  // namespace
}  // namespace cambist::test
