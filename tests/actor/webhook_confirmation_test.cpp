// A webhook whose signature covers less than what it says: verified first, then believed only as
// far as the provider says the same when it is asked.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

std::ptrdiff_t count(const ActorWorld& world, std::string_view request) {
  const auto& all = world.wire->requests;
  return std::count(all.begin(), all.end(), request);
}

constexpr const char* certificate = "GET /cert/1";
constexpr const char* thing = "GET /thing/1";

TEST(WebhookConfirmation, ThatAgreesLetsTheWebhookTakeEffect) {
  ActorWorld world;
  const auto id = world.authorized().to_string();
  const auto taken = world.webhook(claiming_webhook("evt_1", "canceled", id));
  world.pass(1s);
  EXPECT_TRUE(taken->stored());
  EXPECT_EQ(world.webhook_status("evt_1"), "applied");
  EXPECT_EQ(count(world, certificate), 1);
  EXPECT_EQ(count(world, thing), 1);
}

TEST(WebhookConfirmation, ThatContradictsMakesItAForgery) {
  ActorWorld world;
  const auto id = world.authorized().to_string();
  for (const char* said : {"not so", "", "throw"}) {
    world.wire->thing.body = said;
    const auto taken = world.webhook(claiming_webhook("evt_1", "canceled", id));
    world.pass(1s);
    ASSERT_EQ(taken->count(), 1U) << said;
    EXPECT_EQ(taken->code(), ErrorCode::unauthenticated) << said;
  }
  EXPECT_EQ(world.telemetry->webhooks["unverified"], 3);
  EXPECT_EQ(world.webhook_status("evt_1"), "none");
  EXPECT_EQ(world.status(PaymentId::parse(id).value()), "authorized");
}

TEST(WebhookConfirmation, OfNothingThatTheProviderKnowsIsAForgery) {
  ActorWorld world;
  const auto id = world.authorized().to_string();
  world.wire->thing.status = 404;
  const auto taken = world.webhook(claiming_webhook("evt_1", "canceled", id));
  world.pass(1s);
  EXPECT_EQ(taken->code(), ErrorCode::unauthenticated);
  EXPECT_EQ(world.webhook_status("evt_1"), "none");
}

TEST(WebhookConfirmation, ThatCannotBeHadMakesTheProviderSendItAgain) {
  ActorWorld world;
  const auto id = world.authorized().to_string();
  (void)world.webhook(certified_webhook("evt_0", "happened", id, "/cert/1"));
  world.pass(1s);
  world.wire->thing.status = 503;
  const auto down = world.webhook(claiming_webhook("evt_1", "canceled", id));
  world.wire->inquiry_script = {Fault::lost_before};
  const auto silent = world.webhook(claiming_webhook("evt_2", "canceled", id));
  world.pass(30s);
  for (const auto& taken : {down, silent}) {
    ASSERT_EQ(taken->count(), 1U);
    EXPECT_EQ(taken->code(), ErrorCode::unavailable);
  }
  EXPECT_EQ(world.webhook_status("evt_1"), "none");
  world.wire->thing.status = 200;
  const auto again = world.webhook(claiming_webhook("evt_1", "canceled", id));
  world.pass(1s);
  EXPECT_TRUE(again->stored());
  EXPECT_EQ(world.webhook_status("evt_1"), "applied");
}

TEST(WebhookConfirmation, HasADeadlineOfItsOwn) {
  ActorWorld world;
  const auto id = world.authorized().to_string();
  world.wire->inquiry_script = {Fault::none, Fault::forgotten};
  const auto taken = world.webhook(claiming_webhook("evt_1", "canceled", id));
  world.pass(30s);
  EXPECT_EQ(count(world, thing), 1);
  ASSERT_EQ(taken->count(), 1U);
  EXPECT_EQ(taken->code(), ErrorCode::unavailable);
}

TEST(WebhookConfirmation, IsNotAskedForByStrangers) {
  ActorWorld world;
  const auto id = world.authorized().to_string();
  auto tampered = claiming_webhook("evt_1", "canceled", id);
  tampered.body += " ";
  world.wire->certificate.body = "forged";
  const auto uncertified = world.webhook(claiming_webhook("evt_2", "canceled", id));
  const auto unsigned_one = world.webhook(std::move(tampered));
  world.pass(1s);
  world.wire->certificate.body = "genuine";
  for (const auto& taken : {uncertified, unsigned_one})
    EXPECT_EQ(taken->code(), ErrorCode::unauthenticated);
  EXPECT_EQ(count(world, thing), 0);
}

TEST(WebhookConfirmation, OfAClaimThatNamesNothingIsNotAskedFor) {
  ActorWorld world;
  const auto id = world.authorized().to_string();
  const auto calls = world.wire->requests.size();
  const auto taken = world.webhook(claiming_webhook("evt_1", "canceled", id, "nothing"));
  world.pass(1s);
  EXPECT_EQ(taken->code(), ErrorCode::unauthenticated);
  EXPECT_EQ(world.wire->requests.size(), calls + 1) << "the certificate alone";
}

TEST(WebhookConfirmation, IsForOneWebhookAlone) {
  ActorWorld world;
  const auto id = world.authorized().to_string();
  for (int i = 0; i < 3; ++i) {
    (void)world.webhook(claiming_webhook("evt_" + std::to_string(i), "happened", id));
    world.pass(1s);
  }
  EXPECT_EQ(count(world, certificate), 1);
  EXPECT_EQ(count(world, thing), 3);
}

TEST(WebhookConfirmation, ThatIsRefusedForItsTokenGetsANewOneNextTime) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.providers["stub"].adapter = make_scripted_adapter("stub", true);
                   }};
  (void)world.webhook(certified_webhook("evt_0", "other", "-", "/cert/1"));
  world.pass(1s);
  world.wire->revoked.insert("Bearer t1");
  const auto refused = world.webhook(claiming_webhook("evt_1", "other", "-"));
  world.pass(1s);
  EXPECT_EQ(refused->code(), ErrorCode::unavailable);
  const auto again = world.webhook(claiming_webhook("evt_1", "other", "-"));
  world.pass(1s);
  EXPECT_TRUE(again->stored());
  EXPECT_EQ(world.wire->tokens, 2);
}

TEST(WebhookConfirmation, TakesAPlaceAmongThoseThatAreVerified) {
  ActorWorld world;
  const auto id = world.authorized().to_string();
  (void)world.webhook(certified_webhook("evt", "happened", id, "/cert/1"));
  world.pass(1s);
  std::vector<TakenPtr> all;
  for (int i = 0; i < 70; ++i)
    all.push_back(world.webhook(claiming_webhook("evt_" + std::to_string(i), "happened", id)));
  world.pass(1s);
  EXPECT_EQ(count(world, thing), 64);
  const auto refused = std::count_if(all.begin(), all.end(), [](const auto& taken) {
    return taken->count() == 1 && !taken->stored() && taken->code() == ErrorCode::overloaded;
  });
  EXPECT_EQ(refused, 6);
}

}  // namespace
}  // namespace cambist::test
