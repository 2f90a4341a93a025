// What goes wrong at a moment of its own: crashes, outages, silences, clocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "tests/simulation/agenda.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/troubled_store.hpp"

namespace cambist::sim {

class World;

class Havoc {
 public:
  explicit Havoc(World& world);

  /// Puts all that the profile wants on the agenda.
  void begin();
  /// One more small thing, for runs that have met too little.
  void one_more();
  [[nodiscard]] std::uint64_t crashes() const noexcept { return crashes_; }
  /// A step is over: a crash may have been waiting for it.
  void step();
  /// The server ends now, and is started again after a while.
  void crash(Fault how);

 private:
  void crash_some_time();
  void restart();
  void go_away();
  void start_again(Tick after);
  void stall();
  void go_down();
  void kill();
  void throw_somewhere();
  void jump();
  [[nodiscard]] std::optional<Fault> on_write(std::span<const storage::Entry> batch);

  World& world_;
  Dice dice_;
  [[nodiscard]] bool is_wanted(std::span<const storage::Entry> batch) const;

  std::optional<Fault> in_commit_{};  // the next commit that is wanted ends the process so
  std::string wanted_{};              // of a payment at this status; empty: any
  std::uint64_t steps_left_ = 0;      // until the crash that was drawn; 0: none was
  std::uint64_t crashes_ = 0;
  std::chrono::milliseconds kill_patience_;
};

}  // namespace cambist::sim
