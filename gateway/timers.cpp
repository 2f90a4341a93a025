#include "gateway/timers.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace cambist::gateway {
namespace {

using SteadyClock = std::chrono::steady_clock;

class ThreadTimers final : public Timers {
 public:
  ThreadTimers() : thread_([this] { run(); }) {}
  ~ThreadTimers() override {
    {
      const std::lock_guard lock{mutex_};
      stopped_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  void after(std::chrono::milliseconds delay, std::function<void()> action) override {
    const auto due = SteadyClock::now() + delay;
    bool first = false;
    {
      const std::lock_guard lock{mutex_};
      first = waiting_.empty() || due < waiting_.begin()->first;
      waiting_.emplace(due, std::move(action));
    }
    if (first) changed_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock{mutex_};
    while (!stopped_) {
      if (waiting_.empty()) {
        changed_.wait(lock);
        continue;
      }
      const auto due = waiting_.begin()->first;
      if (SteadyClock::now() < due) {
        changed_.wait_until(lock, due);
        continue;
      }
      auto action = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      lock.unlock();
      action();
      action = nullptr;
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<SteadyClock::time_point, std::function<void()>> waiting_;
  bool stopped_ = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace

std::shared_ptr<Timers> make_timers() {
  return std::make_shared<ThreadTimers>();
}

}  // namespace cambist::gateway
