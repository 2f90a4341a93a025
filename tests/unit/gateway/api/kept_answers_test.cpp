#include "gateway/api/kept_answers.hpp"

#include <gtest/gtest.h>

namespace cambist::gateway {
namespace {

using namespace std::chrono_literals;
using First = KeptAnswers::First;
using Before = KeptAnswers::Before;

constexpr TimePoint noon{std::chrono::hours{12}};

ErrorCode code_of(const std::variant<First, Before, Error>& found) {
  return std::get<Error>(found).code;
}

TEST(KeptAnswers, GiveTheSameAnswerToTheSameRequest) {
  KeptAnswers kept;
  const auto one = sha256("one");
  EXPECT_TRUE(std::holds_alternative<First>(kept.claim("k", one, noon)));
  EXPECT_EQ(code_of(kept.claim("k", one, noon)), ErrorCode::idempotency_in_progress);
  kept.answered("k", {201, "{}", "/x"});
  const auto again = std::get<Before>(kept.claim("k", one, noon));
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, "{}");
  EXPECT_EQ(again.location, "/x");
  EXPECT_EQ(code_of(kept.claim("k", sha256("two"), noon)), ErrorCode::idempotency_key_reused);
}

TEST(KeptAnswers, KeepNoFailureOfOurs) {
  KeptAnswers kept;
  const auto one = sha256("one");
  for (const int status : {503, 500, 429}) {
    EXPECT_TRUE(std::holds_alternative<First>(kept.claim("k", one, noon))) << status;
    kept.answered("k", {status, "{}"});
  }
  EXPECT_TRUE(std::holds_alternative<First>(kept.claim("k", sha256("two"), noon)));
}

TEST(KeptAnswers, ForgetAfterADay) {
  KeptAnswers kept;
  (void)kept.claim("k", sha256("one"), noon);
  kept.answered("k", {200, "{}"});
  EXPECT_TRUE(std::holds_alternative<Before>(kept.claim("k", sha256("one"), noon + 23h)));
  EXPECT_TRUE(std::holds_alternative<First>(kept.claim("k", sha256("two"), noon + 24h)));
}

TEST(KeptAnswers, StayBoundedAndNeverDropWhatIsRunning) {
  KeptAnswers kept{2};
  const auto one = sha256("one");
  (void)kept.claim("a", one, noon);
  (void)kept.claim("b", one, noon);
  EXPECT_EQ(code_of(kept.claim("c", one, noon)), ErrorCode::overloaded);
  kept.answered("a", {200, "{}"});
  EXPECT_TRUE(std::holds_alternative<First>(kept.claim("c", one, noon)));  // in the place of a
  EXPECT_EQ(code_of(kept.claim("b", one, noon)), ErrorCode::idempotency_in_progress);
}

}  // namespace
}  // namespace cambist::gateway
