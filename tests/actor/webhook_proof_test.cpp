// A webhook that can only be verified with something that is fetched first; its path, and what the
// provider wants to hear.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

std::ptrdiff_t certificates(const ActorWorld& world) {
  const auto& all = world.wire->requests;
  return std::count(all.begin(), all.end(), "GET /cert/1");
}

TEST(WebhookProof, IsFetchedOnceAndThenKnown) {
  ActorWorld world;
  const auto id = world.captured().to_string();
  for (int i = 0; i < 3; ++i) {
    const auto taken =
        world.webhook(certified_webhook("evt_" + std::to_string(i), "happened", id, "/cert/1"));
    world.pass(1s);
    EXPECT_TRUE(taken->stored());
  }
  EXPECT_EQ(certificates(world), 1);
}

TEST(WebhookProof, ThatIsNotGenuineIsAForgery) {
  ActorWorld world;
  const auto id = world.captured().to_string();
  world.wire->certificate.body = "forged";
  const auto taken = world.webhook(certified_webhook("evt_1", "happened", id, "/cert/1"));
  world.pass(1s);
  EXPECT_EQ(taken->code(), ErrorCode::unauthenticated);
  EXPECT_EQ(world.webhook_status("evt_1"), "none");
  // And it is not kept: the next webhook asks again.
  world.wire->certificate.body = "genuine";
  const auto next = world.webhook(certified_webhook("evt_2", "happened", id, "/cert/1"));
  world.pass(1s);
  EXPECT_TRUE(next->stored());
  EXPECT_EQ(certificates(world), 2);
}

TEST(WebhookProof, ThatHasExpiredIsFetchedAnew) {
  ActorWorld world;
  const auto id = world.captured().to_string();
  world.wire->certificate.body = "genuine until noon";
  (void)world.webhook(certified_webhook("evt_1", "happened", id, "/cert/1"));
  world.pass(13h);
  world.wire->certificate.body = "genuine";
  const auto late = world.webhook(certified_webhook("evt_2", "happened", id, "/cert/1"));
  world.pass(1s);
  EXPECT_EQ(late->code(), ErrorCode::unavailable);  // the provider sends it again
  const auto again = world.webhook(certified_webhook("evt_2", "happened", id, "/cert/1"));
  world.pass(1s);
  EXPECT_TRUE(again->stored());
  EXPECT_EQ(certificates(world), 2);
}

TEST(WebhookProof, FromElsewhereIsNotEvenFetched) {
  ActorWorld world;
  const auto id = world.captured().to_string();
  const auto calls = world.wire->requests.size();
  const auto taken =
      world.webhook(certified_webhook("evt_1", "happened", id, "https://evil.example"));
  world.pass(1s);
  EXPECT_EQ(taken->code(), ErrorCode::unauthenticated);
  EXPECT_EQ(world.wire->requests.size(), calls);
}

TEST(WebhookProof, ThatCannotBeHadMakesTheProviderSendItAgain) {
  ActorWorld world;
  const auto id = world.captured().to_string();
  world.wire->certificate.status = 503;
  const auto down = world.webhook(certified_webhook("evt_1", "happened", id, "/cert/1"));
  world.wire->inquiry_script = {Fault::lost_before};
  const auto silent = world.webhook(certified_webhook("evt_2", "happened", id, "/cert/1"));
  world.pass(30s);
  for (const auto& taken : {down, silent}) {
    ASSERT_EQ(taken->count(), 1U);
    EXPECT_EQ(taken->code(), ErrorCode::unavailable);
  }
  EXPECT_EQ(world.webhook_status("evt_1"), "none");
}

TEST(WebhookProof, WithATokenGetsOneFirst) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.providers["stub"].adapter = make_scripted_adapter("stub", true);
                   }};
  const auto taken = world.webhook(certified_webhook("evt_1", "other", "-", "/cert/1"));
  world.pass(1s);
  EXPECT_TRUE(taken->stored());
  EXPECT_EQ(world.wire->tokens, 1);
}

TEST(WebhookPath, IsKeptWithoutItsSecret) {
  ActorWorld world;
  const auto id = world.captured().to_string();
  (void)world.webhook(certified_webhook("evt_1", "happened", id, "/cert/1"));
  world.pass(1s);
  const auto row = world.stored_webhook("evt_1");
  ASSERT_TRUE(row.has_value());
  const auto kept = *world.reader().webhook(default_tenant(), row->id);
  EXPECT_EQ(kept->path, id);
  EXPECT_EQ(kept->body.find("secret"), std::string::npos);
}

TEST(WebhookAnswer, IsWhatTheProviderExpects) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.providers["stub"].adapter = make_scripted_adapter("acknowledging");
                   }};
  const auto taken = world.webhook(scripted_webhook("evt_1", "other"));
  world.pass(1s);
  ASSERT_TRUE(taken->stored());
  EXPECT_EQ(taken->answers.front().answer, R"({"ResultCode":0})");
}

}  // namespace
}  // namespace cambist::test
