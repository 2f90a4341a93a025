// What a soak has to say at its end, for people and for programs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "tests/soak/gauge.hpp"
#include "tests/soak/keeper.hpp"
#include "tests/soak/options.hpp"
#include "tests/soak/verdict.hpp"

namespace cambist::soak {

/// Shape: `unrest` says what did not come to rest in time; `problems` what else went wrong around
/// the promises (a server that died or ended badly, events that no merchant could verify).
struct Report {
  Options options;
  Counts counts;
  std::vector<Life> lives;
  std::map<std::string, std::uint64_t> faults;
  std::uint64_t forged_accepted = 0;
  Growth growth;
  std::chrono::duration<double> drained_in{};
  std::string unrest;
  std::vector<std::string> problems;
  Verdict verdict;
};

/// 0 only when there is nothing to complain about: 1 otherwise.
[[nodiscard]] int exit_code(const Report& report);
[[nodiscard]] std::string as_text(const Report& report);
[[nodiscard]] boost::json::object as_json(const Report& report);

}  // namespace cambist::soak
