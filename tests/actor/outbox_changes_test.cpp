// Changes of merchants' endpoints: durable with their audit line before anybody acts on them.
#include <gtest/gtest.h>

#include "protocols/webhook/standard.hpp"
#include "tests/support/actor_merchant.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

const std::string shop = "https://shop.test/hooks";

bool signed_by(const Merchant::Attempt& attempt, const std::string& secret) {
  return static_cast<bool>(webhook::verify(attempt.request.headers, attempt.request.body,
                                           std::vector{secret}, attempt.at));
}

TEST(OutboxChanges, WhileASecretRotatesBothSign) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  const auto changed =
      at.change(actors::RotateSecret{endpoint, endpoint_secret(2), at.world.now() + 10min});
  at.world.pass(1s);
  ASSERT_TRUE(changed->ok());
  (void)at.announce(1);
  at.world.pass(1s);
  EXPECT_TRUE(signed_by(at.merchant->attempts.at(0), endpoint_secret(1)));
  EXPECT_TRUE(signed_by(at.merchant->attempts.at(0), endpoint_secret(2)));
  at.world.pass(10min);
  (void)at.announce(1);
  at.world.pass(1s);
  EXPECT_FALSE(signed_by(at.merchant->attempts.at(1), endpoint_secret(1)));
  EXPECT_TRUE(signed_by(at.merchant->attempts.at(1), endpoint_secret(2)));
}

TEST(OutboxChanges, EachIsInTheAuditLog) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  (void)at.change(actors::UpdateEndpoint{.id = endpoint, .url = "https://new.test/"});
  at.world.pass(1s);
  (void)at.change(actors::TestEndpoint{endpoint});
  at.world.pass(1s);
  (void)at.change(actors::DeleteEndpoint{endpoint});
  at.world.pass(1s);
  std::vector<std::string> actions;
  for (const auto& row : *at.world.reader().audit(default_tenant(), std::nullopt, 10)) {
    EXPECT_EQ(row.actor, "somebody");
    EXPECT_EQ(row.object, endpoint.to_string());
    actions.push_back(row.action);
  }
  std::sort(actions.begin(), actions.end());
  EXPECT_EQ(actions, (std::vector<std::string>{"endpoint.create", "endpoint.delete",
                                               "endpoint.test", "endpoint.update"}));
}

TEST(OutboxChanges, ANewAddressIsTriedAtOnce) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  at.merchant->answer = [](const auto& attempt) { return attempt.url == shop ? 500 : 200; };
  const auto id = at.announce(1);
  at.world.pass(10min);
  (void)at.change(actors::UpdateEndpoint{.id = endpoint, .url = "https://new.test/"});
  at.world.pass(1s);
  EXPECT_EQ(at.merchant->consumed("https://new.test/"), std::vector{id});
}

TEST(OutboxChanges, ARewindSendsEverythingBehindTheCursorAgain) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  for (int i = 0; i < 10; ++i) (void)at.announce(i % 3);
  at.world.pass(1s);
  ASSERT_EQ(at.merchant->attempts.size(), 10U);
  const auto changed = at.change(actors::RewindEndpoint{endpoint, at.outbox()[3].position});
  at.world.pass(1s);
  ASSERT_TRUE(changed->ok());
  EXPECT_EQ(changed->answers[0].row.cursor, at.outbox()[3].position);
  EXPECT_EQ(at.merchant->attempts.size(), 16U);
  EXPECT_EQ(at.row(endpoint).cursor, at.outbox().back().position);
}

TEST(OutboxChanges, AnAnswerThatComesAfterARewindIsNotHeard) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  (void)at.announce(1);
  at.world.pass(1s);
  at.merchant->latency = 5s;
  (void)at.announce(1);
  at.world.pass(1s);  // the second is under way
  const auto start = at.outbox()[0].position - 1;
  (void)at.change(actors::RewindEndpoint{endpoint, start});
  at.world.pass(1s);
  EXPECT_EQ(at.merchant->attempts.size(), 3U);  // the first again
  at.world.pass(3500ms);                        // the answer to the second comes
  EXPECT_EQ(at.row(endpoint).cursor, start);
  EXPECT_TRUE(at.deliveries(endpoint).empty());
  at.world.pass(20s);
  EXPECT_EQ(at.merchant->attempts.size(), 4U);
  EXPECT_EQ(at.row(endpoint).cursor, at.outbox().back().position);
}

TEST(OutboxChanges, ALateAnswerIsNotTakenForThatOfTheAttemptAfterTheRewind) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  const auto start = at.row(endpoint).cursor;
  at.merchant->latency = 5s;
  (void)at.announce(1);
  at.world.pass(1s);
  (void)at.change(actors::RewindEndpoint{endpoint, start});
  at.world.pass(1s);
  ASSERT_EQ(at.merchant->attempts.size(), 2U);  // both are under way
  at.world.pass(3500ms);
  EXPECT_TRUE(at.deliveries(endpoint).empty());
  at.world.pass(1s);
  EXPECT_EQ(at.deliveries(endpoint).at(0).attempts, 1);
}

TEST(OutboxChanges, ARedeliveryGoesPastTheOrderAndSaysWhatItMet) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  const auto first = at.announce(1);
  const auto second = at.announce(1);
  bool open = false;
  at.merchant->answer = [&](const auto& attempt) {
    return open || attempt.id == first ? 200 : 500;
  };
  at.world.pass(1s);
  const auto again = at.change(actors::Redeliver{endpoint, *EventId::parse(first)});
  const auto failing = at.change(actors::Redeliver{endpoint, *EventId::parse(second)});
  at.world.pass(1s);
  ASSERT_TRUE(again->ok());
  EXPECT_EQ(again->answers[0].delivery.value().status, "delivered");
  EXPECT_EQ(again->answers[0].delivery.value().attempts, 2);
  ASSERT_TRUE(failing->ok());
  EXPECT_EQ(failing->answers[0].delivery.value().status, "failed");
  EXPECT_EQ(failing->answers[0].delivery.value().response_status, 500);
  EXPECT_EQ(at.deliveries(endpoint)[1].status, "pending");  // its own schedule goes on
  open = true;
  (void)at.change(actors::Redeliver{endpoint, *EventId::parse(second)});
  at.world.pass(1s);
  EXPECT_EQ(at.deliveries(endpoint)[1].status, "delivered");
  EXPECT_EQ(at.row(endpoint).cursor, at.outbox().back().position);
  const auto tries = at.merchant->attempts.size();
  at.world.pass(1h);
  EXPECT_EQ(at.merchant->attempts.size(), tries);  // it counts: the schedule is over
}

TEST(OutboxChanges, ARedeliveryOfWhatIsNotThereIsNotFound) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  const auto foreign = at.announce(1, "payment.captured", TenantId{"other"});
  const auto changed = at.change(actors::Redeliver{endpoint, *EventId::parse(foreign)});
  at.world.pass(1s);
  EXPECT_EQ(changed->code(), ErrorCode::not_found);
  EXPECT_TRUE(at.merchant->attempts.empty());
}

TEST(OutboxChanges, ATestIsSentOnceAlsoToADisabledEndpointAndLeavesNoTrace) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  (void)at.change(actors::UpdateEndpoint{.id = endpoint, .enabled = false});
  at.world.pass(1s);
  at.merchant->answer = [](const auto&) { return 500; };
  const auto changed = at.change(actors::TestEndpoint{endpoint});
  at.world.pass(1h);
  ASSERT_TRUE(changed->ok());
  EXPECT_EQ(changed->answers[0].delivery.value().status, "failed");
  EXPECT_EQ(changed->answers[0].delivery.value().type, "webhook_endpoint.test");
  ASSERT_EQ(at.merchant->attempts.size(), 1U);
  EXPECT_TRUE(signed_by(at.merchant->attempts[0], endpoint_secret()));
  EXPECT_NE(at.merchant->attempts[0].request.body.find("webhook_endpoint.test"), std::string::npos);
  EXPECT_TRUE(at.outbox().empty());
  EXPECT_TRUE(at.deliveries(endpoint).empty());
}

TEST(OutboxChanges, ATestThatIsMetWithSilenceIsAnsweredWithinTwentySeconds) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  at.merchant->answer = [](const auto&) { return 0; };
  const auto changed = at.change(actors::TestEndpoint{endpoint});
  at.world.pass(20s);
  ASSERT_TRUE(changed->ok());
  EXPECT_EQ(changed->answers[0].delivery.value().error, "response_timeout");
}

TEST(OutboxChanges, ADeletedEndpointIsGoneWithItsActorAndItsDeliveries) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  at.merchant->latency = 5s;
  (void)at.announce(1);
  at.world.pass(1s);
  const auto changed = at.change(actors::DeleteEndpoint{endpoint});
  at.world.pass(30s);
  ASSERT_TRUE(changed->ok());
  EXPECT_EQ(changed->answers[0].row.url, shop);
  EXPECT_EQ(at.world.telemetry->live["delivery"], 0);
  EXPECT_FALSE(at.node(endpoint.to_string()));
  EXPECT_TRUE(at.world.reader().endpoints(std::nullopt)->empty());
  EXPECT_TRUE(at.deliveries(endpoint).empty());
  at.merchant->latency = 20ms;
  const auto other = at.endpoint("https://next.test/");
  (void)at.announce(1);
  at.world.pass(1s);
  EXPECT_EQ(at.merchant->of("https://next.test/").size(), 1U);
  EXPECT_TRUE(at.node(other.to_string()));
}

TEST(OutboxChanges, AnotherTenantsEndpointIsNotThere) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  const auto changed = at.change(actors::DeleteEndpoint{endpoint}, TenantId{"other"});
  at.world.pass(1s);
  EXPECT_EQ(changed->code(), ErrorCode::not_found);
  EXPECT_EQ(at.row(endpoint).url, shop);
}

TEST(OutboxChanges, ATenantHasNoMoreEndpointsThanAllowed) {
  MerchantWorld at{1, [](actors::RuntimeParams& params) {
                     params.outbox.endpoints_per_tenant_max = 2;
                     params.outbox.endpoints_max = 3;
                   }};
  (void)at.endpoint("https://a.test/");
  (void)at.endpoint("https://b.test/");
  (void)at.endpoint("https://c.test/", {}, TenantId{"other"});
  for (const TenantId& tenant : {default_tenant(), TenantId{"other"}}) {
    storage::EndpointRow row;
    row.id = EndpointId::make(at.world.now(), [&] { return at.world.rng(); });
    row.tenant = tenant;
    row.url = shop;
    const auto changed = at.change(actors::CreateEndpoint{row}, tenant);
    at.world.pass(1s);
    EXPECT_EQ(changed->code(), ErrorCode::overloaded);
  }
  EXPECT_EQ(at.world.reader().endpoints(std::nullopt)->size(), 3U);
}

TEST(OutboxChanges, ACommitNobodyAnsweredIsLookedUpBeforeTheNextChange) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  at.world.faults->forget_appends = 1;  // written, but the answer is an error
  const auto lost = at.change(actors::UpdateEndpoint{.id = endpoint, .url = "https://new.test/"});
  at.world.pass(100ms);
  EXPECT_EQ(lost->code(), ErrorCode::unavailable);
  const auto next = at.change(actors::UpdateEndpoint{.id = endpoint, .description = "next"});
  at.world.pass(3s);
  ASSERT_TRUE(next->ok());
  EXPECT_EQ(next->answers[0].row.url, "https://new.test/");
  EXPECT_EQ(at.row(endpoint).url, "https://new.test/");
}

TEST(OutboxChanges, ARewindThatCannotBeWrittenGoesOnWhereItWas) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  (void)at.announce(1);
  at.world.pass(1s);
  at.world.faults->refuse_appends = 1;
  const auto changed = at.change(actors::RewindEndpoint{endpoint, 0});
  at.world.pass(3s);
  EXPECT_EQ(changed->code(), ErrorCode::unavailable);
  (void)at.announce(1);
  at.world.pass(2s);
  EXPECT_EQ(at.merchant->attempts.size(), 2U);
  EXPECT_EQ(at.row(endpoint).cursor, at.outbox().back().position);
}

TEST(OutboxChanges, ChangesBeforeTheEndpointsAreReadWaitAndAreAnsweredInTime) {
  MerchantWorld at;
  const auto endpoint = at.endpoint(shop);
  at.world.crash();
  at.world.start();
  at.world.frozen = "reader";
  const auto changed = at.change(actors::TestEndpoint{endpoint});
  at.world.pass(20s);
  EXPECT_EQ(changed->code(), ErrorCode::unavailable);
  at.world.frozen = "";
}

}  // namespace
}  // namespace cambist::test
