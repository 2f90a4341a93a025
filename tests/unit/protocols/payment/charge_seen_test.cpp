// The word of a provider that cannot be asked: how a charge ended, told by a callback alone.
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using namespace std::chrono_literals;
using provider::ChargeSeen;

Story starting() {
  Story story{CaptureMethod::automatic};
  (void)story.create();
  return story;
}

/// The answer to the call was lost.
Story in_doubt() {
  Story story = starting();
  (void)story.answer(unknown());
  return story;
}

Story prompted() {
  Story story = starting();
  auto prompt = action_required(story.now + 2min);
  prompt.action.type = "phone_prompt";
  prompt.withdrawable = false;
  (void)story.answer(prompt);
  return story;
}

ChargeSeen paid(Money amount = usd(10'000)) {
  return {true, amount, "CO1", {}};
}
ChargeSeen failed(Money amount = usd(10'000)) {
  return {false, amount, "", {provider::FailureCode::insufficient_funds, "No money.", "balance"}};
}

void expect_nothing(const Result<Decision>& decision) {
  ASSERT_TRUE(decision);
  EXPECT_TRUE(decision->events.empty());
  EXPECT_TRUE(decision->effects.empty());
}

TEST(ChargeSeen, SettlesWhatRunsWhateverIsKnownOfTheCall) {
  for (Story story : {starting(), in_doubt(), prompted()}) {
    const auto heard = story.hear(paid());
    ASSERT_TRUE(heard);
    EXPECT_TRUE(heard->effects.empty());
    EXPECT_EQ(story.status(), Status::captured);
    EXPECT_EQ(captured(story.payment), usd(10'000));
    EXPECT_EQ(story.payment.history.back().provider_object, "CO1");
    EXPECT_EQ(story.balance("merchant:payable"), -10'000);
    expect_nothing(story.hear(paid()));
    expect_nothing(story.hear(failed()));
  }
}

TEST(ChargeSeen, OfAFailureIsADecline) {
  for (const Money& told : {usd(10'000), Money{}}) {
    Story story = prompted();
    ASSERT_TRUE(story.hear(failed(told)));
    EXPECT_EQ(story.status(), Status::failed);
    EXPECT_EQ(story.last<OperationDeclined>().declined.failure.decline_code, "balance");
    expect_nothing(story.hear(failed(told)));
  }
}

TEST(ChargeSeen, OfAnotherAmountIsHeldForTheOperators) {
  for (const ChargeSeen& lie :
       {paid(usd(9'999)), paid(eur(10'000)), failed(usd(1)), paid(Money{})}) {
    Story story = in_doubt();
    ASSERT_TRUE(story.hear(lie));
    EXPECT_EQ(story.status(), Status::processing);
    EXPECT_EQ(story.operation().reported, lie.amount);
    ASSERT_TRUE(story.operation().escalation);
    EXPECT_TRUE(story.is<Starting>());
    // What comes later cannot be told from a lie either.
    expect_nothing(story.hear(lie));
    expect_nothing(story.hear(paid()));
    ASSERT_TRUE(story.resolve(true));
    EXPECT_EQ(story.status(), Status::captured);
  }
}

TEST(ChargeSeen, AfterTheEndIsATaskWhenMoneyMoved) {
  Story story = starting();
  ASSERT_TRUE(story.answer(declined()));
  ASSERT_TRUE(story.hear(paid()));
  EXPECT_EQ(story.status(), Status::failed);
  EXPECT_EQ(story.last<AttentionNeeded>().kind, AttentionKind::late_payment);
  expect_nothing(story.hear(paid()));
  expect_nothing(story.hear(failed()));
}

TEST(ChargeSeen, AfterTheEndIsATaskSoManyTimesOnly) {
  Story story = starting();
  ASSERT_TRUE(story.answer(declined()));
  int tasks = 0;
  for (std::int64_t minor = 1; minor <= 100; ++minor) {
    const auto heard = story.hear(paid(usd(minor)));
    if (heard) tasks += static_cast<int>(heard->events.size());
    if (!heard) EXPECT_EQ(heard.error().code, ErrorCode::operation_in_progress);
  }
  EXPECT_EQ(tasks, 20);
}

TEST(ChargeSeen, OfASecondChargeIsATask) {
  Story story = starting();
  ASSERT_TRUE(story.hear(paid()));
  ChargeSeen second = paid();
  second.provider_object = "CO2";
  ASSERT_TRUE(story.hear(second));
  EXPECT_EQ(story.last<AttentionNeeded>().kind, AttentionKind::duplicate_payment);
  EXPECT_EQ(captured(story.payment), usd(10'000));
  expect_nothing(story.hear(second));
  second.provider_object.clear();  // which one it was, nobody can say
  expect_nothing(story.hear(second));
}

TEST(ChargeSeen, OfAnotherPaymentOrBesideARefundChangesNothing) {
  Story other = starting();
  other.payment.provider_payment_id = "NST2";
  expect_nothing(other.hear(paid()));
  Story refunding = Story::captured();
  ASSERT_TRUE(refunding.refund(usd(4'000)));
  expect_nothing(refunding.hear(paid()));
}

TEST(ChargeSeen, OvertakenByTheAnswerIsStale) {
  Story story = starting();
  const auto call = story.call();
  ASSERT_TRUE(story.hear(paid()));
  expect_nothing(story.tell(Story::answer_to(call, action_required())));
  EXPECT_EQ(story.status(), Status::captured);
}

TEST(ChargeSeen, ThatNeverComesLeavesThePromptToTheOperators) {
  Story story = prompted();
  story.now += 2min;
  const auto asked = story.fire();
  ASSERT_EQ(asked->effects.size(), 1U);
  const auto& inquiry = std::get<CallProvider>(asked->effects[0]).call;
  EXPECT_TRUE(inquiry.inquiry);
  ASSERT_TRUE(story.tell(Story::answer_to(inquiry, unknown())));
  EXPECT_TRUE(story.is<Starting>());
  EXPECT_TRUE(story.call().inquiry);
  ASSERT_TRUE(story.answer(unknown()));
  EXPECT_EQ(story.operation().status, OperationStatus::unknown);
  story.now += story.policy.unknown_max;
  ASSERT_TRUE(story.fire());
  EXPECT_TRUE(story.operation().escalation);
  // Late, but true.
  ASSERT_TRUE(story.hear(paid()));
  EXPECT_EQ(story.status(), Status::captured);
}

TEST(Payment, IsKnownAtTheProviderByTheIdThatItsOperationStartedWith) {
  Story story = starting();
  OperationStarted started{*running(story.payment)};
  started.operation.provider_payment_id = "NST7";
  Payment created;
  created.provider = started.operation.provider;
  Payment payment = evolve(std::move(created), Event{story.now, started});
  EXPECT_EQ(payment.provider_payment_id, "NST7");
  EXPECT_EQ(call_for(payment, *running(payment)).provider_payment_id, "NST7");
}

TEST(Payment, TellsARefundWhereTheMoneyCameIn) {
  Story story{CaptureMethod::automatic};
  (void)story.create();
  EXPECT_TRUE(story.call().capture_object.empty());
  (void)story.answer(approved(usd(10'000), "MP1"));
  ASSERT_TRUE(story.refund(usd(4'000)));
  EXPECT_EQ(story.call().capture_object, "MP1");
  (void)story.answer(approved(usd(4'000), "CI1"));
  ASSERT_TRUE(story.refund(usd(1'000)));
  EXPECT_EQ(story.call().capture_object, "MP1");
}

}  // namespace
}  // namespace cambist::payment
