#include "gateway/timers.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
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

  Token after(std::chrono::milliseconds delay, std::function<void()> action) override {
    const auto due = SteadyClock::now() + delay;
    bool first = false;
    Token token = 0;
    {
      const std::lock_guard lock{mutex_};
      token = ++last_token_;
      first = waiting_.empty() || due < waiting_.begin()->first.first;
      waiting_.emplace(Place{due, token}, std::move(action));
      places_.emplace(token, due);
    }
    if (first) changed_.notify_one();
    return token;
  }

  void cancel(Token token) override {
    std::function<void()> dropped;  // what it holds goes after the lock
    const std::lock_guard lock{mutex_};
    const auto place = places_.find(token);
    if (place == places_.end()) return;
    const auto found = waiting_.find(Place{place->second, token});
    dropped = std::move(found->second);
    waiting_.erase(found);
    places_.erase(place);
  }

 private:
  using Place = std::pair<SteadyClock::time_point, Token>;

  void run() {
    std::unique_lock lock{mutex_};
    while (!stopped_) {
      if (waiting_.empty()) {
        changed_.wait(lock);
        continue;
      }
      const auto due = waiting_.begin()->first.first;
      if (SteadyClock::now() < due) {
        changed_.wait_until(lock, due);
        continue;
      }
      auto action = std::move(waiting_.begin()->second);
      places_.erase(waiting_.begin()->first.second);
      waiting_.erase(waiting_.begin());
      lock.unlock();
      action();
      action = nullptr;
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Place, std::function<void()>> waiting_;
  std::unordered_map<Token, SteadyClock::time_point> places_;
  Token last_token_ = 0;
  bool stopped_ = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace

std::shared_ptr<Timers> make_timers() {
  return std::make_shared<ThreadTimers>();
}

}  // namespace cambist::gateway
