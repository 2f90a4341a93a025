// What goes wrong at a moment of its own: crashes, outages, silences, clocks.
#pragma once

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
  std::optional<Fault> in_commit_{};  // the next commit ends the process so
  std::uint64_t crashes_ = 0;
};

}  // namespace cambist::sim
