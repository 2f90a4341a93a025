// Capture, cancel, refund, expiry: what can become of an authorization and of captured money.
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using namespace std::chrono_literals;
using provider::OperationKind;

TEST(PaymentCapture, TakesAllByDefault) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.capture());
  EXPECT_EQ(story.call().kind, OperationKind::capture);
  EXPECT_EQ(story.call().amount, usd(10'000));
  EXPECT_EQ(story.call().remaining, usd(10'000));
  EXPECT_TRUE(story.call().final_capture);
  EXPECT_EQ(story.call().provider_payment_id, "pi_1");
  EXPECT_EQ(story.status(), Status::processing);
  ASSERT_TRUE(story.answer(approved(usd(10'000), "ch_1")));
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(story.payment.history.back().provider_object, "ch_1");
}

TEST(PaymentCapture, OfAPartReleasesTheRestWhenItIsFinal) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.capture(usd(4'000)));
  ASSERT_TRUE(story.answer(approved(usd(4'000))));
  EXPECT_EQ(story.status(), Status::partially_captured);
  EXPECT_EQ(capturable(story.payment), usd(0));
  EXPECT_TRUE(story.is<Captured>());
  EXPECT_EQ(story.balance("customer:held"), 0);
  EXPECT_EQ(story.balance("merchant:payable"), -4'000);
}

TEST(PaymentCapture, SeveralPartsAddUpUntilNothingIsLeft) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.capture(usd(4'000), false));
  ASSERT_TRUE(story.answer(approved(usd(4'000))));
  EXPECT_EQ(story.status(), Status::partially_captured);
  EXPECT_TRUE(story.is<Authorized>());
  EXPECT_EQ(capturable(story.payment), usd(6'000));
  EXPECT_EQ(story.balance("customer:held"), -6'000);
  ASSERT_TRUE(story.capture(std::nullopt, false));
  EXPECT_EQ(story.call().amount, usd(6'000));
  EXPECT_EQ(story.call().remaining, usd(6'000));
  ASSERT_TRUE(story.answer(approved(usd(6'000))));
  EXPECT_TRUE(story.is<Captured>()) << "nothing is left to capture";
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(story.balance("customer:held"), 0);
}

TEST(PaymentCapture, AskingForTooMuchNamesTheField) {
  Story story = Story::authorized();
  EXPECT_REFUSED(story.capture(usd(10'001)), ErrorCode::amount_too_large, "amount.value");
  EXPECT_REFUSED(story.capture(usd(0)), ErrorCode::invalid_request, "amount.value");
  EXPECT_REFUSED(story.capture(usd(-1)), ErrorCode::invalid_request, "amount.value");
  EXPECT_REFUSED(story.capture(eur(100)), ErrorCode::invalid_request, "amount.currency");
  ASSERT_TRUE(story.capture(usd(4'000), false));
  ASSERT_TRUE(story.answer(approved(usd(4'000))));
  EXPECT_REFUSED(story.capture(usd(6'001)), ErrorCode::amount_too_large, "amount.value");
}

TEST(PaymentCapture, ARefusedOrDeclinedOneLeavesTheAuthorizationAsItWas) {
  for (const provider::Verdict& verdict :
       {provider::Verdict{declined()}, provider::Verdict{refused(false)}}) {
    Story story = Story::authorized();
    const State before = story.payment.state;
    ASSERT_TRUE(story.capture(usd(4'000)));
    ASSERT_TRUE(story.answer(verdict));
    EXPECT_EQ(story.payment.state, before);
    EXPECT_EQ(story.payment.history.size(), 2U);
    EXPECT_TRUE(story.payment.history.back().failure);
    EXPECT_TRUE(story.capture(usd(4'000))) << "it can be tried again, as a new operation";
  }
}

TEST(PaymentCapture, LessThanAskedIsTakenAsItIs) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.capture(usd(4'000), false));
  ASSERT_TRUE(story.answer(approved(usd(3'000))));
  EXPECT_EQ(captured(story.payment), usd(3'000));
  EXPECT_EQ(capturable(story.payment), usd(7'000));
}

TEST(PaymentCancel, ReleasesAnAuthorization) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.cancel());
  EXPECT_EQ(story.call().kind, OperationKind::void_authorization);
  EXPECT_EQ(story.call().reason, "requested_by_customer");
  ASSERT_TRUE(story.answer(approved(Money{})));
  EXPECT_EQ(story.status(), Status::voided);
  EXPECT_TRUE(is_terminal(story.payment));
  EXPECT_EQ(story.balance("customer:held"), 0);
}

TEST(PaymentCancel, AfterACaptureIsRefusedWithAdvice) {
  Story part = Story::authorized();
  ASSERT_TRUE(part.capture(usd(4'000), false));
  ASSERT_TRUE(part.answer(approved(usd(4'000))));
  EXPECT_REFUSED(part.cancel(), ErrorCode::illegal_transition, "");
  Story all = Story::captured();
  const auto outcome = all.cancel();
  EXPECT_REFUSED(outcome, ErrorCode::illegal_transition, "");
  EXPECT_NE(outcome.error().detail.find("efund it instead"), std::string::npos);
}

TEST(PaymentCancel, ARefusedOneLeavesTheAuthorizationAsItWas) {
  Story story = Story::authorized();
  const State before = story.payment.state;
  ASSERT_TRUE(story.cancel());
  ASSERT_TRUE(story.answer(refused(false)));
  EXPECT_EQ(story.payment.state, before);
}

TEST(PaymentRefund, TakesAllByDefaultAndThenIsTerminal) {
  Story story = Story::captured();
  EXPECT_FALSE(is_terminal(story.payment));
  ASSERT_TRUE(story.refund());
  EXPECT_EQ(story.call().kind, OperationKind::refund);
  EXPECT_EQ(story.status(), Status::processing);
  ASSERT_TRUE(story.answer(approved(usd(10'000), "re_1")));
  EXPECT_EQ(story.status(), Status::refunded);
  EXPECT_TRUE(is_terminal(story.payment));
  EXPECT_EQ(story.balance("merchant:payable"), 0);
  EXPECT_EQ(story.balance("provider:stripe:receivable"), 0);
  EXPECT_REFUSED(story.refund(), ErrorCode::illegal_transition, "");
}

TEST(PaymentRefund, InPartsUntilAllIsBack) {
  Story story = Story::captured();
  for (const std::int64_t part : {3'000, 3'000}) {
    ASSERT_TRUE(story.refund(usd(part)));
    ASSERT_TRUE(story.answer(approved(usd(part))));
    EXPECT_EQ(story.status(), Status::partially_refunded);
  }
  EXPECT_REFUSED(story.refund(usd(4'001)), ErrorCode::amount_too_large, "amount.value");
  EXPECT_REFUSED(story.refund(usd(0)), ErrorCode::invalid_request, "amount.value");
  EXPECT_REFUSED(story.refund(eur(1)), ErrorCode::invalid_request, "amount.currency");
  ASSERT_TRUE(story.refund());
  EXPECT_EQ(story.call().amount, usd(4'000));
  EXPECT_EQ(story.call().remaining, usd(4'000));
  ASSERT_TRUE(story.answer(approved(usd(4'000))));
  EXPECT_EQ(story.status(), Status::refunded);
}

TEST(PaymentRefund, OfAPartialCaptureStopsAtWhatWasCaptured) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.capture(usd(4'000)));
  ASSERT_TRUE(story.answer(approved(usd(4'000))));
  EXPECT_REFUSED(story.refund(usd(4'001)), ErrorCode::amount_too_large, "amount.value");
  ASSERT_TRUE(story.refund());
  ASSERT_TRUE(story.answer(approved(usd(4'000))));
  EXPECT_EQ(story.status(), Status::refunded);
}

TEST(PaymentRefund, BeforeTheFinalCaptureIsRefusedWithAdvice) {
  Story nothing = Story::authorized();
  EXPECT_REFUSED(nothing.refund(), ErrorCode::illegal_transition, "");
  Story part = Story::authorized();
  ASSERT_TRUE(part.capture(usd(4'000), false));
  ASSERT_TRUE(part.answer(approved(usd(4'000))));
  const auto outcome = part.refund();
  EXPECT_REFUSED(outcome, ErrorCode::illegal_transition, "");
  EXPECT_NE(outcome.error().detail.find("final capture"), std::string::npos);
}

TEST(PaymentRefund, ADeclinedOneLeavesTheMoneyWhereItWas) {
  Story story = Story::captured();
  ASSERT_TRUE(story.refund(usd(1'000)));
  ASSERT_TRUE(story.answer(declined()));
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(refunded(story.payment), usd(0));
  EXPECT_EQ(story.balance("merchant:payable"), -10'000);
}

TEST(PaymentExpiry, ComesWhenTheProviderSaidItWould) {
  Story story;
  ASSERT_TRUE(story.create());
  auto verdict = approved(usd(10'000));
  verdict.authorization_expires_at = story.now + 5h;
  ASSERT_TRUE(story.answer(verdict));
  EXPECT_EQ(wake_at(story.payment, story.policy), story.now + 5h);
  story.now += 5h - 1us;
  EXPECT_TRUE(story.fire()->events.empty());
  story.now += 1us;
  ASSERT_TRUE(story.fire());
  EXPECT_EQ(story.status(), Status::expired);
  EXPECT_TRUE(is_terminal(story.payment));
  EXPECT_EQ(story.balance("customer:held"), 0);
  EXPECT_EQ(wake_at(story.payment, story.policy), std::nullopt);
}

TEST(PaymentExpiry, IsAWeekWhenTheProviderSaysNothing) {
  const Story story = Story::authorized();
  EXPECT_EQ(wake_at(story.payment, story.policy), story.now + 24h * 7);
}

TEST(PaymentExpiry, KeepsWhatWasCaptured) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.capture(usd(4'000), false));
  ASSERT_TRUE(story.answer(approved(usd(4'000))));
  story.now += 24h * 7;
  ASSERT_TRUE(story.fire());
  EXPECT_EQ(story.status(), Status::partially_captured);
  EXPECT_TRUE(story.is<Captured>());
  EXPECT_EQ(story.balance("customer:held"), 0);
  EXPECT_TRUE(story.refund(usd(4'000)));
}

TEST(PaymentExpiry, WaitsForTheCaptureThatIsUnderWay) {
  Story story = Story::authorized();
  story.now += 24h * 7 - 1s;
  ASSERT_TRUE(story.capture());
  story.now += 2s;
  EXPECT_TRUE(story.fire()->events.empty());
  ASSERT_TRUE(story.answer(declined()));
  ASSERT_TRUE(story.fire());
  EXPECT_EQ(story.status(), Status::expired);
}

TEST(PaymentInProgress, ClientCommandsAreRefusedWhileAnOperationRuns) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.capture());
  EXPECT_REFUSED(story.capture(), ErrorCode::operation_in_progress, "");
  EXPECT_REFUSED(story.cancel(), ErrorCode::operation_in_progress, "");
  EXPECT_REFUSED(story.refund(), ErrorCode::operation_in_progress, "");
  EXPECT_REFUSED(story.confirm(), ErrorCode::operation_in_progress, "");
  ASSERT_TRUE(story.answer(unknown()));
  EXPECT_REFUSED(story.capture(), ErrorCode::outcome_unknown, "");
  EXPECT_REFUSED(story.cancel(), ErrorCode::outcome_unknown, "");
  EXPECT_REFUSED(story.refund(), ErrorCode::outcome_unknown, "");
  EXPECT_REFUSED(story.confirm(), ErrorCode::outcome_unknown, "");
}

}  // namespace
}  // namespace cambist::payment
