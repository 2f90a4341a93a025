#include "protocols/core/ids.hpp"

#include <algorithm>
#include <unordered_set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cambist {
namespace {

const TimePoint noon = parse_rfc3339("2026-11-21T12:00:00Z").value();

Random numbers(std::uint64_t seed) {
  return [seed]() mutable { return seed = seed * 6364136223846793005U + 1442695040888963407U; };
}

TEST(Ids, CarryTheTimeTheVersionAndTheVariantOfRfc9562) {
  const auto id = PaymentId::make(noon, numbers(1));
  std::int64_t millis = 0;
  for (std::size_t i = 0; i < 6; ++i) millis = millis * 256 + id.bytes[i];
  EXPECT_EQ(millis, to_micros(noon) / 1000);
  EXPECT_EQ(id.bytes[6] >> 4, 7);
  EXPECT_EQ(id.bytes[8] >> 6, 2);
}

TEST(Ids, AreWrittenWithTheirPrefixAnd26Characters) {
  EXPECT_EQ((PaymentId{}).to_string(), "pay_00000000000000000000000000");
  Uuid all{};
  all.fill(0xff);
  EXPECT_EQ(OperationId{all}.to_string(), "op_7zzzzzzzzzzzzzzzzzzzzzzzzz");
  EXPECT_TRUE(PaymentId{}.empty());
  EXPECT_FALSE(OperationId{all}.empty());
}

TEST(Ids, RefuseWhatIsNoIdOfTheirKind) {
  const std::string good = PaymentId::make(noon, numbers(2)).to_string();
  ASSERT_TRUE(PaymentId::parse(good));
  std::string upper = good;
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return static_cast<char>(std::toupper(c)); });
  std::string letter_u = good;
  letter_u.back() = 'u';  // Crockford's alphabet has no i, l, o and u
  const std::string bad[] = {"",
                             "pay_",
                             good.substr(4),
                             good.substr(0, good.size() - 1),
                             good + "0",
                             "op_" + good.substr(4),
                             "pay-" + good.substr(4),
                             upper,
                             letter_u,
                             "pay_8zzzzzzzzzzzzzzzzzzzzzzzzz",
                             "pay_0000000000000000000000000\n",
                             " " + good};
  for (const auto& text : bad) {
    const auto id = PaymentId::parse(text);
    ASSERT_FALSE(id) << text;
    EXPECT_EQ(id.error().code, ErrorCode::invalid_request);
  }
}

RC_GTEST_PROP(Ids, ReadBackAsTheyWereWritten, ()) {
  Uuid bytes{};
  for (auto& byte : bytes) byte = *rc::gen::arbitrary<std::uint8_t>();
  RC_ASSERT(PaymentId::parse(PaymentId{bytes}.to_string()).value() == PaymentId{bytes});
}

RC_GTEST_PROP(Ids, SortByTimeAsBytesAndAsText, (std::uint64_t seed)) {
  const auto early = *rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000);
  const auto later = early + *rc::gen::inRange<std::int64_t>(1, 1'000'000);
  const auto random = numbers(seed);
  const auto a = PaymentId::make(from_micros(early * 1000), random);
  const auto b = PaymentId::make(from_micros(later * 1000), random);
  RC_ASSERT(a < b);
  RC_ASSERT(a.to_string() < b.to_string());
}

TEST(Ids, DifferWithinOneMillisecondAndHashApart) {
  const auto random = numbers(3);
  std::unordered_set<PaymentId> seen;
  for (int i = 0; i < 10'000; ++i) seen.insert(PaymentId::make(noon, random));
  EXPECT_EQ(seen.size(), 10'000U);
}

}  // namespace
}  // namespace cambist
