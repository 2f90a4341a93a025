// What a run says: one line of JSON for programs, a table for people.
#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "benchmarks/load/idle.hpp"
#include "benchmarks/load/plan.hpp"
#include "benchmarks/load/tally.hpp"

namespace cambist::load {

/// Shape: CPU is in seconds per 1000 payments of the window, memory in MiB; names as --pid gave
/// them, and "generator". "other_cpu_s" is what the machine spent on nothing of that in the window:
/// above a twentieth of the window the run was disturbed, if all processes were named.
[[nodiscard]] boost::json::object report(const Plan& plan, const Tally& tally,
                                         const Window& window);
[[nodiscard]] boost::json::object report(const IdlePlan& plan, const IdleTally& tally,
                                         const Window& window);
[[nodiscard]] std::string table(const boost::json::object& report);

}  // namespace cambist::load
