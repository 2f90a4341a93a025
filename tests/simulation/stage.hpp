// Where everything plays: CAF's deterministic scheduler with its virtual clock, and the agenda of
// the world beside it. Which runnable actor goes next is drawn; time passes when nobody can run,
// and now and then earlier, as on a busy machine.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include "protocols/core/time.hpp"
#include "tests/simulation/agenda.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/trace.hpp"

namespace cambist::sim {

class Stage {
 public:
  Stage(std::uint64_t seed, std::FILE* trace_to);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  [[nodiscard]] Tick tick() const noexcept { return tick_; }
  /// The wall clock of everybody.
  [[nodiscard]] TimePoint now() const noexcept;
  /// The wall clock is set; what waits does so as before.
  void jump(Duration by) noexcept;
  /// How far the wall clock has ever been set back and forth.
  [[nodiscard]] Duration jumped() const noexcept { return jumped_; }

  Agenda::Token after(Tick wait, std::function<void()> what) {
    return agenda_.at(tick_ + wait, std::move(what));
  }
  void strike(const Agenda::Token& token) { agenda_.strike(token); }

  /// One message of one actor, or one thing on the agenda, or the next timer.
  /// Shape: false when nothing will ever happen again.
  bool advance();
  /// Runs actors, and nothing else, until none can run.
  void let_end();
  /// Nothing on the agenda happens any more.
  void forget() { agenda_ = {}; }
  /// Actors of this kind get no time for so long.
  void freeze(const std::string& kind, Tick how_long);
  /// Ends one of the actors of this kind that are about to run; false when none is.
  bool kill(std::string_view kind);
  /// The next of that kind that takes a message ends with it: what it has sent is on its way.
  void kill_after_its_turn(std::string kind) { doomed_ = std::move(kind); }

  [[nodiscard]] caf::actor_system& system() noexcept { return *system_; }
  Trace trace;

 private:
  static void end(const caf::strong_actor_ptr& victim);
  [[nodiscard]] caf::scheduler::test_coordinator& scheduler() const noexcept;
  bool step();
  bool move_time(Tick at_most);
  [[nodiscard]] bool is_frozen(const caf::resumable* job) const;

  Agenda agenda_;
  Dice dice_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::map<std::string, int, std::less<>> frozen_;
  Tick tick_{};
  Duration offset_{};
  Duration jumped_{};
  std::string doomed_{};  // the kind whose next turn is its last
};

}  // namespace cambist::sim
