// The process dies at any moment and starts again over the same store: nothing is lost, nothing
// happens twice.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using payment::CaptureMethod;

TEST(Restart, AsksBeforeItSendsAgain) {
  ActorWorld world;
  world.wire->latency = 2s;
  const auto created = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1500ms);  // the effect has happened, its answer is on the way
  ASSERT_EQ(world.wire->effects.size(), 1U);
  world.crash();
  ASSERT_EQ(created.asked->count(), 1U);  // told something, once
  world.start();
  world.pass(60s);
  EXPECT_EQ(world.wire->requests.at(1).substr(0, 4), "GET ");
  EXPECT_EQ(world.wire->effects.size(), 1U);
  EXPECT_EQ(world.status(created.id), "captured");
  const auto again = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  EXPECT_EQ(again.asked->status(), 201);  // the key was completed by the recovery
  EXPECT_TRUE(again.asked->answers.at(0).replayed);
  world.check_invariants();
}

TEST(Restart, ACallThatNeverLeftIsMadeAfterTheQuestion) {
  ActorWorld world;
  world.shuffle = false;
  const auto created = world.create();
  while (world.status(created.id) == "none") ASSERT_TRUE(world.step());
  ASSERT_TRUE(world.wire->requests.empty());
  world.crash();
  world.start();
  world.pass(60s);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.wire->effects.size(), 1U);
  world.check_invariants();
}

TEST(Restart, ThousandsOfOpenPaymentsAreWokenInPortions) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.providers["stub"].in_flight_max = 2'000;
                     params.providers["stub"].queued_max = 2'000;
                   }};
  world.wire->latency = 3s;
  std::vector<PaymentId> ids;
  for (int i = 0; i < 1'500; ++i) ids.push_back(world.create().id);
  world.pass(1s);
  world.crash();
  const auto calls = world.wire->requests.size();
  world.wire->in_flight = 0;
  world.start();
  world.pass(50ms);
  EXPECT_LE(world.wire->requests.size() - calls, 256U);
  world.pass(1s);
  EXPECT_LE(world.wire->requests.size() - calls, 1'024U);  // the rest waits until some are settled
  world.pass(120s);
  for (const auto& id : ids) ASSERT_EQ(world.status(id), "captured");
  EXPECT_EQ(world.wire->most_effects_of_one_key(), 1U);
  EXPECT_EQ(world.wire->effects.size(), ids.size());
}

/// One story from one seed: payments with faults, and crashes between any two steps.
void play(std::uint64_t seed) {
  ActorWorld world{seed, [](actors::RuntimeParams& params) {
                     params.idle_max = 2s;
                     params.policy.call_grace = 5s;
                     params.providers["stub"].breaker.consecutive_failures_max = 1'000;
                     params.providers["stub"].breaker.window_failure_ratio = 2.0;
                   }};
  constexpr Fault faults[] = {Fault::none,       Fault::none,        Fault::none,
                              Fault::decline,    Fault::outage,      Fault::lost_before,
                              Fault::lost_after, Fault::error_after, Fault::not_sent,
                              Fault::garbage,    Fault::none};
  std::vector<ActorWorld::Created> all;
  std::vector<AskedPtr> asked;
  for (int i = 0; i < 12; ++i) {
    world.wire->script.push_back(faults[world.rng() % std::size(faults)]);
    all.push_back(world.create(world.rng() % 2 ? CaptureMethod::manual : CaptureMethod::automatic,
                               "key-" + std::to_string(i), "body"));
    asked.push_back(all.back().asked);
    for (auto steps = world.rng() % 60; steps > 0; --steps) {
      if (!world.step()) world.pass(std::chrono::milliseconds{world.rng() % 200});
    }
    if (world.rng() % 4 == 0) {
      const auto& target = all[world.rng() % all.size()];
      asked.push_back(world.perform(target.id, world.capture(), "cap-" + std::to_string(i), "c"));
    }
    if (world.rng() % 4 == 0) {
      world.crash();
      world.start();
    }
  }
  world.pass(std::chrono::minutes{30});
  for (const auto& one : asked) EXPECT_EQ(one->count(), 1U) << "seed " << seed;
  for (const auto& one : all) {
    const auto status = world.status(one.id);
    EXPECT_TRUE(status == "captured" || status == "authorized" || status == "failed" ||
                status == "none")
        << status << " seed " << seed;
    if (one.asked->status() == 201) EXPECT_NE(status, "none") << "seed " << seed;
    if (one.asked->status() == 202) EXPECT_NE(status, "none") << "seed " << seed;
  }
  EXPECT_EQ(world.live_payments(), 0) << "seed " << seed;
  world.check_invariants();
}

TEST(Restart, ManySeedsOfFaultsAndCrashesKeepTheInvariants) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    play(seed);
    if (::testing::Test::HasFailure()) FAIL() << "seed " << seed;
  }
}

TEST(Restart, TheSameSeedIsTheSameStory) {
  const auto story = [](std::uint64_t seed) {
    ActorWorld world{seed};
    for (int i = 0; i < 20; ++i) (void)world.create();
    world.pass(10s);
    std::string trace;
    for (const auto& effect : world.wire->effects) trace += effect.payment + " ";
    return trace;
  };
  EXPECT_EQ(story(7), story(7));
  EXPECT_NE(story(7), story(8));
}

}  // namespace
}  // namespace cambist::test
