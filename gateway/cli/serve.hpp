// `cambist serve`: every part made, in its order, and ended in the reverse one.
#pragma once

#include <memory>
#include <string>

#include "config/settings.hpp"
#include "storage/store.hpp"

namespace cambist::gateway::cli {

/// The store that the settings name, opened; its parts are only made after the signals are blocked.
/// Errors: what cannot be opened, with the place in the detail and no password.
using OpenStore = Result<std::shared_ptr<storage::Store>> (*)(const config::Settings&);

/// Serves until a signal; returns the status to exit with.
[[nodiscard]] int serve(const config::Settings& settings, OpenStore open_store,
                        const std::string& version);

}  // namespace cambist::gateway::cli
