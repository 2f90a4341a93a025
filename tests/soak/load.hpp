// The open loop: payments arrive by the clock, whether the server keeps up or not, and a bounded
// crowd of clients takes them on.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/soak/journey.hpp"

namespace cambist::soak {

/// Shape: `rate` in payments per second; `waiting_max` of them may wait for a client.
struct Crowd {
  double rate = 100;
  std::uint64_t seed = 0;
  std::size_t clients = 192;
  std::size_t waiting_max = 4'000;
};

class Load {
 public:
  Load(World world, Crowd crowd);
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load();
  /// No more arrivals; returns when every client has gone. Each of their waits has a deadline.
  void finish();
  [[nodiscard]] std::size_t under_way() const;

 private:
  void arrive();
  void serve();

  World world_;
  Crowd crowd_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::uint64_t> waiting_;  // numbers of payments
  std::size_t busy_ = 0;
  bool over_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace cambist::soak
