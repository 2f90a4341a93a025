// What unsigned callbacks may do: name a payment whose own answer was lost, and be the last word on
// a refund of a provider that cannot be asked. Everything else stays a hint.
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using provider::RefundStatus;

provider::Happened naming(std::optional<Money> amount = {}, std::string object = {}) {
  return {amount, std::move(object), true};
}

/// The prompt's own answer was lost: nobody knows the provider's name of the payment.
Story prompt_lost() {
  Story story{CaptureMethod::automatic};
  (void)story.create();
  (void)story.answer(unknown());
  (void)story.answer(refused(false));  // the question could not be asked
  return story;
}

Notified callback(provider::News news, std::string provider_payment_id = "ws_CO_1") {
  auto notice = Story::notice(std::move(news));
  notice.notice.provider_payment_id = std::move(provider_payment_id);
  return notice;
}

Story refunding(Money amount = usd(4'000)) {
  Story story = Story::captured();
  (void)story.refund(amount);
  (void)story.answer(provider::Pending{"", "AG_1"});
  return story;
}

provider::RefundSeen last_word(const Story& story, RefundStatus status, Money amount) {
  provider::RefundSeen seen{"UAF1", story.operation().id.to_string(), amount, status, ""};
  seen.definite = true;
  return seen;
}

TEST(PaymentCallback, NamesThePaymentWhoseAnswerWasLostSoThatItCanBeAskedAbout) {
  for (const auto& news : {naming(), naming(usd(10'000), "UAF1TEST01")}) {
    Story story = prompt_lost();
    ASSERT_EQ(story.payment.provider_payment_id, "");
    ASSERT_TRUE(story.tell(callback(news)));
    EXPECT_EQ(story.payment.provider_payment_id, "ws_CO_1");
    EXPECT_EQ(story.last<OutcomeReported>().provider_payment_id, "ws_CO_1");
    ASSERT_EQ(story.effects.size(), 1U);
    EXPECT_TRUE(story.call().inquiry);
    EXPECT_EQ(story.call().provider_payment_id, "ws_CO_1");
    EXPECT_EQ(story.call_at(), story.now);
    EXPECT_EQ(story.operation().status, OperationStatus::unknown) << "it is not believed";
  }
}

TEST(PaymentCallback, GivesNoSecondName) {
  Story story = prompt_lost();
  ASSERT_TRUE(story.tell(callback(naming())));
  const auto version = story.payment.version;
  ASSERT_TRUE(story.tell(callback(naming(usd(10'000), "X"), "ws_CO_2")));
  EXPECT_EQ(story.payment.version, version);
  EXPECT_EQ(story.payment.provider_payment_id, "ws_CO_1");
  const auto again = story.tell(callback(naming()));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->events.empty()) << "what is known is only asked about";
  EXPECT_EQ(again->effects.size(), 1U);
}

TEST(PaymentCallback, NamesNothingWhereTheAnswerWillNameIt) {
  Story story = prompt_lost();
  const auto heard = story.tell(callback(provider::Happened{}));
  ASSERT_TRUE(heard);
  EXPECT_TRUE(heard->events.empty());
  EXPECT_EQ(story.payment.provider_payment_id, "");
}

TEST(PaymentCallback, OfMoneyInAPaymentThatHasEndedGoesToTheOperators) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(declined()));
  ASSERT_TRUE(story.hear(provider::Happened{usd(10'000), "UAF1TEST01"}));
  EXPECT_EQ(story.status(), Status::failed);
  EXPECT_EQ(story.last<AttentionNeeded>().kind, AttentionKind::late_payment);
  EXPECT_NE(story.last<AttentionNeeded>().detail.find("UAF1TEST01"), std::string::npos);
  const auto again = story.hear(provider::Happened{usd(10'000), "UAF1TEST01"});
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->events.empty());
  const auto nothing = story.hear(provider::Happened{});
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->events.empty());
}

TEST(PaymentCallback, OfMoneyThatIsCountedAlreadyTellsNothing) {
  Story story = Story::captured();
  const auto told = story.hear(provider::Happened{usd(10'000), "UAF1TEST01"});
  ASSERT_TRUE(told);
  EXPECT_TRUE(told->events.empty());
}

TEST(PaymentCallback, OfTheChargeSaysNothingOfTheRefundThatRunsNow) {
  Story story = refunding();
  provider::Happened late = naming(usd(10'000), "UAF1TEST01");
  late.operation = story.payment.history[0].id.to_string();
  const auto heard = story.hear(late);
  ASSERT_TRUE(heard);
  EXPECT_TRUE(heard->events.empty());
  EXPECT_TRUE(heard->effects.empty());
  late.operation = story.operation().id.to_string();
  ASSERT_TRUE(story.hear(late));
  EXPECT_TRUE(story.operation().escalation) << "but of the refund itself it is another amount";
}

TEST(PaymentCallback, IsTheLastWordOnARefundThatNobodyCanAskAbout) {
  Story story = refunding();
  const auto word = last_word(story, RefundStatus::succeeded, usd(4'000));
  ASSERT_TRUE(story.hear(word));
  EXPECT_EQ(story.status(), Status::partially_refunded);
  EXPECT_EQ(refunded(story.payment), usd(4'000));
  EXPECT_EQ(story.payment.history.back().provider_object, "UAF1");
  EXPECT_EQ(story.balance("merchant:payable"), -6'000);
  EXPECT_TRUE(story.hear(word)->events.empty()) << "and a second one changes nothing";
}

TEST(PaymentCallback, MayOvertakeTheAnswerOrComeWhenItWasLost) {
  for (const bool lost : {true, false}) {
    Story story = Story::captured();
    ASSERT_TRUE(story.refund(usd(4'000)));
    const auto call = story.call();
    if (lost) ASSERT_TRUE(story.answer(unknown()));
    ASSERT_TRUE(story.hear(last_word(story, RefundStatus::succeeded, usd(4'000))));
    EXPECT_EQ(refunded(story.payment), usd(4'000));
    EXPECT_TRUE(story.tell(Story::answer_to(call, provider::Pending{"", "AG_1"}))->events.empty());
  }
}

TEST(PaymentCallback, OfAFailedRefundLeavesTheMoneyWhereItIs) {
  Story story = refunding();
  auto word = last_word(story, RefundStatus::failed, Money{});
  word.reason = "R000002";
  ASSERT_TRUE(story.hear(word));
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(refunded(story.payment).minor, 0);
  EXPECT_EQ(story.payment.history.back().status, OperationStatus::refused);
  EXPECT_EQ(story.payment.history.back().failure->decline_code, "R000002");
  EXPECT_TRUE(story.refund(usd(4'000)));
}

TEST(PaymentCallback, OfAnotherAmountIsHeldForTheOperatorsAndSaidOnce) {
  Story story = refunding();
  const auto word = last_word(story, RefundStatus::succeeded, usd(3'999));
  ASSERT_TRUE(story.hear(word));
  EXPECT_TRUE(story.is<Refunding>());
  ASSERT_TRUE(story.operation().escalation);
  const auto again = story.hear(word);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->events.empty());
  EXPECT_TRUE(again->effects.empty()) << "to ask would only bring the same word again";
  ASSERT_TRUE(story.resolve(true));
  EXPECT_EQ(refunded(story.payment), usd(4'000));
}

TEST(PaymentCallback, WithoutAnAmountSpeaksOfWhatWasAskedFor) {
  Story story = refunding();
  ASSERT_TRUE(story.hear(last_word(story, RefundStatus::succeeded, Money{})));
  EXPECT_EQ(refunded(story.payment), usd(4'000));
}

TEST(PaymentCallback, SettlesNothingThatItDoesNotName) {
  // Only a hint: another operation, a refund that is pending, or a provider that can be asked.
  Story story = refunding();
  auto other = last_word(story, RefundStatus::succeeded, usd(4'000));
  other.operation = Story{}.operation_id().to_string();
  other.refund = "AG_1";
  auto hint = last_word(story, RefundStatus::succeeded, usd(4'000));
  hint.definite = false;
  const auto pending = last_word(story, RefundStatus::pending, usd(4'000));
  for (const auto& seen : {other, hint, pending}) {
    const auto heard = story.hear(seen);
    ASSERT_TRUE(heard);
    EXPECT_TRUE(heard->events.empty());
    EXPECT_EQ(heard->effects.size(), 1U);
  }
  EXPECT_TRUE(story.is<Refunding>());
}

TEST(PaymentCallback, CannotSettleWhatIsNoRefund) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.capture());
  ASSERT_TRUE(story.hear(last_word(story, RefundStatus::succeeded, usd(10'000))));
  EXPECT_TRUE(story.is<Capturing>());
}

TEST(PaymentCall, OfARefundNamesWhatIsGivenBack) {
  Story story = Story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(approved(usd(10'000), "UAF1TEST01")));
  const TimePoint captured_at = story.now;
  story.now += std::chrono::hours{1};
  ASSERT_TRUE(story.refund(usd(1'000)));
  ASSERT_TRUE(story.answer(approved(usd(1'000), "UAF1TEST02")));
  ASSERT_TRUE(story.refund(usd(9'000)));
  EXPECT_EQ(story.call().capture_object, "UAF1TEST01");
  EXPECT_EQ(story.call().captured, usd(10'000));
  EXPECT_EQ(story.call().captured_at, captured_at);
  EXPECT_EQ(story.call().remaining, usd(9'000));
}

}  // namespace
}  // namespace cambist::payment
