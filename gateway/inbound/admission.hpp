// Who may connect: the limits on connections in all and per address. Shared by all I/O threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace cambist::gateway::inbound {

class Admission {
 public:
  /// `refuse`: tell the client with a 503. `drop`: there are too many even of those, close at once.
  enum class Verdict : std::uint8_t { serve, refuse, drop };

  Admission(std::size_t connections, std::size_t per_address) noexcept
      : connections_(connections), per_address_(per_address) {}

  /// Counts the connection unless it is dropped.
  [[nodiscard]] Verdict enter(const std::string& address);
  void leave(const std::string& address) noexcept;
  [[nodiscard]] std::size_t open() const noexcept;
  /// Returns whether the last connection went before `deadline`.
  bool wait_until_empty(std::chrono::steady_clock::time_point deadline);

  // So many connections over a limit may be told so at the same time.
  static constexpr std::size_t refused_max = 128;

 private:
  const std::size_t connections_;
  const std::size_t per_address_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t open_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;
};

}  // namespace cambist::gateway::inbound
