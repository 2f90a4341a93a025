// The known name that somebody probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cambist::config {

/// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
[[nodiscard]] std::size_t distance(std::string_view a, std::string_view b);

/// The nearest of `known`, or empty when none is near: more than a third of the letters differ.
[[nodiscard]] std::string nearest(std::string_view name, const std::vector<std::string>& known);

}  // namespace cambist::config
