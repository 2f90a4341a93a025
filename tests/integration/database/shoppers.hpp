// Clients under way while something breaks: each asks again, with the same key, until it has been
// told what became of its request, and writes down every answer on the way.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/reliability/scene.hpp"

namespace cambist::test {

class Shoppers {
 public:
  Shoppers(Scene& scene, unsigned count);
  Shoppers(const Shoppers&) = delete;
  Shoppers& operator=(const Shoppers&) = delete;
  ~Shoppers();

  /// Each finishes the payment that it is at.
  void stop();
  /// Waits until so many more payments have come to their end.
  [[nodiscard]] bool finish_more(std::size_t payments, std::chrono::milliseconds timeout);

  // --- after stop()
  [[nodiscard]] const std::vector<Promised>& promises() const { return promises_; }
  /// Payments with the last event that the merchant must hear of each.
  [[nodiscard]] const std::map<std::string, std::string>& told() const { return told_; }
  /// What no answer may be, in words.
  [[nodiscard]] const std::vector<std::string>& wrong() const { return wrong_; }
  [[nodiscard]] std::size_t refused() const { return refused_; }
  [[nodiscard]] std::chrono::milliseconds longest() const { return longest_; }

 private:
  void shop(unsigned number);
  ApiResponse ask(const Request& request);
  void look_at(const Request& request, const ApiResponse& answer);

  Scene& scene_;
  std::mutex mutex_;
  std::vector<Promised> promises_{};
  std::map<std::string, std::string> told_{};
  std::vector<std::string> wrong_{};
  std::chrono::milliseconds longest_{0};
  std::atomic<std::size_t> refused_{0}, finished_{0};
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_{};
};

/// When /readyz changed its mind, as somebody sees it who asks all the time.
class ReadyWatch {
 public:
  using Steady = std::chrono::steady_clock;
  explicit ReadyWatch(std::string origin);
  ReadyWatch(const ReadyWatch&) = delete;
  ReadyWatch& operator=(const ReadyWatch&) = delete;
  ~ReadyWatch();

  [[nodiscard]] bool ready() const { return ready_; }
  /// How long after `start` it was first (not) ready; `timeout` when it was not until then.
  [[nodiscard]] std::chrono::milliseconds until(bool ready, Steady::time_point start,
                                                std::chrono::milliseconds timeout) const;

 private:
  Client client_;
  std::atomic<bool> ready_{true}, stop_{false};
  std::thread thread_{};
};

}  // namespace cambist::test
