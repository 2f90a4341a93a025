// One access token for all calls of a provider: got once, renewed before it ends, got anew when it
// was refused, and no call without one.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

void with_tokens(actors::RuntimeParams& params) {
  params.providers["stub"].adapter = make_scripted_adapter("stub", true);
}

std::ptrdiff_t token_requests(const ActorWorld& world) {
  const auto& all = world.wire->requests;
  return std::count(all.begin(), all.end(), "POST /token");
}

TEST(AccessToken, FiveHundredPaymentsAtOnceAskForOne) {
  ActorWorld world{1, with_tokens};
  std::vector<ActorWorld::Created> all;
  for (int i = 0; i < 500; ++i) all.push_back(world.create());
  world.pass(30s);
  for (const auto& one : all) EXPECT_EQ(one.asked->status(), 201);
  EXPECT_EQ(token_requests(world), 1);
  EXPECT_EQ(world.wire->effects.size(), 500U);
}

TEST(AccessToken, IsRenewedBeforeItEndsWhileCallsGoOn) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { with_tokens(params); }};
  world.wire->token_lifetime = 100s;
  (void)world.create();
  world.pass(79s);
  (void)world.create();
  world.pass(500ms);
  EXPECT_EQ(token_requests(world), 1);
  world.pass(2s);  // within a fifth of its life
  world.wire->revoked.insert("Bearer t1x");
  const auto late = world.create();
  world.pass(1s);
  EXPECT_EQ(late.asked->status(), 201);
  EXPECT_EQ(token_requests(world), 2);
  world.wire->revoked.insert("Bearer t1");  // nobody uses the old one any more
  const auto next = world.create();
  world.pass(1s);
  EXPECT_EQ(next.asked->status(), 201);
  EXPECT_EQ(token_requests(world), 2);
}

TEST(AccessToken, ACallWhoseTokenWasRefusedIsMadeOnceMoreWithANewOne) {
  ActorWorld world{1, with_tokens};
  (void)world.create();
  world.pass(1s);
  world.wire->revoked.insert("Bearer t1");
  std::vector<ActorWorld::Created> all;
  for (int i = 0; i < 20; ++i) all.push_back(world.create());
  world.pass(2s);
  for (const auto& one : all) EXPECT_EQ(one.asked->status(), 201);
  EXPECT_EQ(token_requests(world), 2);
  EXPECT_EQ(world.wire->most_effects_of_one_key(), 1U);
}

TEST(AccessToken, ATokenThatIsAlwaysRefusedDoesNotLoop) {
  ActorWorld world{1, with_tokens};
  for (int i = 1; i < 20; ++i) world.wire->revoked.insert("Bearer t" + std::to_string(i));
  const auto created = world.create();
  world.pass(2s);
  EXPECT_LE(token_requests(world), 3);
  EXPECT_EQ(world.wire->effects.size(), 0U);
  EXPECT_NE(created.asked->status(), 201);
}

TEST(AccessToken, OneFailedRequestForItFailsNobody) {
  ActorWorld world{1, with_tokens};
  world.wire->token_script = {Fault::outage};
  std::vector<ActorWorld::Created> all;
  for (int i = 0; i < 200; ++i) all.push_back(world.create());
  world.pass(10s);
  for (const auto& one : all) EXPECT_EQ(one.asked->status(), 201);
  EXPECT_EQ(token_requests(world), 2);
  EXPECT_EQ(world.wire->effects.size(), 200U);
  EXPECT_EQ(world.health().breaker, "closed");
}

TEST(AccessToken, WithoutOneNothingIsSentAndThePaymentComesAgainWhenItMayBeAskedFor) {
  ActorWorld world{1, with_tokens};
  // Each time it is asked for three times; the payment comes again after the pauses of 1 s and 2 s.
  world.wire->token_script = std::deque<Fault>(6, Fault::outage);
  const auto created = world.create();
  world.pass(600ms);
  EXPECT_EQ(token_requests(world), 3);
  EXPECT_EQ(created.asked->count(), 0U);
  const auto soon = world.create();  // nobody asks again at once
  world.pass(100ms);
  EXPECT_EQ(token_requests(world), 3);
  world.pass(8s);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_EQ(soon.asked->status(), 201);
  EXPECT_EQ(token_requests(world), 7);
  EXPECT_EQ(world.wire->effects.size(), 2U);
}

TEST(AccessToken, WithoutOneForLongThePaymentHasFailedAndNothingWasSent) {
  ActorWorld world{1, with_tokens};
  world.wire->token_script = std::deque<Fault>(9, Fault::outage);
  const auto created = world.create();
  world.pass(9s);
  EXPECT_EQ(created.asked->status(), 503);
  EXPECT_EQ(world.status(created.id), "failed");
  EXPECT_EQ(world.wire->requests, std::vector<std::string>(9, "POST /token"));
}

TEST(AccessToken, CredentialsThatAreRefusedAreOurConfigurationsFault) {
  ActorWorld world{1, with_tokens};
  world.wire->token_script = {Fault::reject};
  const auto created = world.create();
  world.pass(500ms);
  EXPECT_NE(created.asked->body().find("configuration_error"), std::string::npos)
      << created.asked->body();
  EXPECT_EQ(world.wire->effects.size(), 0U);
  EXPECT_EQ(token_requests(world), 1);  // another request would be refused as well
}

TEST(AccessToken, CredentialsThatAreRefusedOpenTheCircuitUntilTheyAreTakenAgain) {
  ActorWorld world{1, with_tokens};
  world.wire->token_script = {Fault::reject, Fault::reject};
  (void)world.create();
  world.pass(500ms);
  EXPECT_EQ(world.health().breaker, "open");
  EXPECT_TRUE(world.health().credentials_refused);
  world.pass(70s);
  (void)world.create();  // tries it, and is refused
  world.pass(500ms);
  EXPECT_EQ(token_requests(world), 2);
  EXPECT_GT(world.health().open_until, world.now() + 90s);
  world.pass(140s);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(world.create().asked->count(), 0U);
    world.pass(500ms);
  }
  EXPECT_EQ(world.health().breaker, "closed");
  EXPECT_FALSE(world.health().credentials_refused);
  EXPECT_EQ(world.wire->effects.size(), 4U);
}

TEST(AccessToken, OneThatIsNeverAnsweredIsGivenUp) {
  ActorWorld world{1, with_tokens};
  world.wire->token_script = {Fault::forgotten};
  const auto created = world.create();
  world.pass(30s);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(token_requests(world), 2);
  EXPECT_EQ(world.wire->effects.size(), 1U);
}

TEST(AccessToken, OutagesOfTheTokensOpenTheBreaker) {
  ActorWorld world{1, with_tokens};
  for (int i = 0; i < 30; ++i) world.wire->token_script.push_back(Fault::outage);
  for (int i = 0; i < 10 && world.health().breaker != "open"; ++i) {
    (void)world.create();
    world.pass(31s);
  }
  EXPECT_EQ(world.health().breaker, "open");
}

}  // namespace
}  // namespace cambist::test
