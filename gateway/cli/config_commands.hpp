// `cambist config check` and `cambist config show`: what the settings come to, for people and, with
// `--json`, for programs.
#pragma once

#include <iosfwd>

#include "config/settings.hpp"

namespace cambist::gateway::cli {

/// Says whether the settings are right, and of every provider whether it is on. Problems go to
/// stderr; with `json` to `out` as well. Shape: the status to exit with.
[[nodiscard]] int check_config(const config::Flags& flags, const config::Environment& environment,
                               bool json, std::ostream& out);

/// Prints the settings and where each comes from; secrets are not shown.
[[nodiscard]] int show_config(const config::Flags& flags, const config::Environment& environment,
                              bool json, std::ostream& out);

}  // namespace cambist::gateway::cli
