// Where settings come from: a TOML file, the environment, the command line. Each becomes one layer
// by name.
#pragma once

#include <string>

#include "config/settings.hpp"
#include "config/value.hpp"

namespace cambist::config {

/// Problems: a file that cannot be read or is no TOML, and every key that no setting has.
[[nodiscard]] Layer read_file(const std::string& path, Problems& problems);
/// Problems: every CAMBIST_ variable that no setting has.
[[nodiscard]] Layer read_environment(const Environment& environment, Problems& problems);
[[nodiscard]] Layer read_flags(const Flags& flags);

}  // namespace cambist::config
