// Money that comes late at a provider that the payment has left.
#include <algorithm>

#include "protocols/payment/announce.hpp"
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using provider::OperationKind;

Payment rebuilt(const Story& story) {
  Payment payment;
  for (const Event& event : story.events) payment = evolve(std::move(payment), event);
  return payment;
}

template <class F>
std::size_t count(const Story& story) {
  return static_cast<std::size_t>(
      std::count_if(story.events.begin(), story.events.end(),
                    [](const Event& event) { return std::holds_alternative<F>(event.fact); }));
}

TEST(LateSuccess, OfWhichTheProviderIsSureIsReturnedByItself) {
  Story story = Story::at_paypal();
  (void)story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_late");
  EXPECT_EQ(count<LateSuccess>(story), 1U);
  EXPECT_EQ(story.status(), Status::captured);  // the payment is what it was
  EXPECT_EQ(captured(story.payment), usd(10'000));
  EXPECT_EQ(story.operation().provider, "stripe");
  EXPECT_EQ(provider_of(story.payment, story.operation().id), "stripe");
  EXPECT_EQ(story.call().kind, OperationKind::refund);
  EXPECT_EQ(story.call().provider_payment_id, "pi_late");
  EXPECT_EQ(story.call().amount, usd(10'000));
  EXPECT_TRUE(story.operation().escalated);  // the operators know
  EXPECT_EQ(rebuilt(story), story.payment);

  (void)story.answer(approved(usd(10'000), "re_1"));
  EXPECT_TRUE(story.is<Captured>());
  EXPECT_EQ(refunded(story.payment), usd(0));
  EXPECT_EQ(story.payment.provider_payment_id, "pp_1");
  EXPECT_EQ(story.balance("provider:stripe:receivable"), 0);
  EXPECT_EQ(story.balance("merchant:payable"), -10'000);
  EXPECT_EQ(rebuilt(story), story.payment);
}

TEST(LateSuccess, ToldTwiceIsReturnedOnce) {
  Story story = Story::at_paypal();
  const auto tell = [&] {
    return story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_late");
  };
  (void)tell();
  EXPECT_TRUE(tell()->events.empty());
  (void)story.answer(approved(usd(10'000)));
  EXPECT_TRUE(tell()->events.empty());
  EXPECT_EQ(count<CompensationStarted>(story), 1U);
}

TEST(LateSuccess, ThatIsOnlyAHintIsAskedAboutFirst) {
  Story story = Story::at_paypal(CaptureMethod::manual);
  (void)story.hear_from("stripe", provider::Happened{}, "pi_late");
  EXPECT_EQ(story.status(), Status::authorized);
  EXPECT_TRUE(story.call().inquiry);
  EXPECT_EQ(story.call().kind, OperationKind::authorize);
  EXPECT_EQ(story.call().provider_payment_id, "pi_late");
  (void)story.answer(approved(usd(10'000)));
  EXPECT_EQ(story.call().kind, OperationKind::void_authorization);
  EXPECT_EQ(story.call().provider_payment_id, "pi_1");  // as the provider itself calls it
  EXPECT_EQ(story.status(), Status::authorized);
  (void)story.answer(approved(Money{}));
  EXPECT_TRUE(story.is<Authorized>());
  EXPECT_EQ(story.balance("customer:held"), -10'000);
  EXPECT_EQ(rebuilt(story), story.payment);
}

TEST(LateSuccess, ThatWasNoneLeavesNoTrace) {
  for (const provider::Verdict& nothing :
       {provider::Verdict{provider::NotExecuted{}}, provider::Verdict{declined()},
        provider::Verdict{action_required()}, provider::Verdict{provider::Progressed{"pi_1", 5}}}) {
    Story story = Story::at_paypal();
    (void)story.hear_from("stripe", provider::Happened{}, "pi_late");
    (void)story.answer(nothing);
    EXPECT_TRUE(story.is<Captured>());
    EXPECT_TRUE(story.payment.late.empty());
    EXPECT_TRUE(story.effects.empty());  // nothing of the attempt is ever sent again
    EXPECT_EQ(count<OperationEscalated>(story), 0U);
    EXPECT_EQ(rebuilt(story), story.payment);
  }
}

TEST(LateSuccess, WhoseVoidIsRefusedForGoodIsRefunded) {
  Story story = Story::at_paypal(CaptureMethod::manual);
  (void)story.hear_from("stripe", provider::Happened{}, "pi_late");
  (void)story.answer(approved(usd(10'000)));
  (void)story.answer(declined());  // captured meanwhile
  EXPECT_EQ(story.call().kind, OperationKind::refund);
  (void)story.answer(approved(usd(10'000)));
  EXPECT_TRUE(story.is<Authorized>());
}

TEST(LateSuccess, WaitsForAProviderThatIsDown) {
  Story story = Story::at_paypal(CaptureMethod::manual);
  (void)story.hear_from("stripe", provider::Happened{}, "pi_late");
  (void)story.answer(approved(usd(10'000)));
  (void)story.answer(refused(false));
  EXPECT_EQ(story.operation().kind, OperationKind::void_authorization);
  EXPECT_GT(story.call_at(), story.now);
}

TEST(LateSuccess, WhoseReturnIsRefusedStaysWithTheOperators) {
  Story story = Story::at_paypal();
  (void)story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_late");
  (void)story.answer(declined());
  EXPECT_TRUE(story.is<Compensating>());
  EXPECT_TRUE(story.operation().escalated);
  ASSERT_TRUE(story.resolve(true));
  EXPECT_TRUE(story.is<Captured>());
  EXPECT_TRUE(
      story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_late")->events.empty());
}

TEST(LateSuccess, WaitsUntilNothingElseRuns) {
  Story story = Story::routed();
  (void)story.answer(refused(false));
  const auto told = story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_late");
  ASSERT_EQ(told->events.size(), 2U);
  EXPECT_TRUE(story.is<Starting>());
  EXPECT_EQ(story.payment.provider, "paypal");
  // However long that takes, people know.
  EXPECT_EQ(story.last<AttentionNeeded>().kind, AttentionKind::late_payment);
  // Paypal's own call is still under way.
  (void)story.tell(
      Story::answer_to(call_for(story.payment, story.operation()), approved(usd(10'000))));
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(story.operation().kind, OperationKind::refund);
  EXPECT_EQ(story.operation().provider, "stripe");
}

provider::ActionRequired action_at_paypal() {
  provider::ActionRequired required = action_required();
  required.provider_payment_id = "pp_1";
  return required;
}

/// Left by stripe, and the payer's turn at paypal.
Story at_the_payer() {
  Story story = Story::routed();
  (void)story.answer(refused(false));
  (void)story.answer(action_at_paypal());
  return story;
}

TEST(LateSuccess, IsReturnedWhileThePayerOfTheOtherProviderStillHasTheTurn) {
  Story story = at_the_payer();
  const auto action = awaiting(story.payment)->action;
  (void)story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_late");
  EXPECT_EQ(story.call().kind, OperationKind::refund);
  EXPECT_EQ(provider_of(story.payment, story.operation().id), "stripe");
  EXPECT_EQ(story.status(), Status::requires_action);
  ASSERT_NE(awaiting(story.payment), nullptr);
  EXPECT_EQ(awaiting(story.payment)->action, action);
  EXPECT_REFUSED(story.confirm(), ErrorCode::operation_in_progress, "");
  // What the payer does meanwhile is told again later.
  EXPECT_REFUSED(story.hear_from("paypal", provider::Happened{}, "pp_1"),
                 ErrorCode::operation_in_progress, "");
  EXPECT_EQ(rebuilt(story), story.payment);

  (void)story.answer(approved(usd(10'000), "re_1"));
  EXPECT_TRUE(story.is<AwaitingAction>());
  EXPECT_EQ(story.payment.provider_payment_id, "pp_1");
  (void)story.confirm();
  provider::Approved yes = approved(usd(10'000));
  yes.provider_payment_id = "pp_1";
  (void)story.answer(yes);
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(captured(story.payment), usd(10'000));
  EXPECT_EQ(story.balance("merchant:payable"), -10'000);
  EXPECT_EQ(rebuilt(story), story.payment);
}

TEST(LateSuccess, ToldBeforeThePayersTurnIsReturnedWhenItBegins) {
  Story story = Story::routed();
  (void)story.answer(refused(false));
  (void)story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_late");
  (void)story.tell(
      Story::answer_to(call_for(story.payment, story.operation()), action_at_paypal()));
  EXPECT_EQ(story.status(), Status::requires_action);
  EXPECT_EQ(story.call().kind, OperationKind::refund);
  EXPECT_EQ(story.operation().provider, "stripe");
}

TEST(LateSuccess, IsReturnedWhateverBecameOfThePayment) {
  Story story = Story::routed();
  (void)story.answer(refused(false));
  (void)story.answer(declined());
  EXPECT_EQ(story.status(), Status::failed);
  (void)story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_late");
  EXPECT_EQ(story.status(), Status::failed);
  ASSERT_NE(failed(story.payment), nullptr);
  EXPECT_EQ(story.call().kind, OperationKind::refund);
  (void)story.answer(approved(usd(10'000)));
  EXPECT_TRUE(story.is<Failed>());
}

TEST(LateSuccess, WhileItIsReturnedClientsWait) {
  Story story = Story::at_paypal();
  (void)story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_late");
  EXPECT_REFUSED(story.refund(usd(100)), ErrorCode::operation_in_progress, "");
}

TEST(LateSuccess, TellsMerchantsNothingOfTheReturnButTheTask) {
  Story story = Story::at_paypal();
  const std::size_t before = story.events.size();
  (void)story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_late");
  (void)story.answer(approved(usd(10'000)));
  Payment payment;
  std::vector<std::string> told;
  for (std::size_t i = 0; i < story.events.size(); ++i) {
    const Payment after = evolve(payment, story.events[i]);
    if (i >= before)
      for (auto& one : announcements(payment, story.events[i], after)) told.push_back(one.type);
    payment = after;
  }
  EXPECT_EQ(told, (std::vector<std::string>{"task.opened", "task.resolved"}));
}

TEST(LateSuccess, HintsAboutWhatWasFencedAreOldNews) {
  Story story = Story::fencing();
  (void)story.answer(approved(Money{}));
  (void)story.answer(approved(usd(10'000)));
  EXPECT_TRUE(story.hear_from("stripe", provider::Happened{}, "pi_1")->events.empty());
  EXPECT_TRUE(story.hear_from("stripe", provider::AuthorizationEnded{}, "pi_1")->events.empty());
  EXPECT_FALSE(
      story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_1")->events.empty());
}

TEST(LateSuccess, IsReturnedByTheNamesThatItsOwnProviderKnows) {
  Story story = Story::at_paypal();
  (void)story.hear_from("stripe", provider::CaptureSeen{usd(9'000)}, "pi_late");
  EXPECT_EQ(story.call().capture_object, "");  // paypal's would be another's money
  EXPECT_EQ(story.call().captured, usd(9'000));
  EXPECT_EQ(story.call().captured_at, TimePoint{});
  (void)story.answer(approved(usd(9'000)));
  (void)story.refund(usd(1'000));
  EXPECT_EQ(story.call().captured, usd(10'000));
}

TEST(LateSuccess, WordsOfThePresentProviderAreNotTakenForTheOthers) {
  Story story = Story::at_paypal();
  (void)story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_late");
  const auto said = story.hear_from("paypal", provider::Happened{usd(1), "receipt"}, "pp_1");
  EXPECT_TRUE(said->events.empty() && said->effects.empty());
  EXPECT_REFUSED(story.hear_from("paypal", refund_seen(usd(100)), "pp_1"),
                 ErrorCode::operation_in_progress, "");
  EXPECT_FALSE(story.hear_from("paypal", dispute_seen(usd(100)), "pp_1")->events.empty());
}

TEST(LateSuccess, MayBeReturnedByTheCallbackOfItsProvider) {
  Story story = Story::at_paypal();
  (void)story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_late");
  (void)story.answer(provider::Pending{"pi_late", "re_1"});
  provider::RefundSeen seen = refund_seen(usd(10'000), "re_1");
  seen.operation = story.operation().id.to_string();
  seen.definite = true;
  provider::RefundSeen failed = seen;
  failed.status = provider::RefundStatus::failed;
  EXPECT_REFUSED(story.hear_from("stripe", failed, "pi_late"), ErrorCode::operation_in_progress,
                 "");
  (void)story.hear_from("stripe", seen, "pi_late");
  EXPECT_TRUE(story.is<Captured>());
  EXPECT_EQ(refunded(story.payment), usd(0));
  EXPECT_EQ(rebuilt(story), story.payment);
}

TEST(LateSuccess, OfSomebodyElseIsNone) {
  Story story = Story::fencing();
  (void)story.answer(approved(Money{}));
  (void)story.answer(approved(usd(10'000)));
  for (const auto& [provider, object] : {std::pair{"stripe", "pi_other"}, {"nobody", "pi_1"}}) {
    EXPECT_TRUE(
        story.hear_from(provider, provider::CaptureSeen{usd(10'000)}, object)->events.empty());
  }
}

TEST(LateSuccess, ARestartAsksBeforeItReturnsAgain) {
  Story story = Story::at_paypal();
  (void)story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_late");
  const auto again = owed(rebuilt(story), story.policy, story.now);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_TRUE(std::get<CallProvider>(again[0]).call.inquiry);
  EXPECT_EQ(std::get<CallProvider>(again[0]).call.idempotency_key, story.call().idempotency_key);
}

}  // namespace
}  // namespace cambist::payment
