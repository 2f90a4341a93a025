// A payment that fails too often is parked with its last error, for a time.
#include "actors/payment/failures.hpp"

#include <gtest/gtest.h>

namespace cambist::actors::live {
namespace {

using namespace std::chrono_literals;

PaymentId id(std::uint64_t n) {
  return PaymentId::make(TimePoint{}, [n] { return n; });
}
TimePoint at(Duration since_start) {
  return TimePoint{since_start};
}

TEST(Failures, ParkOnlyWhoFailsOftenWithinTheWindow) {
  Failures failures{3, 10min, 1h};
  EXPECT_FALSE(failures.add(id(1), "a", at(0min)));
  EXPECT_FALSE(failures.add(id(1), "b", at(5min)));
  EXPECT_FALSE(failures.add(id(1), "c", at(12min)));  // the first is out of the window
  EXPECT_FALSE(failures.add(id(2), "d", at(12min)));
  EXPECT_TRUE(failures.add(id(1), "e", at(13min)));
  EXPECT_TRUE(failures.parked(id(1)));
  EXPECT_FALSE(failures.parked(id(2)));
  ASSERT_EQ(failures.newest(10).size(), 1U);
  EXPECT_EQ(failures.newest(10)[0].last_error, "e");
  EXPECT_EQ(failures.newest(10)[0].since, at(13min));
}

TEST(Failures, AfterItsTimeAPaymentHasOneMoreChance) {
  Failures failures{3, 10min, 1h};
  for (int i = 0; i < 3; ++i) (void)failures.add(id(1), "a", at(0min));
  EXPECT_FALSE(failures.release(at(59min)));
  EXPECT_TRUE(failures.release(at(60min)));
  EXPECT_FALSE(failures.parked(id(1)));
  EXPECT_TRUE(failures.add(id(1), "again", at(61min)));
  EXPECT_EQ(failures.newest(1)[0].failures, 4U);
  EXPECT_EQ(failures.newest(1)[0].last_error, "again");
}

TEST(Failures, AChanceThatWasUsedWellIsForgotten) {
  Failures failures{3, 10min, 1h};
  for (int i = 0; i < 3; ++i) (void)failures.add(id(1), "a", at(0min));
  EXPECT_TRUE(failures.release(at(60min)));
  EXPECT_FALSE(failures.add(id(1), "much later", at(90min)));
}

TEST(Failures, TheNewestAreListedFirstAndNoMoreThanAsked) {
  Failures failures{1, 10min, 1h};
  for (std::uint64_t n = 1; n <= 150; ++n) {
    EXPECT_TRUE(failures.add(id(n), "x", at(std::chrono::seconds{n})));
  }
  const auto shown = failures.newest(100);
  ASSERT_EQ(shown.size(), 100U);
  EXPECT_EQ(shown.front().payment, id(150));
  EXPECT_EQ(failures.parked_count(), 150U);
}

}  // namespace
}  // namespace cambist::actors::live
