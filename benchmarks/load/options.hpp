// The command line of the generator.
#pragma once

#include <string>
#include <variant>

#include "benchmarks/load/plan.hpp"

namespace cambist::load {

/// The command line asked for help, or was wrong: what to print, and how to end.
struct Ended {
  int status = 0;
  std::string text;
};
[[nodiscard]] std::variant<Plan, IdlePlan, Ended> read_options(int argc, const char* const* argv);

}  // namespace cambist::load
