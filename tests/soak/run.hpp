// One soak from the first start to the verdict.
#pragma once

#include "tests/soak/report.hpp"

namespace cambist::soak {

/// `binary` is the program that is soaked; its store and its log go to `options.folder`. Processes
/// end with the thread that calls this. Throws when it could not be played at all.
[[nodiscard]] Report run(const Options& options, const std::string& binary);

}  // namespace cambist::soak
