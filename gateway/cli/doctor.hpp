// `cambist doctor`: can this machine run the server with these settings? Each check names what is
// wrong and what would be right.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "actors/ports.hpp"
#include "config/settings.hpp"

namespace cambist::gateway::cli {

struct Check {
  std::string name;
  bool passed = false;
  std::string detail;
};

/// `open_store` opens and closes the store of the settings; its error is the finding.
[[nodiscard]] std::vector<Check> examine(const config::Settings& settings,
                                         actors::HttpClient& client,
                                         const std::function<Result<void>()>& open_store);
/// Prints the checks; 0 when all passed, 1 otherwise.
[[nodiscard]] int report(const std::vector<Check>& checks, bool json, std::ostream& out);

}  // namespace cambist::gateway::cli
