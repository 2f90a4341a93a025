// Silence, restarts and delays: no double effect, and no failure that is only a guess.
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using namespace std::chrono_literals;

Story capturing() {
  Story story = Story::authorized();
  (void)story.capture();
  return story;
}

TEST(PaymentUnknown, SilenceIsAskedAboutOnceAtOnce) {
  Story story = capturing();
  ASSERT_TRUE(story.answer(unknown()));
  EXPECT_EQ(story.operation().status, OperationStatus::unknown);
  EXPECT_EQ(story.status(), Status::processing);
  EXPECT_TRUE(story.call().inquiry);
  EXPECT_EQ(story.call_at(), story.now);
  EXPECT_EQ(story.call().attempt, 2);
}

TEST(PaymentUnknown, ThenItIsAskedOnTheScheduleAndNeverGivenUp) {
  Story story = capturing();
  ASSERT_TRUE(story.answer(unknown()));
  for (const Duration delay :
       {Duration{2s}, Duration{5s}, Duration{15s}, Duration{60s}, Duration{120s}, Duration{240s},
        Duration{480s}, Duration{960s}, Duration{1920s}, Duration{1h}, Duration{1h}}) {
    ASSERT_TRUE(story.answer(unknown()));
    EXPECT_TRUE(story.call().inquiry);
    EXPECT_EQ(story.call_at(), story.now + delay);
    EXPECT_EQ(wake_at(story.payment, story.policy), story.call_at());
    story.now = story.call_at();
  }
  story.now += 24h * 30;
  ASSERT_TRUE(story.answer(unknown()));
  EXPECT_EQ(story.call_at(), story.now + 1h);
  EXPECT_EQ(story.operation().status, OperationStatus::unknown);
}

TEST(PaymentUnknown, AProviderThatNamesALaterTimeIsAskedThen) {
  Story story = capturing();
  ASSERT_TRUE(story.answer(unknown(30s)));
  EXPECT_EQ(story.call_at(), story.now + 30s);
  ASSERT_TRUE(story.answer(unknown(1s)));
  EXPECT_EQ(story.call_at(), story.now + 5s);
  ASSERT_TRUE(story.answer(unknown(std::chrono::seconds{1'000'000'000})));
  EXPECT_EQ(story.call_at(), story.now + 1h) << "but not for ever";
}

TEST(PaymentUnknown, ADefiniteAnswerToTheInquirySettlesIt) {
  Story found = capturing();
  ASSERT_TRUE(found.answer(unknown()));
  ASSERT_TRUE(found.answer(approved(usd(10'000))));
  EXPECT_EQ(found.status(), Status::captured);
  Story no = capturing();
  ASSERT_TRUE(no.answer(unknown()));
  ASSERT_TRUE(no.answer(declined()));
  EXPECT_EQ(no.status(), Status::authorized);
}

TEST(PaymentUnknown, AnInquiryThatIsRefusedSaysNothingAboutTheOperation) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(unknown()));
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(story.answer(refused(i % 2 == 0)));
    ASSERT_EQ(story.status(), Status::processing);
    EXPECT_EQ(story.operation().status, OperationStatus::unknown);
    EXPECT_TRUE(story.call().inquiry);
    EXPECT_GT(story.call_at(), story.now);
  }
}

TEST(PaymentUnknown, WhatWasNotExecutedYetIsSentAgainWithTheSameKey) {
  Story story = capturing();
  const auto key = story.call().idempotency_key;
  ASSERT_TRUE(story.answer(unknown()));
  ASSERT_TRUE(story.answer(provider::NotExecuted{}));
  EXPECT_FALSE(story.call().inquiry);
  EXPECT_EQ(story.call().idempotency_key, key);
  EXPECT_EQ(story.call().attempt, 3);
  EXPECT_LE(story.call_at(), story.now + 2s);
  EXPECT_EQ(story.operation().status, OperationStatus::unknown)
      << "the first call may still be on its way";
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  EXPECT_EQ(story.status(), Status::captured);
}

TEST(PaymentUnknown, ARefusalOfTheSecondCallDoesNotHideTheFirst) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(unknown()));
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(story.answer(provider::NotExecuted{}));
    ASSERT_FALSE(story.call().inquiry);
    ASSERT_TRUE(story.answer(refused(false)));
    ASSERT_EQ(story.operation().status, OperationStatus::unknown);
    ASSERT_TRUE(story.call().inquiry);
  }
  ASSERT_TRUE(story.answer(approved(usd(10'000)))) << "the first call arrived after all";
  EXPECT_EQ(story.status(), Status::captured);
}

TEST(PaymentUnknown, RepeatsAfterNotExecutedDoNotOutrunTheSchedule) {
  Story story = capturing();
  ASSERT_TRUE(story.answer(unknown()));
  Duration last{};
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(story.answer(provider::NotExecuted{}));
    ASSERT_TRUE(story.answer(unknown()));
    ASSERT_TRUE(story.call().inquiry);
    EXPECT_GT(story.call_at() - story.now, last);
    last = story.call_at() - story.now;
  }
}

TEST(PaymentUnknown, NothingIsSentAgainOnceTheProviderMayHaveForgottenTheKey) {
  Story story = capturing();
  ASSERT_TRUE(story.answer(unknown()));
  story.now += 24h;
  ASSERT_TRUE(story.answer(provider::NotExecuted{}));
  EXPECT_TRUE(story.call().inquiry);
  EXPECT_EQ(story.operation().status, OperationStatus::unknown);
  story.now += 24h;
  ASSERT_TRUE(story.answer(provider::NotExecuted{}));
  EXPECT_EQ(story.status(), Status::authorized)
      << "no call can be on its way for a day: the answer is final";
  EXPECT_EQ(story.payment.history.back().status, OperationStatus::refused);
}

TEST(PaymentUnknown, AnUnansweredCallBecomesUnknownAndItsLateAnswerIsStale) {
  Story story = capturing();
  const provider::Call call = story.call();
  EXPECT_EQ(wake_at(story.payment, story.policy), story.now + story.policy.call_grace);
  story.now += story.policy.call_grace - 1us;
  EXPECT_TRUE(story.fire()->effects.empty()) << "the call is still waited for";
  story.now += 1us;
  ASSERT_TRUE(story.fire());
  EXPECT_EQ(story.operation().status, OperationStatus::unknown);
  EXPECT_TRUE(story.call().inquiry);
  EXPECT_TRUE(story.tell(Story::answer_to(call, refused(false)))->events.empty());
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  EXPECT_EQ(story.status(), Status::captured);
}

TEST(PaymentUnknown, ADueInquiryIsGivenByTheTimerWithoutAnEvent) {
  Story story = capturing();
  ASSERT_TRUE(story.answer(unknown()));
  ASSERT_TRUE(story.answer(unknown()));
  const auto next = story.call();
  story.now += 1s;
  EXPECT_TRUE(story.fire()->effects.empty());
  story.now += 1s;
  const auto fired = story.fire();
  EXPECT_TRUE(fired->events.empty());
  ASSERT_EQ(fired->effects.size(), 1U);
  const auto& call = std::get<CallProvider>(fired->effects[0]).call;
  EXPECT_TRUE(call.inquiry);
  EXPECT_EQ(call.attempt, next.attempt) << "so that the second of two answers is stale";
}

TEST(PaymentUnknown, AnInquiryThatNobodyAnswersIsAskedAgain) {
  Story story = capturing();
  ASSERT_TRUE(story.answer(unknown()));
  ASSERT_EQ(story.call_at(), story.now);
  EXPECT_EQ(wake_at(story.payment, story.policy), story.now + story.policy.call_grace);
  story.now += story.policy.call_grace;
  EXPECT_EQ(story.fire()->effects.size(), 1U);
}

TEST(PaymentRestart, AsksAboutACallThatMayHaveBeenSent) {
  Story story = capturing();
  const auto effects = owed(story.payment, story.policy, story.now + 1h);
  ASSERT_EQ(effects.size(), 1U);
  const auto& effect = std::get<CallProvider>(effects[0]);
  EXPECT_TRUE(effect.call.inquiry);
  EXPECT_EQ(effect.not_before, story.now + 1h);
}

TEST(PaymentRestart, ARefusedQuestionDoesNotFailThePaymentThatMayBeCharged) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  story.effects = owed(story.payment, story.policy, story.now);
  ASSERT_TRUE(story.answer(refused(false)));
  EXPECT_EQ(story.operation().status, OperationStatus::unknown);
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  EXPECT_EQ(story.status(), Status::captured);
}

TEST(PaymentRestart, DuringARepeatAsksFirstToo) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(refused()));
  const TimePoint repeat_at = story.call_at();
  story.effects = owed(story.payment, story.policy, story.now);
  EXPECT_TRUE(story.call().inquiry);
  EXPECT_EQ(story.call_at(), repeat_at);
  story.now = repeat_at;  // by then the call may have been sent
  ASSERT_TRUE(story.answer(provider::NotExecuted{}));
  EXPECT_FALSE(story.call().inquiry);
  ASSERT_TRUE(story.answer(refused(false)));
  EXPECT_EQ(story.operation().status, OperationStatus::unknown);
}

TEST(PaymentRestart, OwesNothingWhenNothingRuns) {
  EXPECT_TRUE(owed(Payment{}, Policy{}, TimePoint{}).empty());
  const Story authorized = Story::authorized();
  EXPECT_TRUE(owed(authorized.payment, authorized.policy, authorized.now + 24h * 30).empty());
  const Story captured = Story::captured();
  EXPECT_TRUE(owed(captured.payment, captured.policy, captured.now).empty());
}

TEST(PaymentRestart, TheStepThatWasDoneIsNotDoneAgain) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  story.effects = owed(story.payment, story.policy, story.now);
  ASSERT_TRUE(story.answer(provider::Progressed{"pi_7", 1}));
  EXPECT_EQ(story.call().step, 1);
  EXPECT_FALSE(story.call().inquiry);
  EXPECT_EQ(story.operation().status, OperationStatus::pending)
      << "the next step was surely never sent";
  ASSERT_TRUE(story.answer(refused(false)));
  EXPECT_EQ(story.status(), Status::failed);
}

TEST(PaymentRestart, TwoInquiriesOfTwoLivesCannotBothDecide) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  story.effects = owed(story.payment, story.policy, story.now);
  const provider::Call first = story.call();
  ASSERT_TRUE(story.answer(provider::Progressed{"pi_7", 1}));
  EXPECT_TRUE(story.tell(Story::answer_to(first, refused(false)))->events.empty())
      << "it would fail a payment whose charge is under way";
}

TEST(PaymentPending, IsAskedOnTheScheduleAndAnsweredInTheEnd) {
  Story story = capturing();
  ASSERT_TRUE(story.answer(provider::Pending{"", "ch_9"}));
  EXPECT_EQ(story.operation().status, OperationStatus::pending);
  EXPECT_EQ(story.call_at(), story.now + 2s);
  EXPECT_TRUE(story.call().inquiry);
  EXPECT_EQ(story.call().provider_object, "ch_9");
  ASSERT_TRUE(story.answer(provider::Pending{}));
  EXPECT_EQ(story.call_at(), story.now + 5s);
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(story.payment.history.back().provider_object, "ch_9");
}

TEST(PaymentPending, ARefusalAfterItWasAcceptedDoesNotSettleIt) {
  Story story = capturing();
  ASSERT_TRUE(story.answer(provider::Pending{}));
  ASSERT_TRUE(story.answer(refused(false)));
  EXPECT_TRUE(story.is<Capturing>());
  ASSERT_TRUE(story.answer(provider::NotExecuted{}));
  ASSERT_FALSE(story.call().inquiry);
  ASSERT_TRUE(story.answer(refused(false)));
  EXPECT_TRUE(story.is<Capturing>());
  EXPECT_EQ(story.operation().status, OperationStatus::unknown);
}

TEST(PaymentUnknown, AnswersThatNoAdapterShouldGiveAreNoAnswers) {
  for (const provider::Verdict& verdict :
       {provider::Verdict{provider::NotExecuted{}},
        provider::Verdict{provider::Progressed{"pi_1", 0}}, provider::Verdict{action_required()}}) {
    Story story = capturing();
    ASSERT_TRUE(story.answer(verdict));
    EXPECT_EQ(story.operation().status, OperationStatus::unknown) << name_of(verdict);
    EXPECT_TRUE(story.call().inquiry);
  }
}

TEST(PaymentUnknown, WithASingleAttemptAllowedTheScheduleBeginsAtOnce) {
  Story story = Story::authorized();
  story.policy.attempts_in_request_max = 1;
  ASSERT_TRUE(story.capture());
  ASSERT_TRUE(story.answer(unknown()));
  EXPECT_EQ(story.call_at(), story.now + 2s);
}

}  // namespace
}  // namespace cambist::payment
