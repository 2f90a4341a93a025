// A payment at rest costs nothing; a command that comes while its actor leaves is not lost.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using payment::CaptureMethod;

TEST(Passivation, PaymentsAtRestHoldNoActors) {
  ActorWorld world;
  std::vector<PaymentId> ids;
  for (int i = 0; i < 300; ++i) ids.push_back(world.create(CaptureMethod::manual).id);
  world.pass(5s);
  EXPECT_EQ(world.live_payments(), 300);
  world.pass(31s);
  EXPECT_EQ(world.live_payments(), 0);
  const auto captured = world.perform(ids[7], world.capture());
  world.pass(1s);
  EXPECT_EQ(captured->status(), 200);
  EXPECT_EQ(world.live_payments(), 1);
  world.check_invariants();
}

TEST(Passivation, ACommandKeepsThePaymentAwake) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { params.idle_max = 30s; }};
  const PaymentId id = world.captured();
  for (int i = 0; i < 5; ++i) {
    world.pass(20s);
    EXPECT_EQ(world.live_payments(), 1);
    const auto asked = world.perform(id, world.cancel());
    world.pass(10ms);
    EXPECT_EQ(asked->status(), 409);
  }
  world.pass(31s);
  EXPECT_EQ(world.live_payments(), 0);
}

TEST(Passivation, OverTheLimitOfLivePaymentsIs503AndLaterThereIsRoom) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { params.live_payments_max = 3; }};
  for (int i = 0; i < 3; ++i) (void)world.captured();
  const auto refused = world.create();
  world.pass(100ms);
  EXPECT_EQ(refused.asked->status(), 503);
  EXPECT_NE(refused.asked->body().find("overloaded"), std::string::npos);
  EXPECT_TRUE(refused.asked->answers.at(0).retry_after_s.has_value());
  EXPECT_EQ(world.status(refused.id), "none");
  world.pass(31s);
  const auto later = world.create();
  world.pass(1s);
  EXPECT_EQ(later.asked->status(), 201);
}

/// Commands that come exactly when the actor wants to go, in an order that the seed draws.
void race(std::uint64_t seed) {
  ActorWorld world{seed, [](actors::RuntimeParams& params) { params.idle_max = 1s; }};
  const PaymentId id = world.captured();
  std::vector<AskedPtr> asked;
  for (int i = 0; i < 6; ++i) {
    // Time for the passivation to begin, and then some of its steps but not all.
    world.scheduler().advance_time(std::chrono::milliseconds{990 + world.rng() % 30});
    for (auto steps = world.rng() % 6; steps > 0; --steps) world.step();
    asked.push_back(world.perform(id, world.refund(100), "key-" + std::to_string(i), "refund"));
    for (auto steps = world.rng() % 40; steps > 0; --steps) {
      if (!world.step()) break;
    }
    if (world.rng() % 3 == 0) asked.push_back(world.perform(id, world.cancel()));
    world.pass(std::chrono::milliseconds{world.rng() % 1'500});
  }
  world.pass(10s);
  for (const auto& one : asked) ASSERT_EQ(one->count(), 1U) << "seed " << seed;
  for (const auto& one : asked) EXPECT_TRUE(one->errors.empty()) << "seed " << seed;
  std::size_t done = 0;
  for (const auto& one : asked) done += one->status() == 200 ? 1 : 0;
  EXPECT_EQ(world.wire->effects_of(id.to_string()), 1 + done) << "seed " << seed;
  EXPECT_EQ(world.live_payments(), 0) << "seed " << seed;
  world.check_invariants();
}

TEST(Passivation, RacingWithCommandsLosesNoneOfThem) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    race(seed);
    if (::testing::Test::HasFailure()) FAIL() << "seed " << seed;
  }
}

}  // namespace
}  // namespace cambist::test
