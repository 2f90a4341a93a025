// The first operation of a payment, from the client's request to its verdict.
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using namespace std::chrono_literals;
using provider::OperationKind;

TEST(PaymentCreate, ManualCaptureAuthorizesAndAutomaticCharges) {
  Story manual;
  ASSERT_TRUE(manual.create());
  EXPECT_EQ(manual.call().kind, OperationKind::authorize);
  Story automatic{CaptureMethod::automatic};
  ASSERT_TRUE(automatic.create());
  EXPECT_EQ(automatic.call().kind, OperationKind::charge);
}

TEST(PaymentCreate, IsDurableBeforeItsCallAndTheCallLeavesAtOnce) {
  Story story;
  const auto decision = story.create();
  ASSERT_EQ(decision->events.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<PaymentCreated>(decision->events[0].fact));
  const auto& started = std::get<OperationStarted>(decision->events[1].fact).operation;
  EXPECT_EQ(started.status, OperationStatus::pending);
  EXPECT_EQ(started.idempotency_key, story.payment.id.to_string() + ":" + started.id.to_string());
  ASSERT_EQ(decision->effects.size(), 1U);
  EXPECT_EQ(story.call_at(), story.now);
  EXPECT_FALSE(story.call().inquiry);
  EXPECT_EQ(story.call().attempt, 1);
  EXPECT_EQ(story.status(), Status::processing);
}

TEST(PaymentCreate, TheCallCarriesAllThatReachesTheWire) {
  Story story;
  story.details.description = "Seven things";
  story.details.return_url = "https://shop.example/back";
  ASSERT_TRUE(story.create());
  const auto& call = story.call();
  EXPECT_EQ(call.payment, story.payment.id);
  EXPECT_EQ(call.operation, story.operation().id);
  EXPECT_EQ(call.idempotency_key, story.operation().idempotency_key);
  EXPECT_EQ(call.amount, usd(10'000));
  EXPECT_EQ(call.method, story.details.method);
  EXPECT_EQ(call.description, "Seven things");
  EXPECT_EQ(call.reference, "order-7");
  EXPECT_EQ(call.return_url, "https://shop.example/back");
  EXPECT_FALSE(call.confirmed);
}

TEST(PaymentCreate, NeedsAnAmountAboveZero) {
  for (const std::int64_t minor :
       {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min()}) {
    Story story{CaptureMethod::manual, usd(minor)};
    EXPECT_REFUSED(story.create(), ErrorCode::invalid_request, "amount.value");
    EXPECT_TRUE(story.is<Nothing>());
  }
}

TEST(PaymentCreate, HappensOnce) {
  Story story;
  ASSERT_TRUE(story.create());
  EXPECT_REFUSED(story.create(), ErrorCode::illegal_transition, "");
}

TEST(PaymentCreate, ApprovalMakesItAuthorizedOrCaptured) {
  const Story manual = Story::authorized();
  EXPECT_EQ(manual.status(), Status::authorized);
  EXPECT_EQ(captured(manual.payment), usd(0));
  EXPECT_EQ(capturable(manual.payment), usd(10'000));
  EXPECT_EQ(manual.payment.provider_payment_id, "pi_1");
  EXPECT_EQ(manual.payment.method.last4, "4242");
  EXPECT_EQ(running(manual.payment), nullptr);
  ASSERT_EQ(manual.payment.history.size(), 1U);
  EXPECT_EQ(manual.payment.history[0].status, OperationStatus::succeeded);
  const Story automatic = Story::captured();
  EXPECT_EQ(automatic.status(), Status::captured);
  EXPECT_EQ(captured(automatic.payment), usd(10'000));
  EXPECT_EQ(capturable(automatic.payment), usd(0));
}

TEST(PaymentCreate, ADeclineFailsIt) {
  Story story;
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(declined()));
  EXPECT_EQ(story.status(), Status::failed);
  EXPECT_EQ(story.state<Failed>().failure.code, provider::FailureCode::insufficient_funds);
  EXPECT_EQ(story.payment.history[0].status, OperationStatus::declined);
  EXPECT_TRUE(is_terminal(story.payment));
  EXPECT_TRUE(story.effects.empty());
}

TEST(PaymentCreate, ARefusalIsRepeatedWithTheSameKeyTwoMoreTimesThenFails) {
  Story story;
  ASSERT_TRUE(story.create());
  const auto key = story.call().idempotency_key;
  for (int attempt = 2; attempt <= 3; ++attempt) {
    ASSERT_TRUE(story.answer(refused()));
    EXPECT_EQ(story.call().attempt, attempt);
    EXPECT_EQ(story.call().idempotency_key, key);
    EXPECT_FALSE(story.call().inquiry);
    EXPECT_GE(story.call_at(), story.now + 200ms);
    EXPECT_LE(story.call_at(), story.now + 2s);
    EXPECT_EQ(story.operation().status, OperationStatus::pending);
    story.now = story.call_at();
  }
  ASSERT_TRUE(story.answer(refused()));
  EXPECT_EQ(story.status(), Status::failed);
  EXPECT_EQ(story.payment.history[0].status, OperationStatus::refused);
}

TEST(PaymentCreate, ARefusalThatCannotHelpIsNotRepeated) {
  Story story;
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(refused(false)));
  EXPECT_EQ(story.status(), Status::failed);
}

TEST(PaymentCreate, ARefusalIsRepeatedWhenTheProviderSaysSoIfTheClientCanWaitThatLong) {
  Story soon;
  ASSERT_TRUE(soon.create());
  ASSERT_TRUE(soon.answer(refused(true, 2s)));
  EXPECT_EQ(soon.call_at(), soon.now + 2s);
  Story late;
  ASSERT_TRUE(late.create());
  ASSERT_TRUE(late.answer(refused(true, 3s)));
  EXPECT_EQ(late.status(), Status::failed);
}

TEST(PaymentCreate, AFlowOfSeveralCallsGoesOnWithTheNextStepAtOnce) {
  Story story;
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(refused()));
  ASSERT_TRUE(story.answer(provider::Progressed{"pi_7", 1}));
  EXPECT_EQ(story.call().step, 1);
  EXPECT_EQ(story.call().provider_payment_id, "pi_7");
  EXPECT_EQ(story.call().attempt, 3);
  EXPECT_EQ(story.call_at(), story.now);
  EXPECT_FALSE(story.call().inquiry);
  // Each step has its own three attempts.
  ASSERT_TRUE(story.answer(refused()));
  ASSERT_TRUE(story.answer(refused()));
  EXPECT_EQ(story.status(), Status::processing);
  ASSERT_TRUE(story.answer(refused()));
  EXPECT_EQ(story.status(), Status::failed);
}

TEST(PaymentCreate, AnApprovalOfAnotherAmountIsNotBelieved) {
  for (const Money amount : {usd(10'001), usd(0), usd(-5), eur(10'000)}) {
    Story story{CaptureMethod::automatic};
    ASSERT_TRUE(story.create());
    ASSERT_TRUE(story.answer(approved(amount)));
    EXPECT_EQ(story.status(), Status::processing);
    EXPECT_EQ(story.operation().status, OperationStatus::unknown);
    EXPECT_TRUE(story.call().inquiry);
  }
}

TEST(PaymentCreate, AnswersToOtherCallsDecideNothing) {
  Story story;
  ASSERT_TRUE(story.create());
  const provider::Call first = story.call();
  ASSERT_TRUE(story.answer(refused()));
  const Payment before = story.payment;
  auto other = first;
  other.operation = story.operation_id();
  other.attempt = 2;
  auto future = first;
  future.attempt = 3;
  for (const auto& call : {first, other, future}) {
    const auto decision = story.tell(Story::answer_to(call, approved(usd(10'000))));
    ASSERT_TRUE(decision);
    EXPECT_TRUE(decision->events.empty());
    EXPECT_TRUE(decision->effects.empty());
    EXPECT_EQ(story.payment, before);
  }
}

TEST(PaymentCreate, ARepeatedAnswerDecidesNothing) {
  Story story;
  ASSERT_TRUE(story.create());
  const provider::Call call = story.call();
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  const Payment before = story.payment;
  EXPECT_TRUE(story.tell(Story::answer_to(call, approved(usd(10'000))))->events.empty());
  EXPECT_TRUE(story.tell(Story::answer_to(call, declined()))->events.empty());
  EXPECT_EQ(story.payment, before);
}

}  // namespace
}  // namespace cambist::payment
