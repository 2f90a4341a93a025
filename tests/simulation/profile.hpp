// How bad a run's world is: how often each thing goes wrong, drawn from the seed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "tests/simulation/agenda.hpp"
#include "tests/simulation/dice.hpp"

namespace cambist::sim {

/// Shape: chances are parts of a million, for each call, write, read, letter or delivery; the rest
/// are counts over the whole run.
struct Profile {
  /// Everybody pays by card at Stripe. So it is with a fault planted: most of them are in what every
  /// payment does, and are found sooner where the world is quick.
  static inline bool stripe_alone = false;

  std::string_view name;
  std::uint32_t payments = 200;  // at least
  std::uint32_t faults = 30;     // at least
  Tick span{};                   // in which the clients come

  std::uint32_t call_fault = 0;
  std::uint32_t call_doubled = 0;
  std::uint32_t call_late = 0;
  std::uint32_t letter_fault = 0;
  std::uint32_t letter_lost = 0;
  std::uint32_t append_refused = 0;
  std::uint32_t append_unanswered = 0;
  std::uint32_t read_refused = 0;
  std::uint32_t client_lost = 0;
  std::uint32_t client_doubled = 0;
  std::uint32_t merchant_fails = 0;
  std::uint32_t dashboard = 0;  // for each payment
  std::uint32_t dispute = 0;    // for each payment

  std::uint32_t outages = 0;   // of the provider
  std::uint32_t stalls = 0;    // of the store
  std::uint32_t downs = 0;     // of the store
  std::uint32_t crashes = 0;   // a third of them inside a commit
  std::uint32_t absences = 0;  // crashes after which nobody is there for eight days
  std::uint32_t restarts = 0;
  std::uint32_t kills = 0;       // of one actor
  std::uint32_t throws = 0;      // of one actor
  std::uint32_t jumps = 0;       // of the clock
  std::uint32_t operations = 0;  // breakers tripped, held and reset
  std::uint32_t replays = 0;

  // What the program is told, so that runs differ in their timing too.
  std::chrono::milliseconds timer_poll{500};
  std::chrono::milliseconds outbox_poll{250};
  std::chrono::milliseconds examine_every{500};
  Tick action_wait{};
  Tick inquiry_max{};
  Tick unknown_max{};
  std::chrono::milliseconds idle_max{5'000};
  bool narrow = false;  // every bound so small that it is met
};

/// One of "calm", "flaky provider", "outage", "webhook storm", "crashing server", "slow store" and
/// "everything at once", with numbers of its own.
[[nodiscard]] Profile draw_profile(Dice& dice);

}  // namespace cambist::sim
