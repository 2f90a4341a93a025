#include "protocols/core/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cambist {
namespace {

using namespace std::chrono_literals;

TimePoint at(std::string_view text) {
  return parse_rfc3339(text).value();
}

TEST(Time, IsPrintedInUtcWithMilliseconds) {
  EXPECT_EQ(to_rfc3339(TimePoint{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(from_micros(1'777'636'800'250'999)), "2026-05-01T12:00:00.250Z");
  EXPECT_EQ(to_rfc3339(from_micros(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(to_rfc3339(at("2024-02-29T23:59:59.999Z")), "2024-02-29T23:59:59.999Z");
}

TEST(Time, IsReadWithAnyOffset) {
  const TimePoint noon = at("2026-05-01T12:00:00Z");
  EXPECT_EQ(at("2026-05-01T14:00:00+02:00"), noon);
  EXPECT_EQ(at("2026-05-01T17:30:00+05:30"), noon);
  EXPECT_EQ(at("2026-05-01T02:15:00-09:45"), noon);
  EXPECT_EQ(at("2026-05-02T00:00:00+12:00"), noon);
  EXPECT_EQ(at("2026-05-01t12:00:00z"), noon);
  EXPECT_EQ(at("2026-05-01 12:00:00Z"), noon);
  EXPECT_EQ(at("2026-05-01T12:00:00-00:00"), noon);
}

TEST(Time, KeepsMicrosecondsAndDropsWhatIsFiner) {
  const TimePoint noon = at("2026-05-01T12:00:00Z");
  EXPECT_EQ(at("2026-05-01T12:00:00.5Z"), noon + 500ms);
  EXPECT_EQ(at("2026-05-01T12:00:00.000001Z"), noon + 1us);
  EXPECT_EQ(at("2026-05-01T12:00:00.123456789Z"), noon + 123456us);
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const auto* text :
       {"", "2026-05-01", "2026-05-01T12:00:00", "2026-05-01T12:00Z", "2026-5-1T12:00:00Z",
        "2026-13-01T12:00:00Z", "2026-00-01T12:00:00Z", "2026-02-29T12:00:00Z",
        "2026-04-31T12:00:00Z", "2026-05-00T12:00:00Z", "2026-05-01T24:00:00Z",
        "2026-05-01T12:60:00Z", "2026-05-01T12:00:61Z", "2026-05-01T12:00:00.Z",
        "2026-05-01T12:00:00.1234567890Z", "2026-05-01T12:00:00ZZ", "2026-05-01T12:00:00+2:00",
        "2026-05-01T12:00:00+0200", "2026-05-01T12:00:00+24:00", "2026-05-01T12:00:00+02:60",
        "2026-05-01T12:00:00+02", "2026/05/01T12:00:00Z", "2026-05-01X12:00:00Z",
        "+026-05-01T12:00:00Z", "2026-05-01T12:00:00,5Z", " 2026-05-01T12:00:00Z",
        "2026-05-01T12:00:00.5",
        // UTC in years that four digits cannot write
        "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z", "0000-01-01T00:00:00+00:01"}) {
    const auto time = parse_rfc3339(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().code, ErrorCode::invalid_request);
  }
}

TEST(Time, TakesALeapSecondAsTheNextSecond) {
  EXPECT_EQ(at("2016-12-31T23:59:60Z"), at("2017-01-01T00:00:00Z"));
}

RC_GTEST_PROP(Time, WhatIsPrintedReadsBackToTheMillisecond, ()) {
  const auto millis = *rc::gen::inRange<std::int64_t>(-62'135'596'800'000, 253'402'300'799'999);
  const TimePoint time = from_micros(millis * 1000);
  RC_ASSERT(at(to_rfc3339(time)) == time);
}

RC_GTEST_PROP(Time, NoTextMakesTheReaderFallOver, (const std::string& text)) {
  (void)parse_rfc3339(text);
}

}  // namespace
}  // namespace cambist
