// The open loop: arrivals by the clock, whatever the server does.
#include "benchmarks/load/schedule.hpp"

#include <gtest/gtest.h>

namespace cambist::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(LoadSchedule, ArrivalsComeAtTheRateFromZeroOn) {
  Schedule schedule{1000};
  EXPECT_EQ(schedule.take(Nanoseconds{0}), Nanoseconds{0});
  EXPECT_EQ(schedule.take(Nanoseconds{0}), std::nullopt);
  EXPECT_EQ(schedule.next(), milliseconds{1});
  EXPECT_EQ(schedule.take(milliseconds{1}), milliseconds{1});
}

TEST(LoadSchedule, AStallTakesNoArrivalAwayAndMovesNoIntendedStart) {
  Schedule schedule{100};
  // Nobody looked for a whole second: all of its arrivals are due, each at its own time.
  for (int n = 0; n <= 100; ++n) {
    EXPECT_EQ(schedule.take(seconds{1}), milliseconds{10} * n);
  }
  EXPECT_EQ(schedule.take(seconds{1}), std::nullopt);
}

TEST(LoadSchedule, RoundingDoesNotAddUpOverADay) {
  const Schedule schedule{3};
  EXPECT_EQ(schedule.at(3ULL * 86'400), seconds{86'400});
  EXPECT_NEAR(static_cast<double>(schedule.at(1).count()), 1e9 / 3, 1);
}

TEST(LoadBacklog, TheWaitOfAnArrivalCountsFromItsIntendedStart) {
  Backlog backlog{10, seconds{1}};
  backlog.push(milliseconds{5});
  backlog.push(milliseconds{6});
  EXPECT_EQ(backlog.pop(milliseconds{900}), milliseconds{5});
  EXPECT_EQ(backlog.size(), 1U);
}

TEST(LoadBacklog, AnArrivalOutOfPatienceIsGivenUpAndTheNextServed) {
  Backlog backlog{10, milliseconds{100}};
  backlog.push(milliseconds{0});
  backlog.push(milliseconds{50});
  EXPECT_EQ(backlog.pop(milliseconds{120}), milliseconds{50});
  EXPECT_EQ(backlog.given_up(), 1U);
  EXPECT_EQ(backlog.pop(milliseconds{120}), std::nullopt);
}

TEST(LoadBacklog, ItIsBoundedAndCountsWhatItTurnsAway) {
  Backlog backlog{2, seconds{1}};
  for (int n = 0; n < 5; ++n) backlog.push(milliseconds{n});
  EXPECT_EQ(backlog.size(), 2U);
  EXPECT_EQ(backlog.given_up(), 3U);
}

}  // namespace
}  // namespace cambist::load
