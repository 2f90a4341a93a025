// Many connections that ask nothing: what does a server hold for them?
#pragma once

#include "benchmarks/load/plan.hpp"

namespace cambist::load {

struct IdleTally {
  std::size_t wanted = 0;
  std::size_t opened = 0;  // stood, and answered one GET /livez
  std::size_t open_at_end = 0;
  double seconds_to_open = 0;
};

/// Opens them, each asks once so that it is a kept connection and not a new one, and holds them.
/// `window` is measured before the first and after the holding.
[[nodiscard]] IdleTally hold_idle(const IdlePlan& plan, Window& window);

}  // namespace cambist::load
