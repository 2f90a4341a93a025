// Durable timers: fired in the order of due, each at its moment, over restarts and clocks that
// jump.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using payment::CaptureMethod;

/// Authorized now, and captured by itself `wait` from now.
PaymentId scheduled(ActorWorld& world, Duration wait) {
  const auto at = world.now() + wait;
  const auto created = world.create(CaptureMethod::manual, "", "",
                                    [at](payment::Details& details) { details.capture_at = at; });
  while (created.asked->count() == 0) world.pass(1ms);
  EXPECT_EQ(created.asked->status(), 201);
  return created.id;
}

std::size_t captures_of(const ActorWorld& world, const PaymentId& id) {
  std::size_t count = 0;
  for (const auto& effect : world.wire->effects) {
    if (effect.payment == id.to_string() && effect.kind == "capture") ++count;
  }
  return count;
}

TEST(Scheduler, FiresEachAtItsMomentInTheOrderOfDue) {
  ActorWorld world;
  std::vector<PaymentId> ids;
  for (int i = 0; i < 20; ++i) {
    // Later ones are made first; several fall into one poll.
    ids.push_back(scheduled(world, 60s - std::chrono::milliseconds{i * 130}));
  }
  world.pass(5s);
  world.telemetry->timers.clear();
  world.wire->effects.clear();
  world.pass(70s);
  ASSERT_EQ(world.telemetry->timers.size(), ids.size());
  for (const auto& [kind, late] : world.telemetry->timers) {
    EXPECT_EQ(kind, "scheduled_capture");
    EXPECT_GE(late, 0ms);
    EXPECT_LE(late, 5ms);
  }
  ASSERT_EQ(world.wire->effects.size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(world.wire->effects[i].payment, ids[ids.size() - 1 - i].to_string());
  }
}

TEST(Scheduler, FiresWhatBecameDueWhileTheProcessWasDown) {
  ActorWorld world;
  const PaymentId id = scheduled(world, 10min);
  world.crash();
  world.pass(30min);
  EXPECT_EQ(captures_of(world, id), 0U);
  world.start();
  world.pass(5s);
  EXPECT_EQ(captures_of(world, id), 1U);
  EXPECT_EQ(world.status(id), "captured");
}

TEST(Scheduler, AClockThatJumpsForwardFiresOnceAndJumpingBackNothingTwice) {
  ActorWorld world;
  const PaymentId soon = scheduled(world, 30min);
  const PaymentId late = scheduled(world, 3h);
  world.jump(1h);
  world.pass(2s);
  EXPECT_EQ(captures_of(world, soon), 1U);
  EXPECT_EQ(captures_of(world, late), 0U);
  const auto fired = world.telemetry->timers.size();
  world.jump(-1h);
  world.pass(90min);
  EXPECT_EQ(captures_of(world, soon), 1U);
  EXPECT_EQ(captures_of(world, late), 0U);
  EXPECT_EQ(world.telemetry->timers.size(), fired);
  world.pass(120min);
  EXPECT_EQ(captures_of(world, late), 1U);
  world.check_invariants();
}

TEST(Scheduler, AClockThatJumpsBackWhileACallIsUnderWayFiresNothingTwice) {
  ActorWorld world;
  const PaymentId id = scheduled(world, 10s);
  world.wire->latency = 3s;
  world.pass(10s + 500ms);  // fired, and the capture is on its way
  world.jump(-1h);
  world.pass(5s);
  world.jump(1h);
  world.pass(10s);
  world.jump(1h);
  world.pass(70min);
  EXPECT_EQ(captures_of(world, id), 1U);
  EXPECT_EQ(world.status(id), "captured");
  world.check_invariants();
}

TEST(Scheduler, MoreThanAPageAtTheSameMomentIsFiredWithoutWaitingForThePoll) {
  ActorWorld world{1, [](actors::RuntimeParams& params) {
                     params.timer_poll = 20s;
                     params.providers["stub"].in_flight_max = 2'000;
                   }};
  std::vector<PaymentId> ids;
  const auto at = world.now() + 60s;
  for (int i = 0; i < 700; ++i) {
    ids.push_back(world
                      .create(CaptureMethod::manual, "", "",
                              [at](payment::Details& details) { details.capture_at = at; })
                      .id);
  }
  world.pass(30s);
  world.telemetry->timers.clear();
  world.pass(35s);
  EXPECT_EQ(world.telemetry->timers.size(), ids.size());
  for (const PaymentId& id : ids) EXPECT_EQ(captures_of(world, id), 1U);
}

TEST(Scheduler, HoldsNothingOfWhatIsFarInTheFuture) {
  ActorWorld world;
  for (int i = 0; i < 50; ++i) (void)scheduled(world, 48h);
  world.pass(60s);
  EXPECT_EQ(world.live_payments(), 0);
  world.telemetry->timers.clear();
  world.crash();
  world.start();
  world.pass(60s);
  EXPECT_TRUE(world.telemetry->timers.empty());
  EXPECT_EQ(world.live_payments(), 0);
}

TEST(Scheduler, ThatFailsIsStartedAgainAndForgetsNothing) {
  ActorWorld world;
  const PaymentId id = scheduled(world, 10s);
  world.pass(9s);
  world.telemetry->throw_on_poll = 3;
  world.pass(10s);
  EXPECT_GE(world.telemetry->restarts["scheduler"], 1);
  EXPECT_EQ(captures_of(world, id), 1U);
}

}  // namespace
}  // namespace cambist::test
