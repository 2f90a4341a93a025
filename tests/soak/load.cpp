#include "tests/soak/load.hpp"

#include <cstdio>
#include <random>

namespace cambist::soak {

Load::Load(World world, Crowd crowd) : world_(world), crowd_(crowd) {
  threads_.emplace_back([this] { arrive(); });
  for (std::size_t i = 0; i < crowd_.clients; ++i) threads_.emplace_back([this] { serve(); });
}

Load::~Load() {
  finish();
}

void Load::finish() {
  {
    const std::lock_guard lock{mutex_};
    over_ = true;
    changed_.notify_all();
  }
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

std::size_t Load::under_way() const {
  const std::lock_guard lock{mutex_};
  return busy_ + waiting_.size();
}

void Load::arrive() {
  Draws random{crowd_.seed};
  std::exponential_distribution<double> gap{crowd_.rate};
  auto next = Steady::now();
  std::unique_lock lock{mutex_};
  for (std::uint64_t number = 1;; ++number) {
    next +=
        std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>{gap(random)});
    if (changed_.wait_until(lock, next, [this] { return over_; })) return;
    const bool room = waiting_.size() < crowd_.waiting_max;
    if (room) waiting_.push_back(number);
    world_.tally.arrived(room);
    if (room) changed_.notify_one();
  }
}

void Load::serve() {
  std::unique_lock lock{mutex_};
  for (;;) {
    changed_.wait(lock, [this] { return over_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto number = waiting_.front();
    waiting_.pop_front();
    ++busy_;
    lock.unlock();
    try {
      Journey{world_, crowd_.seed + number, number}.run();
    } catch (const std::exception& error) {
      // An answer that is not what the API promises: no client can go on with it.
      world_.tally.disagreed(
          {"API", "", "payment number " + std::to_string(number) + ": " + error.what()});
    }
    lock.lock();
    --busy_;
  }
}

}  // namespace cambist::soak
