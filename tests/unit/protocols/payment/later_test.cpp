// What happens by itself, and what only people find out: scheduled captures, operations that stay
// unknown, the operators' word.
#include <algorithm>

#include "protocols/payment/decide.hpp"
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using namespace std::chrono_literals;

Story scheduled(Duration in = 24h) {
  Story story;
  story.details.capture_at = story.now + in;
  (void)story.create();
  (void)story.answer(approved(usd(10'000)));
  return story;
}

// --- scheduled captures ---

TEST(ScheduledCapture, CapturesAllThatIsLeftWhenItsTimeComes) {
  Story story = scheduled();
  const TimePoint at = story.now + 24h;
  EXPECT_EQ(wake_at(story.payment, story.policy), at);
  EXPECT_EQ(wake_reason(story.payment, story.policy), "scheduled_capture");
  story.now = at - 1us;
  EXPECT_TRUE(story.fire()->events.empty());
  story.now = at;
  ASSERT_TRUE(story.fire());
  EXPECT_EQ(story.call().kind, provider::OperationKind::capture);
  EXPECT_EQ(story.call().amount, usd(10'000));
  EXPECT_TRUE(story.call().final_capture);
  EXPECT_EQ(story.operation().reason, "scheduled");
  EXPECT_FALSE(story.payment.capture_at);
  EXPECT_TRUE(story.fire()->events.empty()) << "a timer that fires twice captures once";
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  EXPECT_EQ(story.status(), Status::captured);
}

TEST(ScheduledCapture, HasTheSameOperationHoweverOftenItIsDecided) {
  Story story = scheduled();
  const OperationId first = story.payment.history.front().id;
  const auto id = derived_operation(story.payment);
  EXPECT_EQ(id, derived_operation(story.payment));
  EXPECT_NE(id, first);
  // Whatever happens next, another one gets another id.
  story.now = wake_at(story.payment, story.policy).value();
  ASSERT_TRUE(story.fire());
  EXPECT_EQ(story.operation().id, id);
  EXPECT_NE(derived_operation(story.payment), id);
}

TEST(ScheduledCapture, NeedsAManualCapture) {
  Story story{CaptureMethod::automatic};
  story.details.capture_at = story.now + 1h;
  EXPECT_REFUSED(story.create(), ErrorCode::invalid_request, "capture_at");
  Story plain = Story::captured();
  EXPECT_REFUSED(plain.schedule(plain.now + 1h), ErrorCode::illegal_transition, "");
}

TEST(ScheduledCapture, LiesInTheFutureAndBeforeTheAuthorizationEnds) {
  for (const Duration in : {Duration{0}, Duration{-1s}, Duration{24h * 7 + 1us}}) {
    Story story;
    story.details.capture_at = story.now + in;
    EXPECT_REFUSED(story.create(), ErrorCode::invalid_request, "capture_at");
  }
  Story story = Story::authorized();
  const TimePoint expires_at = *story.state<Authorized>().expires_at;
  EXPECT_REFUSED(story.schedule(story.now), ErrorCode::invalid_request, "capture_at");
  EXPECT_REFUSED(story.schedule(expires_at), ErrorCode::invalid_request, "capture_at");
  EXPECT_TRUE(story.schedule(expires_at - 1us));
}

TEST(ScheduledCapture, CanBeMovedAndTakenBack) {
  Story story = scheduled();
  ASSERT_TRUE(story.schedule(story.now + 48h));
  EXPECT_EQ(story.payment.capture_at, story.now + 48h);
  EXPECT_TRUE(story.schedule(story.now + 48h)->events.empty()) << "nothing changes";
  ASSERT_TRUE(story.schedule(std::nullopt));
  EXPECT_FALSE(story.payment.capture_at);
  EXPECT_EQ(wake_reason(story.payment, story.policy), "authorization_expiry");
}

TEST(ScheduledCapture, IsSetWhileTheAuthorizationIsStillOnItsWayWithoutASecondCall) {
  Story story;
  ASSERT_TRUE(story.create());
  const auto decision = story.schedule(story.now + 1h);
  ASSERT_TRUE(decision);
  EXPECT_TRUE(decision->effects.empty()) << "the authorization is under way already";
  EXPECT_EQ(story.payment.capture_at, story.now + 1h);
}

TEST(ScheduledCapture, KeepsARepeatThatIsStillToCome) {
  Story story;
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(refused()));
  const auto repeat = story.call();
  const auto at = story.call_at();
  const auto decision = story.schedule(story.now + 1h);
  ASSERT_EQ(decision->effects.size(), 1U);
  EXPECT_EQ(story.call().attempt, repeat.attempt);
  EXPECT_EQ(story.call_at(), at);
}

TEST(ScheduledCapture, EndsWithACaptureOrCancelOfTheClient) {
  Story captured = scheduled();
  ASSERT_TRUE(captured.capture(usd(1'000), false));
  ASSERT_TRUE(captured.answer(refused(false)));
  EXPECT_FALSE(captured.payment.capture_at);
  EXPECT_TRUE(captured.is<Authorized>());
  Story canceled = scheduled();
  ASSERT_TRUE(canceled.cancel());
  EXPECT_FALSE(canceled.payment.capture_at);
  EXPECT_REFUSED(canceled.schedule(canceled.now + 1h), ErrorCode::operation_in_progress, "");
}

TEST(ScheduledCapture, IsRefusedAfterAPartIsCaptured) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.capture(usd(1'000), false));
  ASSERT_TRUE(story.answer(approved(usd(1'000))));
  EXPECT_REFUSED(story.schedule(story.now + 1h), ErrorCode::illegal_transition, "");
}

TEST(ScheduledCapture, ComesAgainAfterAnOutageLaterEachTime) {
  Story story = scheduled();
  story.roll = 0.999;
  Duration before{0};
  for (int i = 0; i < 4; ++i) {
    story.now = *wake_at(story.payment, story.policy);
    ASSERT_TRUE(story.fire());
    const OperationId id = story.operation().id;
    ASSERT_TRUE(story.answer(refused(false)));
    EXPECT_TRUE(story.is<Authorized>());
    ASSERT_TRUE(story.payment.capture_at);
    const Duration wait = *story.payment.capture_at - story.now;
    EXPECT_GE(wait, 1min);
    EXPECT_LE(wait, 1h);
    EXPECT_GT(wait, before);
    before = wait;
    EXPECT_EQ(std::count_if(story.payment.history.begin(), story.payment.history.end(),
                            [&](const Operation& settled) { return settled.id == id; }),
              1);
  }
}

TEST(ScheduledCapture, ComesAgainOnlyBeforeTheAuthorizationEnds) {
  Story story;
  story.details.capture_at = story.now + 24h;
  ASSERT_TRUE(story.create());
  auto yes = approved(usd(10'000));
  yes.authorization_expires_at = story.now + 24h + 90s;
  ASSERT_TRUE(story.answer(yes));
  story.now += 24h;
  story.roll = 0.999;
  ASSERT_TRUE(story.fire());
  ASSERT_TRUE(story.answer(refused(false)));
  ASSERT_TRUE(story.payment.capture_at);
  EXPECT_LT(*story.payment.capture_at, *story.state<Authorized>().expires_at);
  story.now = *story.payment.capture_at;
  ASSERT_TRUE(story.fire());
  ASSERT_TRUE(story.answer(refused(false)));
  EXPECT_FALSE(story.payment.capture_at) << "there is no time left";
}

TEST(ScheduledCapture, IsNotTriedAgainAfterADecline) {
  Story story = scheduled();
  story.now += 24h;
  ASSERT_TRUE(story.fire());
  ASSERT_TRUE(story.answer(declined()));
  EXPECT_TRUE(story.is<Authorized>());
  EXPECT_FALSE(story.payment.capture_at);
}

TEST(ScheduledCapture, OfAClientIsNeverRepeatedByItself) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.capture());
  ASSERT_TRUE(story.answer(refused(false)));
  EXPECT_FALSE(story.payment.capture_at);
}

TEST(ScheduledCapture, GivesWayToAnAuthorizationThatEndsBefore) {
  Story story;
  story.details.capture_at = story.now + 72h;
  ASSERT_TRUE(story.create());
  auto yes = approved(usd(10'000));
  yes.authorization_expires_at = story.now + 24h;
  ASSERT_TRUE(story.answer(yes));
  EXPECT_EQ(wake_reason(story.payment, story.policy), "authorization_expiry");
  story.now += 24h;
  ASSERT_TRUE(story.fire());
  EXPECT_EQ(story.status(), Status::expired);
}

// --- the operators ---

/// A capture that nobody knows anything about, asked for a day.
Story lost() {
  Story story = Story::authorized();
  (void)story.capture();
  (void)story.answer(unknown());
  return story;
}
Story escalated() {
  Story story = lost();
  story.now = story.operation().started_at + story.policy.unknown_max;
  (void)story.fire();
  return story;
}

TEST(Escalation, CallsTheOperatorsOnceAfterADay) {
  Story story = lost();
  const TimePoint due = story.operation().started_at + 24h;
  story.now = due - 1us;
  EXPECT_TRUE(story.fire()->events.empty());
  story.now = due;
  const auto fired = story.fire();
  ASSERT_EQ(fired->events.size(), 1U);
  EXPECT_EQ(story.last<OperationEscalated>().operation, story.operation().id);
  EXPECT_FALSE(story.last<OperationEscalated>().reason.empty());
  EXPECT_TRUE(story.operation().escalated);
  ASSERT_EQ(fired->effects.size(), 1U) << "the provider is still asked";
  EXPECT_TRUE(std::get<CallProvider>(fired->effects[0]).call.inquiry);
  EXPECT_TRUE(story.fire()->events.empty());
}

TEST(Escalation, IsWokenForAlthoughTheNextInquiryIsLater) {
  Story story = lost();
  const TimePoint due = story.operation().started_at + 24h;
  story.now = due - 10min;
  ASSERT_TRUE(story.answer(unknown(3600s)));
  EXPECT_EQ(wake_at(story.payment, story.policy), due);
  EXPECT_EQ(wake_reason(story.payment, story.policy), "escalation");
  story.now = due;
  const auto fired = story.fire();
  ASSERT_EQ(fired->effects.size(), 1U);
  EXPECT_GT(std::get<CallProvider>(fired->effects[0]).not_before, story.now);
  EXPECT_EQ(wake_reason(story.payment, story.policy), "inquiry");
}

TEST(Escalation, ComesWithAnAnswerThatStillTellsNothing) {
  Story story = lost();
  story.now = story.operation().started_at + 25h;
  ASSERT_TRUE(story.answer(unknown()));
  ASSERT_EQ(story.events.size(), 7U);
  EXPECT_TRUE(std::holds_alternative<OperationEscalated>(story.events.back().fact));
  ASSERT_TRUE(story.answer(unknown()));
  EXPECT_FALSE(std::holds_alternative<OperationEscalated>(story.events.back().fact));
}

TEST(Escalation, ConcernsWhatTheProviderKeepsPendingToo) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(provider::Pending{"pi_1", ""}));
  story.now += 24h;
  ASSERT_TRUE(story.fire());
  EXPECT_TRUE(story.operation().escalated);
}

TEST(Escalation, DoesNotCountThePayersTime) {
  Story story{CaptureMethod::automatic};
  story.policy.action_wait = 72h;
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(action_required()));
  story.now += 48h;
  ASSERT_TRUE(story.confirm());
  ASSERT_TRUE(story.answer(provider::Pending{"pi_1", ""}));
  EXPECT_FALSE(story.operation().escalated);
  story.now += 24h;
  ASSERT_TRUE(story.fire());
  EXPECT_TRUE(story.operation().escalated);
}

TEST(Resolution, SettlesTheOperationAsTheOperatorsFoundIt) {
  Story yes = escalated();
  const OperationId id = yes.operation().id;
  ASSERT_TRUE(yes.tell(ResolveOperation{id, true, "ch_9", "Captured in the dashboard.", "ops"}));
  EXPECT_EQ(yes.status(), Status::captured);
  EXPECT_EQ(yes.payment.history.back().provider_object, "ch_9");
  EXPECT_FALSE(yes.payment.history.back().escalated);
  EXPECT_EQ(std::get<OperatorDecided>(yes.events[yes.events.size() - 2].fact).by, "ops");
  EXPECT_EQ(yes.balance("merchant:payable"), -10'000);
  Story no = escalated();
  ASSERT_TRUE(no.resolve(false));
  EXPECT_EQ(no.status(), Status::authorized);
  EXPECT_FALSE(no.payment.capture_at);
  EXPECT_EQ(no.balance("merchant:payable"), 0);
}

TEST(Resolution, OfAnAuthorizationHoldsItForItsLifetime) {
  Story story;
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(unknown()));
  ASSERT_TRUE(story.resolve(true));
  EXPECT_EQ(story.state<Authorized>().expires_at, story.now + 24h * 7);
  EXPECT_EQ(story.balance("customer:held"), -10'000);
}

TEST(Resolution, IsRefusedForWhatIsNotInQuestion) {
  Story story = escalated();
  const OperationId id = story.operation().id;
  EXPECT_REFUSED(story.tell(ResolveOperation{story.operation_id(), true, "", "r", "ops"}),
                 ErrorCode::illegal_transition, "");
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  EXPECT_REFUSED(story.tell(ResolveOperation{id, true, "", "r", "ops"}),
                 ErrorCode::illegal_transition, "");
  Story running = Story::authorized();
  ASSERT_TRUE(running.capture());
  EXPECT_REFUSED(running.resolve(false), ErrorCode::illegal_transition, "");
}

TEST(Resolution, MakesTheProvidersLateAnswerStale) {
  Story story = escalated();
  const auto call = story.call();
  ASSERT_TRUE(story.resolve(false));
  EXPECT_TRUE(story.tell(Story::answer_to(call, approved(usd(10'000))))->events.empty());
}

TEST(Resolution, OfAVoidThatFailedAsksAboutThePayerAtOnce) {
  Story story = Story::awaiting();
  ASSERT_TRUE(story.cancel());
  ASSERT_TRUE(story.answer(unknown()));
  ASSERT_TRUE(story.resolve(false));
  EXPECT_EQ(story.status(), Status::requires_action);
  EXPECT_TRUE(story.call().inquiry);
}

// --- breakers ---

TEST(Breaker, IsNoticedBeforeTheAnswerAndMovesNoAttempt) {
  const std::pair<const char*, const char*> marks[] = {
      {"turned_away", "open"}, {"opened", "open"}, {"probe", "half_open"}, {"closed", "closed"}};
  for (const auto& [mark, state] : marks) {
    Story story;
    ASSERT_TRUE(story.create());
    auto report = Story::answer_to(story.call(), unknown());
    report.exchange.breaker = mark;
    ASSERT_TRUE(story.tell(report));
    ASSERT_EQ(story.events.size(), 4U);
    const auto& noticed = std::get<BreakerNoticed>(story.events[2].fact);
    EXPECT_EQ(noticed.state, state);
    EXPECT_EQ(noticed.cause, mark);
    EXPECT_EQ(noticed.provider, "stripe");
    EXPECT_EQ(story.last<AttemptFailed>().exchange.breaker, mark);
    EXPECT_EQ(story.operation().attempts, 2);
    EXPECT_EQ(story.call().attempt, 2);
    EXPECT_TRUE(story.tell(report)->events.empty()) << "stale";
  }
}

}  // namespace
}  // namespace cambist::payment
