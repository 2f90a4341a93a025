// Actors, the store and the reader fail: who waited is answered, nobody else notices, and what was
// durable goes on.
#include <gtest/gtest.h>

#include "actors/journal/store_health.hpp"
#include "protocols/payment/codec.hpp"
#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using payment::CaptureMethod;

TEST(PaymentFailure, AnswersWhoWaitsAndTouchesNoOtherPayment) {
  ActorWorld world;
  const PaymentId other = world.authorized();
  const auto created = world.create();
  world.telemetry->throw_on_settled =
      1;  // the actor fails after the verdict is durable, before it answers
  world.pass(1s);
  ASSERT_EQ(created.asked->count(), 1U);
  EXPECT_EQ(created.asked->status(), 202);  // what it asked for is durable
  EXPECT_EQ(world.telemetry->restarts["payment"], 1);
  const auto captured = world.perform(other, world.capture());
  const auto refunded = world.perform(created.id, world.refund());
  world.pass(1s);
  EXPECT_EQ(captured->status(), 200);
  EXPECT_EQ(refunded->status(), 200);  // rebuilt from the journal
  world.check_invariants();
}

TEST(PaymentFailure, BeforeTheCallLeftIsMadeUpForByTheTimer) {
  ActorWorld world;
  world.telemetry->throw_on_moved = 1;  // fails when the intent is durable
  const auto created = world.create(CaptureMethod::automatic, "key-1", "body");
  const auto waiting = world.perform(created.id, world.cancel());
  world.pass(1s);
  EXPECT_EQ(created.asked->count(), 1U);
  EXPECT_EQ(waiting->count(), 1U);
  world.pass(60s);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.wire->effects_of(created.id.to_string()), 1U);
  const auto again = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  EXPECT_EQ(again.asked->status(), 201);
  world.check_invariants();
}

TEST(PaymentFailure, FiveTimesWithinTenMinutesParksThePaymentAndNoOther) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  const PaymentId other = world.authorized();
  world.pass(31s);
  world.faults->corrupt_events = 5;
  for (int i = 0; i < 5; ++i) {
    const auto asked = world.perform(id, world.capture());
    world.pass(1s);
    ASSERT_EQ(asked->count(), 1U);
    EXPECT_EQ(asked->status(), 503);
  }
  const auto parked = world.perform(id, world.capture());
  const auto fine = world.perform(other, world.capture());
  world.pass(1s);
  EXPECT_EQ(parked->status(), 503);
  EXPECT_NE(parked->body().find("parked"), std::string::npos);
  EXPECT_EQ(fine->status(), 200);
  world.crash();
  world.start();  // somebody has looked
  const auto after = world.perform(id, world.capture());
  world.pass(1s);
  EXPECT_EQ(after->status(), 200);
}

TEST(JournalFailure, OfOneBatchIs503AndNoWordAgainstAStoreThatPassesAProbe) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  world.faults->refuse_appends = 1;
  const auto refused = world.perform(id, world.capture(), "key-1", "capture");
  world.pass(1s);
  EXPECT_EQ(refused->status(), 503);
  EXPECT_TRUE(world.runtime->journal_healthy());
  EXPECT_EQ(world.wire->effects_of(id.to_string()), 1U);  // no call without a durable intent
  const auto again = world.perform(id, world.capture(), "key-1", "capture");
  world.pass(1s);
  EXPECT_EQ(again->status(), 200);
}

TEST(JournalFailure, OfTheStoreIs503AtOnceUntilItPassesAProbe) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  world.faults->down = true;
  const auto refused = world.perform(id, world.capture(), "key-1", "capture");
  world.pass(1ms);
  EXPECT_EQ(refused->status(), 503);
  EXPECT_FALSE(world.runtime->journal_healthy());
  const int asked = world.faults->appends;
  const auto second = world.perform(id, world.capture(), "key-2", "capture");
  world.pass(1ms);
  EXPECT_EQ(second->status(), 503);
  EXPECT_EQ(world.faults->appends, asked);  // it is not even tried
  world.pass(30s);
  EXPECT_FALSE(world.runtime->journal_healthy());
  world.faults->down = false;
  world.pass(500ms);
  EXPECT_TRUE(world.runtime->journal_healthy());
  const auto again = world.perform(id, world.capture(), "key-1", "capture");
  world.pass(1s);
  EXPECT_EQ(again->status(), 200);
  EXPECT_EQ(world.wire->effects_of(id.to_string()), 2U);
}

TEST(JournalFailure, OfAnIdleStoreIsNoticedWithoutAWrite) {
  ActorWorld world;
  world.pass(1s);
  EXPECT_TRUE(world.runtime->journal_healthy());
  const int written = world.faults->appends;
  world.faults->down = true;
  world.pass(500ms);
  EXPECT_FALSE(world.runtime->journal_healthy());
  world.faults->down = false;
  world.pass(500ms);
  EXPECT_TRUE(world.runtime->journal_healthy());
  EXPECT_EQ(world.faults->appends, written);
}

TEST(StoreHealth, IsBadWhileSomethingIsUnderWayForTooLong) {
  actors::journal::StoreHealth health{1s};
  const TimePoint start{1'000s};
  EXPECT_TRUE(health.good(start));
  health.begins(start);
  EXPECT_TRUE(health.good(start + 999ms));
  EXPECT_FALSE(health.good(start + 1s));
  health.ended();
  EXPECT_TRUE(health.good(start + 1s));
  health.is_up(false);
  EXPECT_FALSE(health.good(start + 1s));
}

TEST(JournalFailure, AnExceptionOfTheStoreIsAnAnswerNotAnEnd) {
  ActorWorld world;
  world.faults->throw_in_append = 1;
  const auto refused = world.create();
  world.pass(1s);
  EXPECT_EQ(refused.asked->status(), 503);
  EXPECT_EQ(refused.asked->body().find("journal fell over"), std::string::npos);
  const auto created = world.create();
  world.pass(1s);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_TRUE(world.escalations.empty());
}

TEST(JournalFailure, ACommitWhoseAnswerIsLostIsFoundAndCarriedOn) {
  ActorWorld world;
  world.pass(1s);                    // the scheduler has looked for what was open
  world.faults->forget_appends = 1;  // durable, but the actor hears of an error
  const auto created = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  EXPECT_EQ(created.asked->status(), 503);
  EXPECT_TRUE(world.wire->requests.empty());
  const auto again = world.create(CaptureMethod::automatic, "key-1", "body");
  world.pass(1s);
  EXPECT_EQ(again.asked->status(), 409);  // in progress: its timer sees to it
  world.pass(60s);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.wire->effects.size(), 1U);
}

TEST(JournalFailure, AVerdictThatCannotBeWrittenIsAskedForAgain) {
  ActorWorld world;
  const auto created = world.create();
  world.pass(5ms);
  world.faults->refuse_appends = 1;
  world.pass(1s);
  ASSERT_EQ(created.asked->count(), 1U);
  EXPECT_EQ(created.asked->status(), 202);
  world.pass(60s);
  EXPECT_EQ(world.status(created.id), "captured");
  EXPECT_EQ(world.wire->effects.size(), 1U);
}

TEST(JournalFailure, AStaleActorMeetsAConflictChangesNothingAndIsRebuilt) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  // Another writer gets in between: the refund of an older owner, say.
  const auto row = **world.reader().payment(default_tenant(), id);
  storage::Append foreign;
  foreign.tenant = row.tenant;
  foreign.payment = id;
  foreign.expected_version = row.version;
  foreign.row = row;
  foreign.row.version = row.version + 1;
  const auto encoded = payment::encode(payment::Fact{payment::AuthorizationExpired{}});
  foreign.events.push_back({EventId::make(world.now(), [&] { return world.rng(); }), world.now(),
                            encoded.type, encoded.version, encoded.json});
  world.faults->foreign = foreign;
  const auto stale = world.perform(id, world.capture());
  world.pass(1s);
  EXPECT_EQ(stale->status(), 503);
  EXPECT_EQ(world.wire->effects_of(id.to_string()), 1U);
  const auto fresh = world.perform(id, world.capture());
  world.pass(1s);
  EXPECT_EQ(fresh->status(), 409);  // it has read that the authorization is expired
  EXPECT_EQ(world.telemetry->restarts["payment"], 0);
}

TEST(JournalFailure, AStoreThatHangsIsGivenUpAndNothingOfItComesLater) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  world.frozen = "journal";
  const auto capture = world.perform(id, world.capture(), "key-1", "capture");
  world.pass(9s);
  EXPECT_EQ(capture->count(), 0U);
  const auto behind = world.perform(id, world.cancel());
  world.pass(2s);
  ASSERT_EQ(capture->count(), 1U);
  EXPECT_EQ(capture->status(), 503);
  ASSERT_EQ(behind->count(), 1U);
  EXPECT_EQ(behind->status(), 503);
  world.frozen.clear();  // it wakes up to what nobody waits for any more
  world.pass(60s);
  EXPECT_EQ(world.status(id), "authorized");
  EXPECT_EQ(world.wire->effects_of(id.to_string()), 1U);
  const auto again = world.perform(id, world.capture(), "key-1", "capture");
  world.pass(1s);
  EXPECT_EQ(again->status(), 200);
  world.check_invariants();
}

TEST(ReaderFailure, ThatHangsIsGivenUpAndTheInboxIsBounded) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  world.pass(31s);
  world.frozen = "reader";
  std::vector<AskedPtr> asked;
  for (int i = 0; i < 600; ++i) asked.push_back(world.perform(id, world.capture()));
  world.pass(1s);
  std::size_t overloaded = 0;
  for (const auto& one : asked) overloaded += one->count();
  EXPECT_EQ(overloaded, 600U - 512U);
  world.pass(10s);
  for (const auto& one : asked) {
    ASSERT_EQ(one->count(), 1U);
    EXPECT_EQ(one->status(), 503);
  }
  world.frozen.clear();
  const auto fine = world.perform(id, world.capture());
  world.pass(1s);
  EXPECT_EQ(fine->status(), 200);
}

TEST(JournalFailure, AFullGateIs503AndLosesNothing) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { params.journal_queue_max = 4; }};
  world.shuffle = false;
  std::vector<ActorWorld::Created> all;
  for (int i = 0; i < 40; ++i) all.push_back(world.create());
  world.pass(60s);
  int refused = 0;
  for (const auto& one : all) {
    ASSERT_EQ(one.asked->count(), 1U);
    if (one.asked->status() == 503) {
      ++refused;
      EXPECT_NE(one.asked->body().find("overloaded"), std::string::npos);
      EXPECT_EQ(world.status(one.id), "none");
    } else {
      EXPECT_EQ(world.status(one.id), "captured");
    }
  }
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, 40);
  world.check_invariants();
}

TEST(ReaderFailure, IsAnsweredAndTheReaderComesBack) {
  ActorWorld world{1, [](actors::RuntimeParams& params) { params.readers = 1; }};
  const PaymentId id = world.authorized();
  world.pass(31s);
  world.faults->throw_in_reads = 1;
  const auto failed = world.perform(id, world.capture());
  world.pass(10ms);
  EXPECT_EQ(failed->status(), 503);
  const auto too_early = world.perform(id, world.capture());
  world.pass(1ms);
  EXPECT_EQ(too_early->status(), 503);  // no reader is free
  world.pass(1s);
  const auto fine = world.perform(id, world.capture());
  world.pass(1s);
  EXPECT_EQ(fine->status(), 200);
  EXPECT_EQ(world.telemetry->restarts["reader"], 1);
}

TEST(ReaderFailure, AnErrorOfTheStoreIs503AndNotHeldAgainstThePayment) {
  ActorWorld world;
  const PaymentId id = world.authorized();
  world.pass(31s);
  for (int i = 0; i < 7; ++i) {
    world.faults->refuse_reads = 1;
    const auto failed = world.perform(id, world.capture());
    world.pass(100ms);
    EXPECT_EQ(failed->status(), 503);
  }
  const auto fine = world.perform(id, world.capture());
  world.pass(1s);
  EXPECT_EQ(fine->status(), 200);
}

}  // namespace
}  // namespace cambist::test
