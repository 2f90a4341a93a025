// The faults around the server: the provider answers late, wrongly or not at all, webhooks come
// twice, out of order or forged, and the merchant's endpoint fails, all drawn anew every few
// seconds.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "tests/soak/client.hpp"
#include "tests/support/merchant.hpp"

namespace cambist::soak {

class Weather {
 public:
  Weather(const test::SandboxProcess& sandbox, test::Merchant& merchant, std::uint64_t seed);
  Weather(const Weather&) = delete;
  Weather& operator=(const Weather&) = delete;
  ~Weather();
  /// No faults from now on.
  void finish();
  /// How often each fault struck, by name; only after `finish`.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& struck() const { return struck_; }

 private:
  void run(std::uint64_t seed);
  /// Sets `rules` and adds up what those before it did.
  void change(const std::string& rules);

  const test::SandboxProcess& sandbox_;
  test::Merchant& merchant_;
  std::map<std::string, std::uint64_t> struck_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace cambist::soak
