// What the process itself has: signals, limits, the clock, randomness, and the statuses it ends
// with.
#pragma once

#include <signal.h>

#include <cstdint>
#include <string>

#include "protocols/core/error.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::cli {

constexpr int status_failed = 1;
constexpr int status_settings = 2;  // wrong, missing or unusable settings

/// Says why on stderr.
[[nodiscard]] int fail(int status, const std::string& line);
/// One line for each problem.
[[nodiscard]] int fail_settings(const Error& error);

[[nodiscard]] TimePoint wall_clock();
/// Ids and jitter; never keys or secrets.
[[nodiscard]] std::uint64_t random_bits();

/// SIGTERM and SIGINT are waited for, never handled: blocked before any thread starts.
[[nodiscard]] sigset_t block_signals();
/// Waits for SIGTERM or SIGINT; a second one ends the process at once. Meanwhile what the heap no
/// longer needs goes back to the system, so that a peak of load is not paid for ever.
void wait_for_stop(const sigset_t& signals);

/// Few arenas: a dozen threads that each keep a heap of their own would hold memory that nobody
/// uses.
void limit_arenas();
void raise_descriptor_limit();

}  // namespace cambist::gateway::cli
