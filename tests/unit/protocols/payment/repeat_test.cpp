// Which calls are repeats, to be paid from the provider's budget: those of a step that an earlier
// call has not settled. The number of the attempt says nothing about it.
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

TEST(PaymentRepeat, TheFirstCallOfAnOperationIsNone) {
  Story story;
  ASSERT_TRUE(story.create());
  EXPECT_FALSE(story.call().repeat);
}

TEST(PaymentRepeat, AStepForwardIsNoneThoughItsAttemptIsTheSecond) {
  Story story;
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(provider::Progressed{"pi_7", 1}));
  EXPECT_EQ(story.call().attempt, 2);
  EXPECT_FALSE(story.call().repeat);
}

TEST(PaymentRepeat, ACallAfterARefusalIsOne) {
  Story story;
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(refused()));
  EXPECT_FALSE(story.call().inquiry);
  EXPECT_TRUE(story.call().repeat);
}

TEST(PaymentRepeat, ACallAfterAnUnknownOutcomeIsOneOnceTheProviderSaysItIsNotDone) {
  Story story;
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(unknown()));
  ASSERT_TRUE(story.call().inquiry);
  ASSERT_TRUE(story.answer(provider::NotExecuted{}));
  EXPECT_FALSE(story.call().inquiry);
  EXPECT_TRUE(story.call().repeat);
}

TEST(PaymentRepeat, TheStepAfterOneThatWasRepeatedIsNone) {
  Story story;
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(refused()));
  ASSERT_TRUE(story.answer(provider::Progressed{"pi_7", 1}));
  EXPECT_EQ(story.call().attempt, 3);
  EXPECT_FALSE(story.call().repeat);
}

/// The provider stored a failure under the step's key: the next step only does the same again.
TEST(PaymentRepeat, AStepThatOnlyBeginsAgainIsOneAndDoesNotResetTheSchedule) {
  Story story;
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(provider::Progressed{"pi_7", 1}));
  ASSERT_TRUE(story.answer(unknown()));
  ASSERT_TRUE(story.answer(provider::NotExecuted{"pi_7"}));
  ASSERT_TRUE(story.answer(provider::Progressed{"pi_7", 2}));  // its key is burnt
  EXPECT_TRUE(story.call().repeat);
  ASSERT_TRUE(story.answer(provider::Progressed{"pi_7", 3}));  // asked: nothing is done
  EXPECT_TRUE(story.call().repeat);
  ASSERT_TRUE(story.answer(unknown()));
  const auto* operation = running(story.payment);
  ASSERT_NE(operation, nullptr);
  EXPECT_TRUE(operation->inquire);
  EXPECT_EQ(operation->failures, 3);
  // Not at once, as after a first failure, but when the schedule says so.
  EXPECT_GT(operation->next_attempt_at.value(), operation->updated_at);
}

}  // namespace
}  // namespace cambist::payment
