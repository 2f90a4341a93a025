#include "gateway/timers.hpp"

#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <vector>

namespace cambist::gateway {
namespace {

using namespace std::chrono_literals;

TEST(Timers, FireInTheOrderOfTheirTime) {
  std::mutex mutex;
  std::vector<int> fired;
  std::promise<void> done;
  const auto timers = make_timers();
  const auto note = [&](int number) {
    const std::lock_guard lock{mutex};
    fired.push_back(number);
  };
  timers->after(60ms, [&] {
    note(3);
    done.set_value();
  });
  timers->after(30ms, [&] { note(2); });
  timers->after(0ms, [&] { note(1); });
  ASSERT_EQ(done.get_future().wait_for(10s), std::future_status::ready);
  EXPECT_EQ(fired, (std::vector<int>{1, 2, 3}));
}

TEST(Timers, MaySetTimersFromAnAction) {
  std::promise<void> done;
  const auto timers = make_timers();
  timers->after(0ms, [&] { timers->after(0ms, [&] { done.set_value(); }); });
  EXPECT_EQ(done.get_future().wait_for(10s), std::future_status::ready);
}

TEST(Timers, NeverRunWhatWasTakenBackAndLetGoOfWhatItHeld) {
  const auto timers = make_timers();
  const auto held = std::make_shared<int>(1);
  std::atomic<bool> fired{false};
  const auto token = timers->after(1h, [held] {});
  const auto soon = timers->after(20ms, [&fired] { fired = true; });
  timers->cancel(token);
  EXPECT_EQ(held.use_count(), 1);
  timers->cancel(soon);
  timers->cancel(soon);
  timers->cancel(0);
  std::promise<void> later;
  timers->after(40ms, [&later] { later.set_value(); });
  later.get_future().wait();
  EXPECT_FALSE(fired);
}

TEST(Timers, DropWhatStillWaitsWhenTheyGo) {
  bool fired = false;
  auto held = std::make_shared<int>(1);
  auto timers = make_timers();
  timers->after(1h, [&fired, held] { fired = true; });
  timers.reset();
  EXPECT_FALSE(fired);
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace cambist::gateway
