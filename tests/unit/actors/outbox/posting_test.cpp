// One attempt: what goes out, and what its answer means. Secrets and answers' bodies stay out of
// everything that is kept.
#include "actors/outbox/posting.hpp"

#include <gtest/gtest.h>

#include "protocols/webhook/standard.hpp"

namespace cambist::actors::outbound {
namespace {

using namespace std::chrono_literals;

const TimePoint now{1'000'000s};

std::string secret(std::uint8_t n) {
  std::array<std::uint8_t, 32> bytes{};
  bytes.fill(n);
  return webhook::make_secret(bytes);
}

storage::EndpointRow endpoint(std::string url) {
  storage::EndpointRow row;
  row.url = std::move(url);
  row.secret = secret(1);
  return row;
}

TEST(OutboxPosting, SplitsTheUrlAtItsPath) {
  struct Case {
    std::string url, origin, target;
  };
  for (const Case& c : {Case{"https://a.test", "https://a.test", "/"},
                        Case{"https://a.test/", "https://a.test", "/"},
                        Case{"https://a.test:8443/x/y?z=1", "https://a.test:8443", "/x/y?z=1"},
                        Case{"https://a.test?z=/1", "https://a.test", "/?z=/1"}}) {
    const auto request = post(endpoint(c.url), "evt_1", "{}", now);
    ASSERT_TRUE(request) << c.url;
    EXPECT_EQ(request->origin, c.origin);
    EXPECT_EQ(request->target, c.target);
  }
  EXPECT_FALSE(post(endpoint("nowhere"), "evt_1", "{}", now));
}

TEST(OutboxPosting, ThePreviousSecretSignsUntilItsTimeIsOver) {
  auto row = endpoint("https://a.test");
  row.previous_secret = secret(2);
  row.previous_secret_until = now + 1s;
  const auto signs = [&](TimePoint at, std::uint8_t n) {
    const auto request = post(row, "evt_1", "{}", at);
    return static_cast<bool>(webhook::verify(request->headers, "{}", std::vector{secret(n)}, at));
  };
  EXPECT_TRUE(signs(now, 1));
  EXPECT_TRUE(signs(now, 2));
  EXPECT_TRUE(signs(now + 1s, 1));
  EXPECT_FALSE(signs(now + 1s, 2));
}

TEST(OutboxPosting, ASecretThatCannotSignIsAnErrorThatDoesNotShowIt) {
  auto row = endpoint("https://a.test");
  row.secret = "whsec_notasecret";
  const auto request = post(row, "evt_1", "{}", now);
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().detail.find("notasecret"), std::string::npos);
}

TEST(OutboxPosting, KeepsNothingOfTheAnswersBody) {
  const auto met = read_answer(http::Response{500, {}, "their words"}, now);
  EXPECT_EQ(met.kind, Met::Kind::failed);
  EXPECT_EQ(met.status, 500);
  EXPECT_EQ(met.error, "answered 500");
}

TEST(OutboxPosting, OnlyTwoHundredsAreDeliveredAndOnlyGoneIsGone) {
  for (const int status : {200, 202, 204, 299}) {
    EXPECT_EQ(read_answer(http::Response{status, {}, ""}, now).kind, Met::Kind::delivered);
  }
  for (const int status : {199, 301, 302, 400, 404, 409, 429, 500, 503}) {
    EXPECT_EQ(read_answer(http::Response{status, {}, ""}, now).kind, Met::Kind::failed);
  }
  EXPECT_EQ(read_answer(http::Response{410, {}, ""}, now).kind, Met::Kind::gone);
}

TEST(OutboxPosting, AnAttemptOurOwnClientHadNoRoomForIsNone) {
  using http::FailurePhase;
  const auto full = http::TransportFailure{FailurePhase::not_sent, "pool_full"};
  EXPECT_EQ(read_answer(full, now).kind, Met::Kind::not_tried);
  const auto refused = http::TransportFailure{FailurePhase::not_sent, "connect"};
  EXPECT_EQ(read_answer(refused, now).kind, Met::Kind::failed);
  EXPECT_EQ(read_answer(refused, now).error, "connect");
}

TEST(OutboxPosting, TenAttemptsAreMadeAndRetryAfterOnlyLengthensTheWait) {
  Met met;
  EXPECT_EQ(wait_after(1, met, 0.5), 5s);
  EXPECT_EQ(wait_after(9, met, 0.5), 24h);
  EXPECT_FALSE(wait_after(10, met, 0.5));
  met.retry_after = 60s;
  EXPECT_EQ(wait_after(1, met, 0.5), 60s);
  EXPECT_EQ(wait_after(2, met, 0.5), 5min);
  EXPECT_FALSE(wait_after(10, met, 0.5));
}

}  // namespace
}  // namespace cambist::actors::outbound
