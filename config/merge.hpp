// All layers as one, checked.
#pragma once

#include <map>
#include <string>

#include "config/settings.hpp"
#include "config/value.hpp"

namespace cambist::config {

struct Merged {
  Settings settings;
  std::map<std::string, std::string> sources{};  // setting -> where; absent: the default
  Problems problems{};
};

/// "FILE:LINE", "environment NAME", "flag --name" or "default".
[[nodiscard]] std::string source_of(const Merged& merged, const std::string& name);

[[nodiscard]] Merged merge(const Flags& flags, const Environment& environment);

}  // namespace cambist::config
