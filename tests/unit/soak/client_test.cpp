// When a client of a soak may stop asking: an answer that would come again.
#include "tests/soak/client.hpp"

#include <gtest/gtest.h>

namespace cambist::soak {
namespace {

test::ApiResponse problem(int status, const std::string& code) {
  return {status, {}, R"({"code":")" + code + "\"}"};
}

TEST(SoakClient, TakesASuccessAndARefusalForAnAnswer) {
  EXPECT_TRUE(is_final({201, {}, "{}"}));
  EXPECT_TRUE(is_final({202, {}, "{}"}));
  EXPECT_TRUE(is_final(problem(402, "card_declined")));
  EXPECT_TRUE(is_final(problem(422, "idempotency_key_reused")));
  EXPECT_TRUE(is_final(problem(409, "illegal_transition")));
}

TEST(SoakClient, AsksAgainWhereNotNowWasMeant) {
  EXPECT_FALSE(is_final({0, {}, "no answer"}));
  EXPECT_FALSE(is_final(problem(429, "rate_limited")));
  EXPECT_FALSE(is_final(problem(500, "internal")));
  EXPECT_FALSE(is_final(problem(503, "overloaded")));
  EXPECT_FALSE(is_final(problem(503, "provider_unavailable"))) << "its key is free again";
  EXPECT_FALSE(is_final({503, {}, "no JSON"}));
  EXPECT_FALSE(is_final(problem(504, "timeout")));
  for (const char* code :
       {"operation_in_progress", "outcome_unknown", "idempotency_in_progress", "version_conflict"})
    EXPECT_FALSE(is_final(problem(409, code))) << code;
}

TEST(SoakClient, FindsThePaymentInAnAnswerAndBesideAProblem) {
  const auto plain = boost::json::parse(R"({"id":"pay_1","captured":{}})");
  EXPECT_EQ(payment_in(plain), &plain);
  const auto beside = boost::json::parse(R"({"code":"card_declined","payment":{"id":"pay_1"}})");
  EXPECT_EQ(payment_in(beside), &beside.at("payment"));
  EXPECT_EQ(payment_in(boost::json::parse(R"({"data":[]})")), nullptr);
  EXPECT_EQ(payment_in(boost::json::value{}), nullptr);
}

TEST(SoakTally, KeepsTheHighestSumsThatAClientWasToldOfAPayment) {
  const auto payment = [](const char* captured, const char* refunded) {
    return test::ApiResponse{
        200,
        {},
        std::string{R"({"id":"pay_1","amount":{"value":"9.00","currency":"EUR"},"captured":)"} +
            R"({"value":")" + captured + R"(","currency":"EUR"},"refunded":{"value":")" + refunded +
            R"(","currency":"EUR"}})"};
  };
  Tally tally;
  tally.told(payment("9.00", "0.00"));
  tally.told(payment("9.00", "4.00"));
  tally.told(payment("0.00", "0.00"));  // an older answer that came late
  const auto promises = tally.promises();
  ASSERT_EQ(promises.size(), 1U);
  EXPECT_EQ(promises.front().captured_minor, 900);
  EXPECT_EQ(promises.front().refunded_minor, 400);
}

TEST(SoakTally, TakesOnlyPaymentsThatWereAskedForAfterAStartForItsFirst) {
  Tally tally;
  const auto before = Steady::now();
  tally.server_starts();
  tally.accepted(before);
  EXPECT_FALSE(tally.first_taken());
  tally.accepted(Steady::now());
  EXPECT_TRUE(tally.first_taken());
  EXPECT_EQ(tally.accepted_so_far(), 2U);
}

}  // namespace
}  // namespace cambist::soak
