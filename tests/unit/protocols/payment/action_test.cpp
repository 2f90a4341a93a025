// A payer who must act: what the provider says before, during and after.
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using namespace std::chrono_literals;

TEST(PaymentAction, ShowsWhatThePayerMustDo) {
  const Story story = Story::awaiting();
  EXPECT_EQ(story.status(), Status::requires_action);
  EXPECT_EQ(story.state<AwaitingAction>().action.url, "https://bank.example/3ds");
  EXPECT_TRUE(story.effects.empty());
  EXPECT_EQ(story.payment.provider_payment_id, "pi_1");
  EXPECT_TRUE(owed(story.payment, story.policy, story.now + 1h).empty())
      << "it is the payer's turn";
}

TEST(PaymentAction, ConfirmAsksTheProviderWhatBecameOfIt) {
  Story story = Story::awaiting();
  ASSERT_TRUE(story.confirm());
  EXPECT_EQ(story.status(), Status::processing);
  EXPECT_TRUE(story.call().inquiry);
  EXPECT_TRUE(story.call().confirmed);
  EXPECT_EQ(story.call_at(), story.now);
  EXPECT_REFUSED(story.confirm(), ErrorCode::operation_in_progress, "");
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  EXPECT_EQ(story.status(), Status::captured);
}

TEST(PaymentAction, ConfirmTooEarlyLeavesItThePayersTurn) {
  Story story = Story::awaiting();
  ASSERT_TRUE(story.confirm());
  story.now += 1min;
  ASSERT_TRUE(story.answer(action_required()));
  EXPECT_EQ(story.status(), Status::requires_action);
  EXPECT_EQ(story.state<AwaitingAction>().since, story.now);
  EXPECT_TRUE(story.confirm());
}

TEST(PaymentAction, APayerWhoFailsFailsThePayment) {
  Story story = Story::awaiting();
  ASSERT_TRUE(story.confirm());
  ASSERT_TRUE(story.answer(declined()));
  EXPECT_EQ(story.status(), Status::failed);
}

TEST(PaymentAction, SilenceAfterConfirmIsUnknownAndNeverAFailure) {
  Story story = Story::awaiting();
  ASSERT_TRUE(story.confirm());
  ASSERT_TRUE(story.answer(unknown()));
  EXPECT_EQ(story.operation().status, OperationStatus::unknown);
  EXPECT_REFUSED(story.confirm(), ErrorCode::outcome_unknown, "");
  ASSERT_TRUE(story.answer(refused(false)));
  EXPECT_EQ(story.status(), Status::processing);
  ASSERT_TRUE(story.answer(action_required()));
  EXPECT_EQ(story.status(), Status::requires_action);
  EXPECT_EQ(story.operation().status, OperationStatus::pending);
}

TEST(PaymentAction, ConfirmElsewhereIsRefused) {
  for (Story story : {Story::authorized(), Story::captured()}) {
    EXPECT_REFUSED(story.confirm(), ErrorCode::illegal_transition, "");
  }
}

TEST(PaymentAction, OtherCommandsMustWaitForThePayer) {
  Story story = Story::awaiting();
  EXPECT_REFUSED(story.capture(), ErrorCode::illegal_transition, "");
  EXPECT_REFUSED(story.refund(), ErrorCode::illegal_transition, "");
}

/// The timer's question at the end of the payer's time, not answered yet.
provider::Call question(Story& story) {
  story.now = *wake_at(story.payment, story.policy);
  return std::get<CallProvider>(story.fire()->effects.at(0)).call;
}

TEST(PaymentAction, IsAskedAboutADayLaterWhenNobodyConfirms) {
  Story story = Story::awaiting();
  EXPECT_EQ(wake_at(story.payment, story.policy), story.now + 24h);
  EXPECT_EQ(wake_reason(story.payment, story.policy), "action_expiry");
  story.now += 24h;
  const auto fired = story.fire();
  ASSERT_EQ(fired->effects.size(), 1U);
  EXPECT_TRUE(fired->events.empty());
  const auto call = std::get<CallProvider>(fired->effects[0]).call;
  EXPECT_TRUE(call.inquiry);
  EXPECT_FALSE(call.confirmed);
}

TEST(PaymentAction, IsGivenUpWhenTheProviderStillWaitsThen) {
  Story story = Story::awaiting();
  const OperationId first = story.operation().id;
  const auto call = question(story);
  ASSERT_TRUE(story.tell(Story::answer_to(call, action_required())));
  EXPECT_EQ(story.status(), Status::processing);
  EXPECT_EQ(story.operation().kind, provider::OperationKind::void_authorization);
  EXPECT_EQ(story.operation().reason, "action_expired");
  EXPECT_TRUE(story.operation().by_itself);
  EXPECT_NE(story.operation().id, first);
  EXPECT_FALSE(story.call().inquiry);
  ASSERT_TRUE(story.answer(approved(Money{})));
  EXPECT_EQ(story.status(), Status::expired);
  EXPECT_TRUE(story.ledger.empty());
  EXPECT_FALSE(wake_at(story.payment, story.policy));
}

TEST(PaymentAction, IsGivenUpAtTheExpiryThatTheProviderNamed) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  const TimePoint expires_at = story.now + 15min;
  ASSERT_TRUE(story.answer(action_required(expires_at)));
  EXPECT_EQ(wake_at(story.payment, story.policy), expires_at);
  const auto call = question(story);
  ASSERT_TRUE(story.tell(Story::answer_to(call, action_required(expires_at))));
  EXPECT_EQ(story.operation().reason, "action_expired");
}

TEST(PaymentAction, APayerWhoWasFasterThanTheGivingUpHasPaid) {
  Story story = Story::awaiting();
  const auto call = question(story);
  ASSERT_TRUE(story.tell(Story::answer_to(call, action_required())));
  ASSERT_TRUE(story.answer(declined()));  // it can no longer be canceled
  EXPECT_EQ(story.status(), Status::requires_action);
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  EXPECT_EQ(story.status(), Status::captured);
}

TEST(PaymentAction, AGivingUpThatFailsIsTriedAgainADayLaterAndNotAtOnce) {
  Story story = Story::awaiting();
  const auto call = question(story);
  ASSERT_TRUE(story.tell(Story::answer_to(call, action_required())));
  const OperationId first = story.operation().id;
  ASSERT_TRUE(story.answer(declined()));
  ASSERT_TRUE(story.answer(action_required()));
  EXPECT_EQ(story.status(), Status::requires_action);
  EXPECT_TRUE(story.effects.empty());
  EXPECT_EQ(wake_at(story.payment, story.policy), story.now + 24h);
  const auto again = question(story);
  ASSERT_TRUE(story.tell(Story::answer_to(again, action_required())));
  EXPECT_EQ(story.operation().reason, "action_expired");
  EXPECT_NE(story.operation().id, first);
}

TEST(PaymentAction, BeingToldAgainGivesThePayerNoMoreTime) {
  Story story = Story::awaiting();
  const TimePoint due = *wake_at(story.payment, story.policy);
  story.now += 1h;
  const auto asked = story.hear(provider::Happened{});
  ASSERT_EQ(asked->effects.size(), 1U);
  const auto call = std::get<CallProvider>(asked->effects[0]).call;
  ASSERT_TRUE(story.tell(Story::answer_to(call, action_required())));
  EXPECT_EQ(story.status(), Status::requires_action);
  EXPECT_EQ(wake_at(story.payment, story.policy), due);
}

TEST(PaymentAction, ACancelOfTheClientVoidsWhateverItsReasonSays) {
  Story story = Story::awaiting();
  ASSERT_TRUE(story.tell(Cancel{"action_expired", story.operation_id()}));
  ASSERT_TRUE(story.answer(approved(Money{})));
  EXPECT_EQ(story.status(), Status::voided);
}

TEST(PaymentAction, AProviderThatCannotBeAskedLeavesItThePayersTurn) {
  for (const provider::Verdict& verdict :
       {provider::Verdict{refused(false)}, provider::Verdict{unknown()},
        provider::Verdict{provider::NotExecuted{}}}) {
    Story story = Story::awaiting();
    story.now += 24h;
    const auto call = std::get<CallProvider>(story.fire()->effects.at(0)).call;
    ASSERT_TRUE(story.tell(Story::answer_to(call, verdict)));
    EXPECT_EQ(story.status(), Status::requires_action) << name_of(verdict);
    EXPECT_GT(wake_at(story.payment, story.policy), story.now);
    EXPECT_TRUE(story.confirm());
  }
}

TEST(PaymentAction, ConfirmMakesAnEarlierInquiryStale) {
  Story story = Story::awaiting();
  story.now += 24h;
  const auto early = std::get<CallProvider>(story.fire()->effects.at(0)).call;
  ASSERT_TRUE(story.confirm());
  EXPECT_TRUE(story.tell(Story::answer_to(early, action_required()))->events.empty());
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  EXPECT_EQ(story.status(), Status::captured);
}

TEST(PaymentAction, CancelGivesItUpWithoutAnyMoneyHeld) {
  Story story = Story::awaiting();
  ASSERT_TRUE(story.cancel());
  EXPECT_EQ(story.call().kind, provider::OperationKind::void_authorization);
  EXPECT_EQ(story.call().provider_payment_id, "pi_1");
  EXPECT_EQ(story.status(), Status::processing);
  ASSERT_TRUE(story.answer(approved(Money{})));
  EXPECT_EQ(story.status(), Status::voided);
  EXPECT_TRUE(story.ledger.empty());
  ASSERT_EQ(story.payment.history.size(), 2U);
  EXPECT_EQ(story.payment.history[0].status, OperationStatus::refused);
  EXPECT_EQ(story.payment.history[1].status, OperationStatus::succeeded);
}

TEST(PaymentAction, ACancelThatFailsAsksAtOnceWhetherThePayerWasFaster) {
  for (const provider::Verdict& verdict :
       {provider::Verdict{refused(false)}, provider::Verdict{declined()}}) {
    Story story = Story::awaiting();
    ASSERT_TRUE(story.cancel());
    ASSERT_TRUE(story.answer(verdict));
    EXPECT_EQ(story.status(), Status::requires_action);
    ASSERT_EQ(story.effects.size(), 1U);
    EXPECT_TRUE(story.call().inquiry);
    EXPECT_EQ(story.call().kind, provider::OperationKind::charge);
    ASSERT_TRUE(story.answer(approved(usd(10'000))));
    EXPECT_EQ(story.status(), Status::captured);
  }
}

TEST(PaymentAction, AnUnknownCancelKeepsWhatItWouldGiveUp) {
  Story story = Story::awaiting();
  ASSERT_TRUE(story.cancel());
  ASSERT_TRUE(story.answer(unknown()));
  EXPECT_REFUSED(story.confirm(), ErrorCode::outcome_unknown, "");
  EXPECT_EQ(story.call().kind, provider::OperationKind::void_authorization);
  ASSERT_TRUE(story.answer(declined()));
  EXPECT_EQ(story.status(), Status::requires_action);
}

TEST(PaymentAction, AnAuthorizationCanWaitForThePayerToo) {
  Story story;
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(action_required()));
  ASSERT_TRUE(story.confirm());
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  EXPECT_EQ(story.status(), Status::authorized);
  EXPECT_EQ(story.balance("customer:held"), -10'000);
}

}  // namespace
}  // namespace cambist::payment
