#include "protocols/retry/schedule.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cambist::retry {
namespace {

using namespace std::chrono_literals;

const std::vector<Duration> listed{2s, 5s, 15s, 60s};
constexpr double middle = 0.5;  // no jitter

TEST(Backoff, DoublesItsWindowFromTheSmallestDelay) {
  EXPECT_EQ(backoff(1, 200ms, 2s, 0.0), 200ms);
  EXPECT_EQ(backoff(1, 200ms, 2s, middle), 300ms);
  EXPECT_EQ(backoff(2, 200ms, 2s, middle), 500ms);
  EXPECT_EQ(backoff(3, 200ms, 2s, middle), 900ms);
  EXPECT_EQ(backoff(4, 200ms, 2s, middle), 1100ms);  // the window ends at 2 s
  EXPECT_EQ(backoff(50, 200ms, 2s, middle), 1100ms);
}

TEST(Backoff, TakesFailuresFromOne) {
  EXPECT_EQ(backoff(0, 200ms, 2s, middle), backoff(1, 200ms, 2s, middle));
  EXPECT_EQ(backoff(-3, 200ms, 2s, middle), backoff(1, 200ms, 2s, middle));
}

RC_GTEST_PROP(Backoff, StaysWithinItsBounds, ()) {
  const auto least = Duration{*rc::gen::inRange<std::int64_t>(0, 10'000'000)};
  const auto most = least + Duration{*rc::gen::inRange<std::int64_t>(0, 3'600'000'000)};
  const auto failures = *rc::gen::inRange(0, 1'000'000);
  const double roll = *rc::gen::inRange(0, 1'000'000) / 1e6;
  const Duration delay = backoff(failures, least, most, roll);
  RC_ASSERT(delay >= least);
  RC_ASSERT(delay <= most);
}

TEST(InquiryDelay, FollowsTheListThenDoublesToAnHour) {
  const Duration expected[] = {2s,   5s,   15s,   60s,   120s,  240s,
                               480s, 960s, 1920s, 3600s, 3600s, 3600s};
  for (int asked = 0; asked < 12; ++asked) {
    EXPECT_EQ(inquiry_delay(asked, listed, 1h, middle), expected[asked]) << asked;
  }
  EXPECT_EQ(inquiry_delay(2'000'000'000, listed, 1h, middle), 1h);
}

TEST(InquiryDelay, ScattersByATenthEitherWay) {
  EXPECT_EQ(inquiry_delay(0, listed, 1h, 0.0), 1800ms);
  EXPECT_NEAR(static_cast<double>(inquiry_delay(0, listed, 1h, 0.999999).count()), 2'200'000.0,
              10.0);
}

TEST(InquiryDelay, NeverWaitsLongerThanThePolicySays) {
  EXPECT_EQ(inquiry_delay(3, listed, 10s, middle), 10s);
  EXPECT_EQ(inquiry_delay(9, listed, 10s, middle), 10s);
}

// Any list that the configuration takes: at most the policy's longest, and never sooner than what
// came before, but for the jitter of a tenth.
RC_GTEST_PROP(InquiryDelay, GrowsToTheLongestAndStaysThere, ()) {
  std::vector<Duration> delays;
  const auto count = *rc::gen::inRange<std::size_t>(0, 20);
  for (std::size_t i = 0; i < count; ++i) {
    const auto more = Duration{*rc::gen::inRange<std::int64_t>(0, 600'000'000)};
    delays.push_back(i == 0 ? more + Duration{1} : delays.back() + more);
  }
  const auto longest = Duration{*rc::gen::inRange<std::int64_t>(1, 86'400'000'000)};
  const double roll = *rc::gen::inRange(0, 1'000'000) / 1e6;
  Duration before{0};
  for (int asked = 0; asked < 60; ++asked) {
    const Duration planned = inquiry_delay(asked, delays, longest, middle);
    RC_ASSERT(planned >= before - Duration{1} && planned <= longest);
    before = planned;
    const Duration jittered_one = inquiry_delay(asked, delays, longest, roll);
    RC_ASSERT(jittered_one >= planned * 9 / 10 - Duration{2});
    RC_ASSERT(jittered_one <= planned * 11 / 10 + Duration{2});
  }
  RC_ASSERT(before >= longest - Duration{1});
}

TEST(InquiryDelay, DoublesFromASecondWhenNothingIsListed) {
  EXPECT_EQ(inquiry_delay(0, {}, 1h, middle), 1s);
  EXPECT_EQ(inquiry_delay(3, {}, 1h, middle), 8s);
}

}  // namespace
}  // namespace cambist::retry
