// A payment that is captured by itself: at its time, once, also after a crash; and the schedule can
// be changed and taken back until then.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

PaymentId authorized_with_schedule(ActorWorld& world, std::chrono::minutes wait) {
  const auto created =
      world.create(payment::CaptureMethod::manual, "", "",
                   [&](payment::Details& d) { d.capture_at = world.now() + wait; });
  world.pass(1s);
  EXPECT_EQ(world.status(created.id), "authorized");
  return created.id;
}

std::size_t captures(const ActorWorld& world) {
  const auto& effects = world.wire->effects;
  return static_cast<std::size_t>(std::count_if(
      effects.begin(), effects.end(), [](const auto& effect) { return effect.kind == "capture"; }));
}

TEST(ScheduledCapture, HappensAtItsTimeAndOnce) {
  ActorWorld world;
  const PaymentId id = authorized_with_schedule(world, 10min);
  world.pass(9min);
  EXPECT_EQ(world.status(id), "authorized");
  world.pass(2min);
  EXPECT_EQ(world.status(id), "captured");
  world.pass(1h);
  EXPECT_EQ(captures(world), 1U);
  world.check_invariants();
}

TEST(ScheduledCapture, SurvivesACrash) {
  ActorWorld world;
  const PaymentId id = authorized_with_schedule(world, 10min);
  world.crash();
  world.start();
  world.pass(11min);
  EXPECT_EQ(world.status(id), "captured");
  EXPECT_EQ(captures(world), 1U);
}

TEST(ScheduledCapture, TakenBackNeverHappens) {
  ActorWorld world;
  const PaymentId id = authorized_with_schedule(world, 10min);
  const auto asked = world.perform(id, payment::ScheduleCapture{std::nullopt});
  world.pass(1s);
  EXPECT_EQ(asked->status(), 200);
  world.pass(1h);
  EXPECT_EQ(world.status(id), "authorized");
  EXPECT_EQ(captures(world), 0U);
}

TEST(ScheduledCapture, MovedHappensAtTheNewTimeAlone) {
  ActorWorld world;
  const PaymentId id = authorized_with_schedule(world, 10min);
  const auto asked = world.perform(id, payment::ScheduleCapture{world.now() + 30min});
  world.pass(20min);
  EXPECT_EQ(asked->status(), 200);
  EXPECT_EQ(world.status(id), "authorized");
  world.pass(11min);
  EXPECT_EQ(world.status(id), "captured");
  EXPECT_EQ(captures(world), 1U);
}

TEST(ScheduledCapture, IsAnsweredTheSameForTheSameKeyAlsoAfterACrash) {
  ActorWorld world;
  const PaymentId id = authorized_with_schedule(world, 10min);
  const payment::ScheduleCapture command{world.now() + 30min};
  const auto first = world.perform(id, command, "key-1", "a");
  world.pass(1s);
  ASSERT_EQ(first->status(), 200);
  world.crash();
  world.start();
  // Something else has happened meanwhile: the key still has the first answer.
  (void)world.perform(id, payment::ScheduleCapture{std::nullopt});
  world.pass(1s);
  const auto again = world.perform(id, command, "key-1", "a");
  const auto other = world.perform(id, command, "key-1", "b");
  world.pass(1s);
  EXPECT_EQ(again->status(), 200);
  EXPECT_EQ(again->body(), first->body());
  EXPECT_EQ(other->status(), 422);
}

TEST(ScheduledCapture, InThePastIsRefusedByName) {
  ActorWorld world;
  const PaymentId id = authorized_with_schedule(world, 10min);
  const auto asked = world.perform(id, payment::ScheduleCapture{world.now() - 1s});
  world.pass(1s);
  EXPECT_EQ(asked->status(), 400);
  EXPECT_NE(asked->body().find("capture_at"), std::string::npos);
}

}  // namespace
}  // namespace cambist::test
