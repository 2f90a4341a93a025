#include "protocols/webhook/delivery.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cambist::webhook {
namespace {

using namespace std::chrono_literals;

const DeliveryPolicy policy{};
constexpr double middle = 0.5;                 // no jitter
constexpr auto now = TimePoint{784'111'777s};  // Sun, 06 Nov 1994 08:49:37 GMT

http::Response answer(int status, std::string retry_after = {}) {
  http::Response response{status, {}, {}};
  if (!retry_after.empty()) response.headers.push_back({"retry-after", std::move(retry_after)});
  return response;
}

TEST(NextDelivery, FollowsTheScheduleForThreeDaysThenGivesUp) {
  const Duration expected[] = {0s, 5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
  Duration all{0};
  for (int made = 0; made < 10; ++made) {
    EXPECT_EQ(next_delivery(made, policy, middle), expected[made]) << made;
    all += expected[made];
  }
  EXPECT_EQ(next_delivery(10, policy, middle), std::nullopt);
  EXPECT_EQ(next_delivery(2'000'000'000, policy, middle), std::nullopt);
  EXPECT_GT(all, 75h);
  EXPECT_LT(all, 76h);
}

TEST(NextDelivery, AttemptsThatWereNeverMadeAreNone) {
  EXPECT_EQ(next_delivery(-1, policy, middle), Duration{0});
}

RC_GTEST_PROP(NextDelivery, ScattersByATenthEitherWay, ()) {
  const int made = *rc::gen::inRange(0, 10);
  const double roll = *rc::gen::inRange(0, 1'000'000) / 1e6;
  const auto planned = policy.delays[static_cast<std::size_t>(made)];
  const auto delay = next_delivery(made, policy, roll).value();
  RC_ASSERT(delay >= planned * 9 / 10 - Duration{1});
  RC_ASSERT(delay <= planned * 11 / 10);
}

TEST(NextDelivery, TheEndpointMayAskForALongerWaitOnly) {
  EXPECT_EQ(next_delivery(1, policy, middle, 1h), 1h);
  EXPECT_EQ(next_delivery(4, policy, middle, 1s), 2h);
  EXPECT_EQ(next_delivery(10, policy, middle, 1h), std::nullopt);
}

TEST(DeliveryAnswer, OnlyTwoHundredsAreDelivered) {
  for (int status = 100; status < 600; ++status) {
    const auto result = read_answer(answer(status), now).result;
    const auto expected = status / 100 == 2 ? DeliveryResult::delivered
                          : status == 410   ? DeliveryResult::gone
                                            : DeliveryResult::failed;
    EXPECT_EQ(result, expected) << status;
  }
}

TEST(DeliveryAnswer, TakesRetryAfterFromWhoIsThrottled) {
  for (const int status : {429, 502, 503, 504}) {
    EXPECT_EQ(read_answer(answer(status, "120"), now),
              (DeliveryAnswer{DeliveryResult::failed, 120s}))
        << status;
    EXPECT_EQ(read_answer(answer(status), now), (DeliveryAnswer{DeliveryResult::failed})) << status;
  }
  for (const int status : {200, 204, 301, 302, 307, 400, 404, 410, 500, 501, 505}) {
    EXPECT_EQ(read_answer(answer(status, "120"), now).retry_after, std::nullopt) << status;
  }
}

TEST(DeliveryAnswer, ReadsRetryAfterAsSecondsOrAsADate) {
  const std::pair<const char*, std::optional<Duration>> spellings[] = {
      {"0", 0s},
      {" 7 ", 7s},
      {"86400", 24h},
      {"86401", 24h},
      {"99999999999999999999", 24h},
      {"Sun, 06 Nov 1994 08:50:37 GMT", 60s},
      {"Sun, 06 Nov 1994 08:49:37 GMT", 0s},
      {"Sun, 06 Nov 1994 08:00:00 GMT", 0s},
      {"Sun, 06 Nov 2094 08:49:37 GMT", 24h},
      {"Sunday, 06-Nov-94 08:49:37 GMT", std::nullopt},
      {"Sun, 31 Feb 1994 08:49:37 GMT", std::nullopt},
      {"Sun, 06 Foo 1994 08:49:37 GMT", std::nullopt},
      {"Sun, 06 Nov 1994 25:49:37 GMT", std::nullopt},
      {"Sun, 06 Nov 1994 08:49:37 CET", std::nullopt},
      {"-5", std::nullopt},
      {"+5", std::nullopt},
      {"1.5", std::nullopt},
      {"5 s", std::nullopt},
      {"soon", std::nullopt},
  };
  for (const auto& [text, wait] : spellings) {
    EXPECT_EQ(read_answer(answer(503, text), now).retry_after, wait) << text;
  }
  auto twice = answer(503, "5");
  twice.headers.push_back({"Retry-After", "6"});
  EXPECT_EQ(read_answer(twice, now).retry_after, std::nullopt);
}

TEST(EndpointTypes, NoneListedMeansAll) {
  EXPECT_TRUE(wants({}, "payment.captured"));
}

TEST(EndpointTypes, AnEntryIsATypeOrAFamily) {
  const std::vector<std::string> types{"payment.*", "refund.failed"};
  for (const char* type : {"payment.captured", "payment.dispute.opened", "refund.failed"}) {
    EXPECT_TRUE(wants(types, type)) << type;
  }
  for (const char* type : {"payment", "payment.", "payments.captured", "refund.succeeded",
                           "refund.failed.later", "Payment.captured", "x.payment.captured", ""}) {
    EXPECT_FALSE(wants(types, type)) << type;
  }
}

TEST(EndpointTypes, AreWordsWithPointsBetween) {
  for (const char* text : {"payment", "payment.captured", "payment.*", "a.b_c.D9"}) {
    EXPECT_TRUE(is_type_pattern(text)) << text;
  }
  for (const char* text :
       {"", "*", ".*", "payment.", ".payment", "payment..x", "pay*", "payment.*.x",
        "payment captured", "payment/x", "payment.\xc3\xa4", "payment.**"}) {
    EXPECT_FALSE(is_type_pattern(text)) << text;
  }
  EXPECT_FALSE(is_type_pattern(std::string(129, 'a')));
}

}  // namespace
}  // namespace cambist::webhook
