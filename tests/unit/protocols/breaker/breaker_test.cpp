#include "protocols/breaker/breaker.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cambist::breaker {
namespace {

using namespace std::chrono_literals;

constexpr double middle = 0.5;  // no jitter

/// A breaker and the calls that pass it, at a time that the test moves.
struct Line {
  Policy policy{};
  Breaker breaker{};
  TimePoint now = from_micros(1'000'000'000'000'000);

  bool call(bool outage) {
    const auto admitted = ask();
    if (admitted.admitted) answer(admitted.probe, outage);
    return admitted.admitted;
  }
  Admission ask() {
    Admission admission = admit(breaker, policy, now);
    breaker = admission.breaker;
    return admission;
  }
  void answer(bool probe, bool outage) {
    breaker = settle(breaker, policy, outage, probe, now, middle);
  }
  void fail(int times) {
    for (int i = 0; i < times; ++i) call(true);
  }
};

TEST(Breaker, LetsEverythingThroughWhileTheProviderAnswers) {
  Line line;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(line.call(false));
  EXPECT_EQ(line.breaker.state, State::closed);
}

TEST(Breaker, OpensAfterFiveFailuresInARow) {
  Line line;
  line.fail(4);
  EXPECT_EQ(line.breaker.state, State::closed);
  line.fail(1);
  EXPECT_EQ(line.breaker.state, State::open);
  EXPECT_EQ(line.breaker.open_until, line.now + 60s);
  EXPECT_FALSE(line.ask().admitted);
}

TEST(Breaker, ASuccessBreaksTheRow) {
  Line line;
  for (int i = 0; i < 3; ++i) {
    line.fail(4);
    line.call(false);
  }
  EXPECT_EQ(line.breaker.state, State::closed);
}

TEST(Breaker, OpensWhenHalfOfTwentyCallsInTheWindowFailed) {
  Line line;
  line.policy.consecutive_failures_max = 1000;
  for (int i = 0; i < 9; ++i) line.fail(1), line.call(false);
  line.call(false);
  EXPECT_EQ(line.breaker.state, State::closed);  // 19 calls, 9 failures
  line.fail(1);
  EXPECT_EQ(line.breaker.state, State::open);  // 20 calls, 10 failures
}

TEST(Breaker, StaysClosedBelowTheRatioAndBelowTheNumberOfCalls) {
  Line line;
  line.policy.consecutive_failures_max = 1000;
  line.fail(19);
  EXPECT_EQ(line.breaker.state, State::closed);
  Line many;
  many.policy.consecutive_failures_max = 1000;
  for (int i = 0; i < 11; ++i) many.call(false);
  for (int i = 0; i < 10; ++i) many.fail(1);
  EXPECT_EQ(many.breaker.state, State::closed);  // 21 calls, 10 failures
}

TEST(Breaker, ForgetsWhatIsOlderThanTheWindow) {
  Line line;
  line.policy.consecutive_failures_max = 1000;
  line.fail(19);
  line.now += 11s;
  line.fail(1);
  EXPECT_EQ(line.breaker.state, State::closed);
  EXPECT_EQ(line.breaker.window.size(), 1U);
}

TEST(Breaker, KeepsAtMostOneBucketASecondOfTheWindow) {
  Line line;
  for (int i = 0; i < 1000; ++i) {
    line.call(false);
    line.now += 100ms;
  }
  EXPECT_LE(line.breaker.window.size(), 11U);
}

TEST(Breaker, AClockThatIsSetBackNeitherBreaksTheWindowNorGrowsIt) {
  Line line;
  for (int i = 0; i < 100; ++i) {
    line.call(false);
    line.now -= 1s;
  }
  EXPECT_EQ(line.breaker.window.size(), 1U);
  EXPECT_EQ(line.breaker.window.front().calls, 100U);
}

TEST(Breaker, LetsOneProbeThroughWhenItsTimeIsOver) {
  Line line;
  line.fail(5);
  line.now += 60s - 1us;
  EXPECT_FALSE(line.ask().admitted);
  line.now += 1us;
  const auto first = line.ask();
  EXPECT_TRUE(first.admitted);
  EXPECT_TRUE(first.probe);
  EXPECT_EQ(line.breaker.state, State::half_open);
  EXPECT_FALSE(line.ask().admitted);
}

TEST(Breaker, ThenThreeProbesAndThenCloses) {
  Line line;
  line.fail(5);
  line.now += 60s;
  line.answer(line.ask().probe, false);
  EXPECT_EQ(line.breaker.state, State::half_open);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(line.ask().probe);
  EXPECT_FALSE(line.ask().admitted);
  line.answer(true, false);
  line.answer(true, false);
  EXPECT_EQ(line.breaker.state, State::half_open);
  EXPECT_FALSE(line.ask().admitted);  // three of three were let through
  line.answer(true, false);
  EXPECT_EQ(line.breaker.state, State::closed);
  EXPECT_EQ(line.breaker.openings, 0U);
  EXPECT_TRUE(line.ask().admitted);
}

TEST(Breaker, AFailedProbeOpensItForTwiceAsLongUpToTenMinutes) {
  Line line;
  line.fail(5);
  for (const auto expected : {120s, 240s, 480s, 600s, 600s}) {
    line.now = line.breaker.open_until;
    line.call(true);
    ASSERT_EQ(line.breaker.state, State::open);
    EXPECT_EQ(line.breaker.open_until, line.now + expected);
  }
}

TEST(Breaker, AFailureInTheSecondStageOpensItToo) {
  Line line;
  line.fail(5);
  line.now += 60s;
  line.call(false);
  line.call(false);
  line.call(true);
  EXPECT_EQ(line.breaker.state, State::open);
  EXPECT_EQ(line.breaker.open_until, line.now + 120s);
}

TEST(Breaker, StartsAgainWithTheShortestTimeOnceItWasClosed) {
  Line line;
  line.fail(5);
  line.now += 60s;
  line.fail(1);
  line.now += 120s;
  for (int i = 0; i < 4; ++i) line.call(false);
  ASSERT_EQ(line.breaker.state, State::closed);
  line.fail(5);
  EXPECT_EQ(line.breaker.open_until, line.now + 60s);
}

TEST(Breaker, JittersItsOpenTimeByATenth) {
  Policy policy;
  policy.consecutive_failures_max = 1;
  const TimePoint now = from_micros(0);
  EXPECT_EQ(settle({}, policy, true, false, now, 0.0).open_until, now + 54s);
  EXPECT_NEAR(
      static_cast<double>(to_micros(settle({}, policy, true, false, now, 0.999999).open_until)),
      66e6, 100.0);
}

TEST(Breaker, LateResultsOfCallsAdmittedBeforeItOpenedChangeNothing) {
  Line line;
  line.fail(5);
  const TimePoint until = line.breaker.open_until;
  line.now += 10s;
  line.answer(false, true);
  line.answer(false, false);
  EXPECT_EQ(line.breaker.state, State::open);
  EXPECT_EQ(line.breaker.open_until, until);
  line.now = until;
  ASSERT_TRUE(line.ask().probe);
  line.answer(false, true);  // late again, in the half-open time
  line.answer(false, false);
  EXPECT_EQ(line.breaker.state, State::half_open);
  EXPECT_EQ(line.breaker.probes_running, 1U);
}

TEST(Breaker, AProbeThatIsAnsweredAfterItOpenedAgainChangesNothing) {
  Line line;
  line.fail(5);
  line.now += 60s;
  line.call(false);
  (void)line.ask();
  (void)line.ask();
  line.answer(true, true);
  const TimePoint until = line.breaker.open_until;
  line.answer(true, false);
  EXPECT_EQ(line.breaker.state, State::open);
  EXPECT_EQ(line.breaker.open_until, until);
}

TEST(Breaker, AReleasedProbeMakesRoomForAnother) {
  Line line;
  line.fail(5);
  line.now += 60s;
  ASSERT_TRUE(line.ask().probe);
  ASSERT_FALSE(line.ask().admitted);
  line.breaker = release(line.breaker, true);
  EXPECT_TRUE(line.ask().probe);
}

TEST(Breaker, ReleasingWhatWasNoProbeChangesNothing) {
  Line line;
  line.call(true);
  const auto before = line.breaker.consecutive_failures;
  line.breaker = release(release(line.breaker, false), true);
  EXPECT_EQ(line.breaker.consecutive_failures, before);
  EXPECT_EQ(line.breaker.probes_running, 0U);
}

TEST(Breaker, HasANameForEachState) {
  EXPECT_EQ(to_string(State::closed), "closed");
  EXPECT_EQ(to_string(State::half_open), "half_open");
  EXPECT_EQ(to_string(State::open), "open");
}

RC_GTEST_PROP(Breaker, NeverLetsMoreProbesRunThanAllowedAndAlwaysRecovers, ()) {
  Line line;
  std::vector<bool> running;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6));
  for (const int step : steps) {
    if (step < 3) {
      const auto admission = line.ask();
      if (admission.admitted) running.push_back(admission.probe);
      RC_ASSERT(admission.admitted || line.breaker.state != State::closed);
    } else if (step == 5 || running.empty()) {
      line.now += 7s;
    } else {
      line.answer(running.back(), step == 3);
      running.pop_back();
    }
    RC_ASSERT(line.breaker.probes_running <= 3U);
    RC_ASSERT(line.breaker.window.size() <= 11U);
    RC_ASSERT(line.breaker.open_until <= line.now + 10min);
  }
  // However it was left: once its calls ended, and its time and what it remembers of late are
  // over, four good calls close it. (The twentieth call of a bad window opens it, good or not.)
  while (!running.empty()) line.answer(running.back(), false), running.pop_back();
  line.now = std::max(line.now, line.breaker.open_until) + 11s;
  for (int i = 0; i < 4; ++i) line.call(false);
  RC_ASSERT(line.breaker.state == State::closed);
}

}  // namespace
}  // namespace cambist::breaker
