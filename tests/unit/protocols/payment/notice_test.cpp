// What the provider tells by itself: twice, late, out of order, and about what nobody here did.
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using namespace std::chrono_literals;
using provider::DisputeStatus;
using provider::RefundStatus;

void expect_nothing(const Result<Decision>& decision) {
  ASSERT_TRUE(decision);
  EXPECT_TRUE(decision->events.empty());
  EXPECT_TRUE(decision->effects.empty());
}

/// Our own refund of 40.00, succeeded as "re_1".
Story refunded() {
  Story story = Story::captured();
  (void)story.refund(usd(4'000));
  (void)story.answer(approved(usd(4'000), "re_1"));
  return story;
}

// --- while something runs ---

TEST(Notice, MakesWhatRunsBeAskedAboutAtOnce) {
  for (const provider::News& news :
       {provider::News{provider::Happened{}}, provider::News{provider::AuthorizationEnded{}},
        provider::News{provider::CaptureSeen{usd(10'000)}}}) {
    Story story = Story::authorized();
    ASSERT_TRUE(story.capture());
    const auto heard = story.hear(news);
    EXPECT_TRUE(heard->events.empty());
    ASSERT_EQ(heard->effects.size(), 1U);
    const auto& effect = std::get<CallProvider>(heard->effects[0]);
    EXPECT_TRUE(effect.call.inquiry);
    EXPECT_EQ(effect.call.attempt, story.operation().attempts);
    EXPECT_EQ(effect.not_before, story.now);
  }
}

TEST(Notice, OvertakingTheAnswerIsHarmless) {
  Story story = Story::captured();
  ASSERT_TRUE(story.refund(usd(4'000)));
  auto seen = refund_seen(usd(4'000), "re_1");
  seen.operation = story.operation().id.to_string();
  EXPECT_TRUE(story.hear(seen)->events.empty());
  ASSERT_TRUE(story.answer(approved(usd(4'000), "re_1")));
  expect_nothing(story.hear(seen));
  EXPECT_EQ(refunded(story.payment), usd(4'000));
}

TEST(Notice, OfAnotherPaymentOfTheProviderChangesNothing) {
  Story story = Story::authorized();
  auto notice = Story::notice(provider::CaptureSeen{usd(10'000)});
  notice.notice.provider_payment_id = "pi_other";
  expect_nothing(story.tell(notice));
  ASSERT_TRUE(story.capture());
  expect_nothing(story.tell(notice));
}

// --- captures and endings at the provider ---

TEST(Notice, ACaptureAtTheProviderIsTaken) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.schedule(story.now + 1h));
  ASSERT_TRUE(story.hear(provider::CaptureSeen{usd(6'000)}));
  EXPECT_EQ(story.status(), Status::partially_captured);
  EXPECT_EQ(captured(story.payment), usd(6'000));
  EXPECT_EQ(story.balance("customer:held"), 0);
  EXPECT_EQ(story.balance("merchant:payable"), -6'000);
  EXPECT_FALSE(story.payment.capture_at);
  expect_nothing(story.hear(provider::CaptureSeen{usd(6'000)}));
}

TEST(Notice, ACaptureThatCannotBeIsIgnored) {
  for (const Money& total : {usd(10'001), usd(0), usd(-1), eur(1'000)}) {
    Story story = Story::authorized();
    expect_nothing(story.hear(provider::CaptureSeen{total}));
  }
}

TEST(Notice, ACaptureOfWhatHasEndedHereIsATaskForTheOperators) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.cancel());
  ASSERT_TRUE(story.answer(approved(Money{})));
  ASSERT_TRUE(story.hear(provider::CaptureSeen{usd(10'000)}));
  EXPECT_EQ(story.status(), Status::voided);
  EXPECT_EQ(story.last<AttentionNeeded>().kind, AttentionKind::late_payment);
  EXPECT_EQ(story.last<AttentionNeeded>().amount, usd(10'000));
  expect_nothing(story.hear(provider::CaptureSeen{usd(10'000)}));  // told again: one task
}

TEST(Notice, AnAuthorizationThatEndedThereEndsHere) {
  for (const bool expired : {true, false}) {
    Story story = Story::authorized();
    ASSERT_TRUE(story.hear(provider::AuthorizationEnded{expired}));
    EXPECT_EQ(story.status(), expired ? Status::expired : Status::voided);
    EXPECT_EQ(story.balance("customer:held"), 0);
    expect_nothing(story.hear(provider::AuthorizationEnded{expired}));
  }
}

TEST(Notice, AnAuthorizationThatEndedAfterACaptureKeepsTheCapture) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.capture(usd(3'000), false));
  ASSERT_TRUE(story.answer(approved(usd(3'000))));
  ASSERT_TRUE(story.hear(provider::AuthorizationEnded{true}));
  EXPECT_EQ(story.state<Captured>().captured, usd(3'000));
  EXPECT_EQ(story.balance("customer:held"), 0);
}

// --- refunds that nobody here made ---

TEST(Notice, ARefundOfSomebodyElseCountsOnce) {
  Story story = Story::captured();
  ASSERT_TRUE(story.hear(refund_seen(usd(4'000))));
  EXPECT_EQ(story.status(), Status::partially_refunded);
  EXPECT_EQ(story.balance("merchant:payable"), -6'000);
  expect_nothing(story.hear(refund_seen(usd(4'000))));
  ASSERT_TRUE(story.hear(refund_seen(usd(6'000), "re_z")));
  EXPECT_EQ(story.status(), Status::refunded);
  EXPECT_EQ(story.balance("merchant:payable"), 0);
}

TEST(Notice, OfOurOwnRefundTellsNothingNewEvenWithoutItsOperation) {
  Story story = refunded();
  expect_nothing(story.hear(refund_seen(usd(4'000), "re_1")));
  EXPECT_EQ(refunded(story.payment), usd(4'000));
}

TEST(Notice, ARefundBeyondWhatIsCapturedIsIgnored) {
  Story story = refunded();
  expect_nothing(story.hear(refund_seen(usd(6'001))));
  expect_nothing(story.hear(refund_seen(eur(1))));
  expect_nothing(story.hear(refund_seen(usd(0))));
  expect_nothing(story.hear(refund_seen(usd(1), "re_p", RefundStatus::pending)));
}

TEST(Notice, ARefundThatDoesNotFitBesideARunningOneIsToldLater) {
  Story story = Story::captured();
  ASSERT_TRUE(story.refund(usd(7'000)));
  EXPECT_REFUSED(story.hear(refund_seen(usd(4'000))), ErrorCode::operation_in_progress, "");
  ASSERT_TRUE(story.answer(declined()));
  ASSERT_TRUE(story.hear(refund_seen(usd(4'000))));
  EXPECT_EQ(refunded(story.payment), usd(4'000));
}

TEST(Notice, ARefundBesideARunningOneAddsUp) {
  Story story = Story::captured();
  ASSERT_TRUE(story.refund(usd(6'000)));
  const auto call = story.call();
  const auto heard = story.hear(refund_seen(usd(4'000)));
  ASSERT_EQ(heard->events.size(), 1U);
  EXPECT_TRUE(heard->effects.empty()) << "ours is under way already";
  ASSERT_TRUE(story.tell(Story::answer_to(call, approved(usd(6'000), "re_1"))));
  EXPECT_EQ(story.status(), Status::refunded);
  EXPECT_EQ(story.balance("merchant:payable"), 0);
}

TEST(Notice, ARefundThatCameBeforeItsCaptureIsToldLater) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  EXPECT_REFUSED(story.hear(refund_seen(usd(1))), ErrorCode::operation_in_progress, "");
}

TEST(Notice, OfARefundThatTheOperatorsCalledFailedSaysWhatIsTrue) {
  Story story = Story::captured();
  ASSERT_TRUE(story.refund(usd(4'000)));
  ASSERT_TRUE(story.answer(unknown()));
  auto seen = refund_seen(usd(4'000), "re_1");
  seen.operation = story.operation().id.to_string();
  ASSERT_TRUE(story.resolve(false));
  ASSERT_TRUE(story.hear(seen));
  EXPECT_EQ(refunded(story.payment), usd(4'000));
  expect_nothing(story.hear(seen));
}

// --- refunds that fail after all ---

TEST(Notice, ARefundThatFailsAfterAllGivesTheMoneyBackOnce) {
  Story story = Story::captured();
  ASSERT_TRUE(story.refund());
  ASSERT_TRUE(story.answer(approved(usd(10'000), "re_1")));
  EXPECT_EQ(story.status(), Status::refunded);
  const auto failed = refund_seen(usd(10'000), "re_1", RefundStatus::failed);
  ASSERT_TRUE(story.hear(failed));
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(story.balance("merchant:payable"), -10'000);
  expect_nothing(story.hear(failed));
  expect_nothing(story.hear(refund_seen(usd(10'000), "re_1")));
  EXPECT_TRUE(story.refund(usd(10'000))) << "it can be refunded again";
}

TEST(Notice, AReversalGivesBackWhatHadMovedAndNotWhatTheNoticeSays) {
  Story story = Story::captured();
  ASSERT_TRUE(story.refund(usd(4'000)));
  ASSERT_TRUE(story.answer(approved(usd(3'000), "re_1")));  // the provider approved less
  ASSERT_TRUE(story.hear(refund_seen(usd(4'000), "re_1", RefundStatus::failed)));
  EXPECT_EQ(refunded(story.payment), usd(0));
  EXPECT_EQ(story.balance("merchant:payable"), -10'000);
}

TEST(Notice, ARefundOfSomebodyElseCanFailToo) {
  Story story = Story::captured();
  ASSERT_TRUE(story.hear(refund_seen(usd(4'000))));
  ASSERT_TRUE(story.hear(refund_seen(usd(4'000), "re_x", RefundStatus::failed)));
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(story.balance("merchant:payable"), -10'000);
}

TEST(Notice, AFailureThatOvertakesItsSuccessWins) {
  Story story = Story::captured();
  ASSERT_TRUE(story.hear(refund_seen(usd(4'000), "re_x", RefundStatus::failed)));
  EXPECT_EQ(story.status(), Status::captured);
  expect_nothing(story.hear(refund_seen(usd(4'000))));
  EXPECT_EQ(story.balance("merchant:payable"), -10'000);
}

TEST(Notice, ARefundOfOursThatFailedIsNotCountedByALateWordOfItsSuccess) {
  Story story = Story::captured();
  ASSERT_TRUE(story.refund(usd(4'000)));
  ASSERT_TRUE(story.answer(unknown()));
  auto seen = refund_seen(usd(4'000), "re_1");
  seen.operation = story.operation().id.to_string();
  ASSERT_TRUE(story.answer(declined()));
  auto failed = seen;
  failed.status = RefundStatus::failed;
  ASSERT_TRUE(story.hear(failed));
  expect_nothing(story.hear(seen));
  expect_nothing(story.hear(failed));
  EXPECT_EQ(refunded(story.payment), usd(0));
  EXPECT_EQ(story.balance("merchant:payable"), -10'000);
}

// --- disputes ---

TEST(Dispute, TakesTheMoneyAtOnceAndShowsBesideTheStatus) {
  Story story = Story::captured();
  auto seen = dispute_seen(usd(3'000));
  seen.evidence_due_by = story.now + 24h * 7;
  ASSERT_TRUE(story.hear(seen));
  EXPECT_EQ(story.status(), Status::captured);
  const Dispute* shown = dispute_shown(story.payment);
  ASSERT_NE(shown, nullptr);
  EXPECT_EQ(shown->status, DisputeStatus::open);
  EXPECT_EQ(shown->evidence_due_by, seen.evidence_due_by);
  EXPECT_EQ(story.balance("merchant:disputed"), 3'000);
  EXPECT_EQ(story.balance("provider:stripe:receivable"), 7'000);
  EXPECT_EQ(story.balance("merchant:payable"), -10'000);
  expect_nothing(story.hear(seen));
}

TEST(Dispute, ThatIsWonGivesTheMoneyBack) {
  Story story = Story::captured();
  ASSERT_TRUE(story.hear(dispute_seen(usd(3'000))));
  ASSERT_TRUE(story.hear(dispute_seen(usd(3'000), DisputeStatus::under_review)));
  ASSERT_TRUE(story.hear(dispute_seen(usd(3'000), DisputeStatus::won)));
  EXPECT_EQ(story.balance("merchant:disputed"), 0);
  EXPECT_EQ(story.balance("provider:stripe:receivable"), 10'000);
  EXPECT_EQ(dispute_shown(story.payment)->closed_at, story.now);
  EXPECT_TRUE(story.refund(usd(10'000)));
}

TEST(Dispute, ThatIsLostCostsTheMerchant) {
  Story story = Story::captured();
  ASSERT_TRUE(story.hear(dispute_seen(usd(3'000))));
  ASSERT_TRUE(story.hear(dispute_seen(usd(3'000), DisputeStatus::lost)));
  EXPECT_EQ(story.balance("merchant:disputed"), 0);
  EXPECT_EQ(story.balance("merchant:payable"), -7'000);
  EXPECT_EQ(story.balance("provider:stripe:receivable"), 7'000);
  EXPECT_REFUSED(story.refund(usd(7'001)), ErrorCode::amount_too_large, "amount.value");
  EXPECT_TRUE(story.refund(usd(7'000)));
}

TEST(Dispute, OnlyMovesForward) {
  Story story = Story::captured();
  ASSERT_TRUE(story.hear(dispute_seen(usd(3'000), DisputeStatus::lost)));
  EXPECT_EQ(story.events.size(), 5U) << "it opens and closes at once";
  for (const auto status : {DisputeStatus::open, DisputeStatus::under_review, DisputeStatus::won})
    expect_nothing(story.hear(dispute_seen(usd(3'000), status)));
  EXPECT_EQ(dispute_shown(story.payment)->status, DisputeStatus::lost);
  EXPECT_EQ(story.balance("merchant:payable"), -7'000);
}

TEST(Dispute, ThatIsOnlyAQuestionMovesNothingUntilItIsADispute) {
  Story story = Story::captured();
  auto question = dispute_seen(usd(3'000));
  question.inquiry = true;
  ASSERT_TRUE(story.hear(question));
  EXPECT_EQ(story.balance("merchant:disputed"), 0);
  ASSERT_TRUE(story.hear(dispute_seen(usd(3'000))));
  EXPECT_EQ(story.balance("merchant:disputed"), 3'000);
  expect_nothing(story.hear(question));
  EXPECT_FALSE(dispute_shown(story.payment)->inquiry);
}

TEST(Dispute, AboveWhatIsLeftIsRecordedAsItIsAndPostedAsFarAsItGoes) {
  Story story = refunded();
  ASSERT_TRUE(story.hear(dispute_seen(usd(10'000))));
  EXPECT_EQ(dispute_shown(story.payment)->amount, usd(10'000));
  EXPECT_EQ(story.balance("merchant:disputed"), 6'000);
  EXPECT_REFUSED(story.refund(), ErrorCode::illegal_transition, "");
  EXPECT_REFUSED(story.hear(refund_seen(usd(1))), ErrorCode::operation_in_progress, "");
}

TEST(Dispute, LeavesARunningRefundItsMoney) {
  Story story = Story::captured();
  ASSERT_TRUE(story.refund(usd(8'000)));
  const auto call = story.call();
  ASSERT_TRUE(story.hear(dispute_seen(usd(10'000))));
  EXPECT_EQ(story.balance("merchant:disputed"), 2'000);
  ASSERT_TRUE(story.tell(Story::answer_to(call, approved(usd(8'000), "re_1"))));
  EXPECT_EQ(refunded(story.payment).minor + disputed(story.payment).minor, 10'000);
}

TEST(Dispute, BeforeAnythingIsCapturedIsToldLater) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  EXPECT_REFUSED(story.hear(dispute_seen(usd(1))), ErrorCode::operation_in_progress, "");
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  EXPECT_TRUE(story.hear(dispute_seen(usd(1))));
}

TEST(Dispute, TheOpenOneIsShownAmongSeveral) {
  Story story = Story::captured();
  ASSERT_TRUE(story.hear(dispute_seen(usd(1'000))));
  auto second = dispute_seen(usd(2'000), DisputeStatus::lost);
  second.dispute = "du_2";
  ASSERT_TRUE(story.hear(second));
  EXPECT_EQ(dispute_shown(story.payment)->id, "du_1");
  ASSERT_TRUE(story.hear(dispute_seen(usd(1'000), DisputeStatus::won)));
  EXPECT_EQ(dispute_shown(story.payment)->id, "du_2");
  EXPECT_EQ(story.payment.disputes.size(), 2U);
}

TEST(Dispute, OnARefundedPaymentIsShownAndMovesNothing) {
  Story story = Story::captured();
  ASSERT_TRUE(story.refund());
  ASSERT_TRUE(story.answer(approved(usd(10'000), "re_1")));
  ASSERT_TRUE(story.hear(dispute_seen(usd(10'000))));
  EXPECT_EQ(story.status(), Status::refunded);
  EXPECT_EQ(story.balance("merchant:disputed"), 0);
}

TEST(Dispute, InAnotherCurrencyIsRecordedWithoutMovingMoney) {
  Story story = Story::captured();
  ASSERT_TRUE(story.hear(dispute_seen(eur(3'000))));
  EXPECT_EQ(dispute_shown(story.payment)->amount, eur(3'000));
  EXPECT_EQ(story.balance("merchant:disputed"), 0);
}

}  // namespace
}  // namespace cambist::payment
