// A circuit breaker as a pure machine: what is counted, when it opens, what it lets through.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "protocols/core/time.hpp"

namespace cambist::breaker {

/// Source: design.md, "The actors". Every value is a setting.
struct Policy {
  std::uint32_t consecutive_failures_max = 5;
  std::uint32_t window_calls_min = 20;
  double window_failure_ratio = 0.5;
  Duration window = std::chrono::seconds{10};
  Duration open_min = std::chrono::seconds{60};  // doubles up to
  Duration open_max = std::chrono::minutes{10};
  std::uint32_t probes_first = 1;  // half-open lets this many through, then
  std::uint32_t probes_then = 3;
};

enum class State : std::uint8_t { closed, half_open, open };
[[nodiscard]] std::string_view to_string(State state) noexcept;

struct Breaker {
  State state = State::closed;
  std::uint32_t consecutive_failures = 0;
  struct Bucket {
    TimePoint second;
    std::uint32_t calls = 0;
    std::uint32_t failures = 0;
  };
  std::deque<Bucket> window{};       // one bucket a second, at most window + 1
  std::uint32_t openings = 0;        // since it was last closed; sets the doubling
  TimePoint open_until{};            // says nothing while it is held
  bool held = false;                 // by an operator: open until it is reset, whatever the time
  std::uint32_t probes_allowed = 0;  // in this half-open stage
  std::uint32_t probes_running = 0;
  std::uint32_t probes_succeeded = 0;
  std::uint32_t generation = 0;  // counts the resets: what was admitted before one is old news
};

struct Admission {
  Breaker breaker;
  bool admitted = true;
  bool probe = false;
  std::uint32_t generation = 0;  // to be given back to `settle` or `release`
};

/// Asks to make a call at `now`. An open breaker whose time is over becomes half-open here.
[[nodiscard]] Admission admit(Breaker breaker, const Policy& policy, TimePoint now);
/// A call ended. `roll` in [0, 1) jitters the open time by +-10 %. `generation` is that of the
/// admission; without one the call counts as admitted after the last reset.
[[nodiscard]] Breaker settle(Breaker breaker, const Policy& policy, bool outage, bool probe,
                             TimePoint now, double roll,
                             std::optional<std::uint32_t> generation = {});
/// A call ended with a refusal of ours: no call of ours will be taken, so it opens at once instead
/// of after some. `probe` also for what was asked beside the calls, such as an access token; the
/// end of another call that was admitted before it opened is old news.
[[nodiscard]] Breaker settle_refused(Breaker breaker, const Policy& policy, bool probe,
                                     TimePoint now, double roll,
                                     std::optional<std::uint32_t> generation = {});
/// A call that was admitted was not made, or told nothing about the provider's health.
[[nodiscard]] Breaker release(Breaker breaker, bool probe,
                              std::optional<std::uint32_t> generation = {});

/// Whether `admit` would surely refuse at `now`: for who wants to know without asking.
[[nodiscard]] bool is_shut(const Breaker& breaker, TimePoint now) noexcept;

// --- what an operator can do
// -------------------------------------------------------------------------

/// Opens it now, as an outage would: its time ends, probes close it. One that is open already
/// starts its time over; one that is held stays held.
[[nodiscard]] Breaker trip(Breaker breaker, const Policy& policy, TimePoint now, double roll);
/// Opens it until it is reset.
[[nodiscard]] Breaker hold(Breaker breaker);
/// Closes it, whatever it was, with nothing remembered. What was admitted before tells nothing any
/// more.
[[nodiscard]] Breaker reset(const Breaker& breaker);

}  // namespace cambist::breaker
