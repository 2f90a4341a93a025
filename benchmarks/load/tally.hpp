// What a run has counted so far.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "benchmarks/load/histogram.hpp"

namespace cambist::load {

/// Shape: latencies are of good answers only. `payments` counts those that ended inside the window,
///        `errors` what ended a payment otherwise, by status or by what happened to the connection.
struct Tally {
  Histogram create;
  Histogram capture;
  std::uint64_t payments = 0;
  std::uint64_t payments_in_all = 0;  // with those before and after the window
  std::uint64_t started = 0;
  std::map<std::string, std::uint64_t> errors{};
  std::string first_error{};
  std::uint64_t given_up = 0;    // arrivals that found no connection in time
  std::uint64_t unanswered = 0;  // still open when the run ended
};

}  // namespace cambist::load
