// What travels names the payment, tells its operations apart, and fits everywhere.
#include "protocols/providers/mpesa_openapi_tz/ids.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace cambist::mpesa_openapi_tz {
namespace {

Random counted() {
  return [n = std::uint64_t{88'172'645'463'325'252}]() mutable {
    n ^= n << 13U;
    n ^= n >> 7U;
    n ^= n << 17U;
    return n;
  };
}

TEST(MpesaTzIds, AConversationNamesItsPaymentAgain) {
  auto random = counted();
  for (int i = 0; i < 1'000; ++i) {
    const auto payment = PaymentId::make(TimePoint{std::chrono::seconds{i}}, random);
    const auto operation = OperationId::make(TimePoint{std::chrono::seconds{i}}, random);
    const auto text = conversation_of(payment, operation);
    ASSERT_EQ(text.size(), conversation_size);
    ASSERT_TRUE(std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    })) << text;
    ASSERT_EQ(payment_in(text), payment);
  }
}

TEST(MpesaTzIds, TheSmallestAndTheLargestIdTravelToo) {
  PaymentId least;
  PaymentId most;
  most.bytes.fill(0xff);
  OperationId operation;
  operation.bytes.fill(0xff);
  EXPECT_EQ(payment_in(conversation_of(least, operation)), least);
  EXPECT_EQ(payment_in(conversation_of(most, operation)), most);
}

TEST(MpesaTzIds, OperationsOfOnePaymentHaveDifferentConversations) {
  auto random = counted();
  const TimePoint at{std::chrono::seconds{1'795'250'298}};
  const auto payment = PaymentId::make(at, random);
  std::set<std::string> seen;
  // All of one millisecond: what tells them apart is their random part.
  for (int i = 0; i < 10'000; ++i)
    EXPECT_TRUE(seen.insert(conversation_of(payment, OperationId::make(at, random))).second);
}

TEST(MpesaTzIds, NothingElseIsTakenForAPayment) {
  const auto good = conversation_of(PaymentId{}, OperationId{});
  EXPECT_FALSE(payment_in(""));
  EXPECT_FALSE(payment_in(good.substr(1)));
  EXPECT_FALSE(payment_in(good + "0"));
  EXPECT_FALSE(payment_in("pay_01jd2v9h3ke1r8m7q0c5xw4tby12"));
  EXPECT_FALSE(payment_in(std::string(conversation_size, 'z'))) << "more than 128 bits";
  std::string upper = good;
  upper.back() = 'A';
  EXPECT_FALSE(payment_in(upper));
  EXPECT_FALSE(payment_in(question_of(OperationId{}, 1'000'000)));
}

TEST(MpesaTzIds, EachQuestionHasAnIdOfItsOwnWithinForty) {
  OperationId operation;
  operation.bytes.fill(0xff);
  EXPECT_NE(question_of(operation, 2), question_of(operation, 3));
  EXPECT_NE(question_of(operation, 2), question_of(OperationId{}, 2));
  EXPECT_LE(question_of(operation, 2'147'483'647).size(), 40U);
}

TEST(MpesaTzIds, TheReferenceIsTwelvePlainCharacters) {
  const auto payment = PaymentId::parse("pay_01jd2v9h3ke1r8m7q0c5xw4tby").value();
  EXPECT_EQ(reference_of(payment), "M7Q0C5XW4TBY");
}

}  // namespace
}  // namespace cambist::mpesa_openapi_tz
