// The next provider: only after one that surely did not process the payment.
#include <set>

#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

provider::Refused refused_as(provider::FailureCode code, std::string word = "") {
  return {{code, "No.", std::move(word)}, false, false, std::nullopt};
}

/// What a restart would rebuild.
Payment rebuilt(const Story& story) {
  Payment payment;
  for (const Event& event : story.events) payment = evolve(std::move(payment), event);
  return payment;
}

TEST(Failover, GoesOnAtTheNextProviderInOneStep) {
  Story story = Story::routed();
  const Operation first = story.operation();
  const auto decided = story.answer(refused(false));
  const auto& fact = story.last<FailedOver>();
  EXPECT_EQ(fact.from + " " + fact.to, "stripe paypal");
  EXPECT_NE(fact.reason.find("stripe"), std::string::npos);
  EXPECT_EQ(story.status(), Status::processing);
  EXPECT_EQ(story.payment.provider, "paypal");
  EXPECT_EQ(story.payment.details.provider, "stripe");
  ASSERT_EQ(story.payment.history.size(), 1U);
  EXPECT_EQ(story.payment.history[0].status, OperationStatus::refused);
  EXPECT_EQ(story.payment.history[0].provider, "stripe");
  const Operation& second = story.operation();
  EXPECT_EQ(second.provider, "paypal");
  EXPECT_NE(second.id, first.id);
  EXPECT_NE(second.idempotency_key, first.idempotency_key);
  EXPECT_EQ(second.kind, first.kind);
  EXPECT_EQ(second.amount, first.amount);
  ASSERT_EQ(decided->effects.size(), 1U);
  EXPECT_EQ(story.call().operation, second.id);
  EXPECT_FALSE(story.call().inquiry);
  EXPECT_EQ(story.call_at(), story.now);
  EXPECT_EQ(provider_of(story.payment, second.id), "paypal");
  EXPECT_EQ(rebuilt(story), story.payment);
}

TEST(Failover, CarriesTheClientsRequestWithIt) {
  Story story = Story::routed();
  std::get<Starting>(story.payment.state).operation.origin = {"key-1", "req-1"};
  (void)story.answer(refused(false));
  EXPECT_EQ(story.operation().origin, (Origin{"key-1", "req-1"}));
}

TEST(Failover, TriesEachProviderOnceAndThenFails) {
  Story story = Story::routed();
  std::set<std::string> keys;
  for (const char* provider : {"stripe", "paypal", "mpesa"}) {
    EXPECT_EQ(story.payment.provider, provider);
    EXPECT_TRUE(keys.insert(story.call().idempotency_key).second);
    (void)story.answer(refused(false));
  }
  EXPECT_EQ(story.status(), Status::failed);
  EXPECT_EQ(story.payment.history.size(), 3U);
  EXPECT_EQ(rebuilt(story), story.payment);
}

TEST(Failover, RepeatsAtTheSameProviderFirstWhereThatMayHelp) {
  Story story = Story::routed();
  (void)story.answer(refused(true));
  EXPECT_EQ(story.payment.provider, "stripe");
  (void)story.answer(refused(true));
  (void)story.answer(refused(true));
  EXPECT_EQ(story.payment.provider, "paypal");
}

/// The provider's word makes us ask at once, and the answer comes at `at`.
void answer_the_question(Story& story, const provider::Verdict& answer, TimePoint at) {
  const auto heard = story.hear(provider::Happened{});
  ASSERT_TRUE(heard && heard->effects.size() == 1);
  const auto& asked = std::get<CallProvider>(heard->effects[0]).call;
  ASSERT_TRUE(asked.inquiry);
  story.now = at;
  ASSERT_TRUE(story.tell(Story::answer_to(asked, answer)));
}

// Stripe tells that the intent was made while the refused confirmation waits for its repeat.
TEST(Failover, IsNotLostByAQuestionBetweenTwoRefusals) {
  const std::vector<provider::Verdict> answers{provider::NotExecuted{}, unknown(), refused(true),
                                               provider::Progressed{"pi_1", 1}};
  for (const provider::Verdict& answer : answers) {
    Story story = Story::routed();
    (void)story.answer(provider::Progressed{"pi_1", 1});
    (void)story.answer(refused(true));
    const TimePoint due = story.call_at();
    ASSERT_GT(due, story.now);
    answer_the_question(story, answer, story.now);
    EXPECT_EQ(story.operation().status, OperationStatus::pending);
    EXPECT_FALSE(story.call().inquiry);
    EXPECT_EQ(story.call_at(), due);
    story.now = due;
    (void)story.answer(refused(false));
    EXPECT_TRUE(story.is<Fencing>());
    EXPECT_EQ(rebuilt(story), story.payment);
  }
}

TEST(Failover, NeverFollowsAQuestionThatIsAnsweredOnceTheRepeatWasDue) {
  Story story = Story::routed();
  (void)story.answer(provider::Progressed{"pi_1", 1});
  (void)story.answer(refused(true));
  const TimePoint due = story.call_at();
  answer_the_question(story, provider::NotExecuted{}, due);
  EXPECT_EQ(story.operation().status, OperationStatus::unknown);
  (void)story.answer(refused(false));
  EXPECT_EQ(story.payment.provider, "stripe");
  EXPECT_TRUE(story.is<Starting>());
}

TEST(Failover, NeverFollowsAnUnknownOutcome) {
  Story story = Story::routed();
  (void)story.answer(unknown());
  for (int i = 0; i < 20; ++i) {
    (void)story.answer(i % 2 == 0 ? provider::Verdict{provider::NotExecuted{}}
                                  : provider::Verdict{refused(false)});
    EXPECT_EQ(story.payment.provider, "stripe");
    EXPECT_EQ(story.status(), Status::processing);
  }
}

TEST(Failover, NeverFollowsAnUnknownOutcomeNotEvenOnceItIsFinal) {
  Story story = Story::routed();
  (void)story.answer(unknown());
  story.now += std::chrono::hours{49};
  (void)story.answer(provider::NotExecuted{});
  EXPECT_EQ(story.status(), Status::failed);
  EXPECT_EQ(story.payment.provider, "stripe");
}

TEST(Failover, NeverFollowsWhatWasAcceptedOrAskedOfThePayer) {
  for (const provider::Verdict& before :
       {provider::Verdict{provider::Pending{}}, provider::Verdict{action_required()}}) {
    Story story = Story::routed();
    (void)story.answer(before);
    if (story.is<AwaitingAction>()) (void)story.confirm();
    (void)story.answer(refused(false));
    EXPECT_EQ(story.payment.provider, "stripe");
    EXPECT_EQ(story.status(), Status::processing);
  }
}

TEST(Failover, NeverFollowsAnActionOfThePayerNotEvenAtALaterStep) {
  Story story = Story::routed();
  (void)story.answer(action_required());
  (void)story.confirm();
  (void)story.answer(provider::Progressed{"pi_1", 1});
  (void)story.answer(refused(false));
  EXPECT_EQ(story.status(), Status::failed);
  EXPECT_EQ(story.payment.provider, "stripe");
}

TEST(Failover, NeverFollowsARestartThatMayHaveLostACall) {
  Story story = Story::routed();
  provider::Call asked = story.call();
  asked.inquiry = true;
  (void)story.tell(Story::answer_to(asked, refused(false)));
  EXPECT_EQ(story.payment.provider, "stripe");
}

TEST(Failover, NeverFollowsADecline) {
  Story story = Story::routed();
  (void)story.answer(declined());
  EXPECT_EQ(story.status(), Status::failed);
  EXPECT_EQ(story.payment.provider, "stripe");
}

TEST(Failover, DoesNotTryElsewhereWhatIsWrongEverywhere) {
  using provider::FailureCode;
  for (const auto& why :
       {refused_as(FailureCode::invalid_request, "parameter_missing"),
        refused_as(FailureCode::payment_method_invalid), refused_as(FailureCode::fraud_detected),
        refused_as(FailureCode::card_declined), refused_as(FailureCode::insufficient_funds)}) {
    Story story = Story::routed();
    (void)story.answer(why);
    EXPECT_EQ(story.status(), Status::failed) << provider::to_string(why.failure.code);
  }
}

TEST(Failover, TriesElsewhereWhatIsTheProvidersOwnMatter) {
  using provider::FailureCode;
  for (const auto& why :
       {refused_as(FailureCode::invalid_request, "amount_too_small"),
        refused_as(FailureCode::invalid_request, "currency_not_supported"),
        refused_as(FailureCode::configuration_error), refused_as(FailureCode::network_error)}) {
    Story story = Story::routed();
    (void)story.answer(why);
    EXPECT_EQ(story.payment.provider, "paypal") << why.failure.decline_code;
  }
}

TEST(Failover, OnlyTheFirstOperationMoves) {
  Story story = Story::routed(CaptureMethod::manual);
  (void)story.answer(approved(usd(10'000)));
  (void)story.capture();
  (void)story.answer(refused(false));
  EXPECT_EQ(story.payment.provider, "stripe");
  EXPECT_TRUE(story.is<Authorized>());
}

TEST(Failover, TheBooksAreThoseOfTheProviderThatHoldsTheMoney) {
  const Story story = Story::at_paypal(CaptureMethod::manual);
  EXPECT_EQ(story.balance("provider:paypal:held"), 10'000);
  EXPECT_EQ(story.balance("provider:stripe:held"), 0);
  EXPECT_EQ(story.payment.provider_payment_id, "pp_1");
}

TEST(Failover, LaterOperationsAreAtTheProviderThatHasThePayment) {
  Story story = Story::at_paypal();
  (void)story.refund(usd(1'000));
  EXPECT_EQ(story.call().provider_payment_id, "pp_1");
  EXPECT_EQ(provider_of(story.payment, story.operation().id), "paypal");
}

// --- the fence ---

TEST(Fence, IsRaisedWhereSomethingWasMadeAtTheProvider) {
  Story story = Story::fencing();
  EXPECT_TRUE(story.is<Fencing>());
  EXPECT_EQ(story.status(), Status::processing);
  EXPECT_EQ(story.payment.provider, "stripe");
  EXPECT_EQ(story.call().kind, provider::OperationKind::void_authorization);
  EXPECT_EQ(story.call().provider_payment_id, "pi_1");
  EXPECT_TRUE(story.operation().by_itself);
  EXPECT_EQ(story.state<Fencing>().attempt->status, OperationStatus::refused);
  EXPECT_EQ(rebuilt(story), story.payment);
}

TEST(Fence, IsNotNeededForAnIdThatIsOurs) {
  Story story = Story::routed();
  // As it is where we choose how the provider calls the payment, before anything is sent.
  story.payment.provider_payment_id = "chosen";
  (void)story.answer(refused(false));
  EXPECT_EQ(story.payment.provider, "paypal");
  EXPECT_TRUE(story.is<Starting>());
  EXPECT_EQ(story.payment.provider_payment_id, "");
}

TEST(Fence, StandsBeforeTheNextProviderIsTried) {
  Story story = Story::fencing();
  const OperationId attempt = story.state<Fencing>().attempt->id;
  const OperationId fence = story.operation().id;
  (void)story.answer(approved(Money{}));
  const auto& fact = story.last<FailedOver>();
  EXPECT_EQ(fact.operation, attempt);
  EXPECT_NE(fact.reason.find("void"), std::string::npos);
  EXPECT_EQ(story.payment.provider, "paypal");
  EXPECT_EQ(story.payment.provider_payment_id, "");
  ASSERT_EQ(story.payment.history.size(), 2U);
  EXPECT_EQ(story.payment.history[0].id, attempt);
  EXPECT_EQ(story.payment.history[1].id, fence);
  EXPECT_EQ(story.payment.history[1].status, OperationStatus::succeeded);
  EXPECT_NE(story.operation().id, fence);
  EXPECT_NE(story.operation().id, attempt);
  EXPECT_TRUE(story.ledger.empty());
  EXPECT_EQ(rebuilt(story), story.payment);
}

TEST(Fence, IsAskedAboutWhileItsOutcomeIsUnknown) {
  Story story = Story::fencing();
  (void)story.answer(unknown());
  EXPECT_TRUE(story.is<Fencing>());
  EXPECT_EQ(story.payment.provider, "stripe");
  EXPECT_TRUE(story.call().inquiry);
  (void)story.answer(approved(Money{}));
  EXPECT_EQ(story.payment.provider, "paypal");
}

TEST(Fence, WaitsForAProviderThatIsDown) {
  Story story = Story::fencing();
  (void)story.answer(refused(false));
  EXPECT_TRUE(story.is<Fencing>());
  EXPECT_TRUE(story.call().inquiry);
  EXPECT_GT(story.call_at(), story.now);
}

TEST(Fence, ThatFailsLeavesThePaymentWhereTheMoneyMayBe) {
  Story story = Story::fencing();
  (void)story.answer(declined());  // it is captured: it cannot be made void
  EXPECT_TRUE(story.is<Starting>());
  EXPECT_EQ(story.payment.provider, "stripe");
  EXPECT_TRUE(story.call().inquiry);
  EXPECT_EQ(story.call().kind, provider::OperationKind::charge);
  EXPECT_EQ(rebuilt(story), story.payment);
  (void)story.answer(approved(usd(10'000)));
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(story.payment.provider, "stripe");
}

TEST(Fence, ThatFailsWithNothingBehindItEndsThePaymentThere) {
  Story story = Story::fencing();
  (void)story.answer(declined());
  (void)story.answer(provider::NotExecuted{});
  EXPECT_EQ(story.status(), Status::failed);
  EXPECT_EQ(story.payment.provider, "stripe");
  EXPECT_EQ(story.state<Failed>().failure.code, provider::FailureCode::provider_down);
}

TEST(Fence, MayBeSettledByTheOperators) {
  for (const bool stands : {true, false}) {
    Story story = Story::fencing();
    (void)story.answer(unknown());
    ASSERT_TRUE(story.resolve(stands));
    EXPECT_EQ(story.payment.provider, stands ? "paypal" : "stripe");
    EXPECT_TRUE(story.is<Starting>());
    EXPECT_EQ(rebuilt(story), story.payment);
  }
}

TEST(Fence, TheClientCannotGetInBetween) {
  Story story = Story::fencing();
  EXPECT_REFUSED(story.cancel(), ErrorCode::operation_in_progress, "");
}

}  // namespace
}  // namespace cambist::payment
