// The API key of a fresh development installation: made once, printed once, kept beside the data
// for the demo.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "protocols/core/error.hpp"
#include "protocols/core/secret.hpp"

namespace cambist::gateway::cli {

struct DevelopmentKey {
  Secret key;
  bool fresh = false;  // made just now: print it
};

/// The key in `directory`/dev-api-key (mode 0600), made when there is none.
/// Errors: unavailable when the file cannot be read or written.
[[nodiscard]] Result<DevelopmentKey> development_key(const std::filesystem::path& directory);
/// The key if there is one; for clients on the same machine.
[[nodiscard]] std::optional<Secret> find_development_key(const std::filesystem::path& directory);

}  // namespace cambist::gateway::cli
