// The applications that pay: they come open-loop, ask again with the same key, give up, change
// their mind, and remember everything they were told.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tests/simulation/dice.hpp"
#include "tests/support/history.hpp"
#include "tests/support/invariants.hpp"

namespace cambist::sim {

class World;

class Clients {
 public:
  explicit Clients(World& world);
  ~Clients();

  /// So many of them come within the profile's span from now.
  void come(std::uint32_t count);
  /// Everybody has what they wanted, or has given up.
  [[nodiscard]] bool done() const noexcept { return busy_ == 0; }
  [[nodiscard]] std::uint64_t come_so_far() const noexcept { return come_; }

  // --- for them
  // -----------------------------------------------------------------------------------
  void told(const std::string& body);
  void remember(test::ClientCall call) { calls_.push_back(std::move(call)); }
  void busy(int change) noexcept { busy_ += change; }

  [[nodiscard]] const std::vector<test::Promised>& promises() const noexcept { return promises_; }
  [[nodiscard]] const std::vector<test::ClientCall>& calls() const noexcept { return calls_; }

 private:
  World& world_;
  Dice dice_;
  std::vector<test::Promised> promises_;
  std::vector<test::ClientCall> calls_;
  std::uint64_t come_ = 0;
  int busy_ = 0;
};

}  // namespace cambist::sim
