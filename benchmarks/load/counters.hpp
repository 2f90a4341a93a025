// What the server itself counts, read from its Prometheus text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cambist::load {

/// Shape: an append is what one step of one payment writes; a commit holds one or more.
struct JournalCounts {
  double commits = 0;
  double appends = 0;
  double commit_s = 0;
};

/// The value of the sample with exactly this name (and labels, as written), if there is one.
[[nodiscard]] std::optional<double> sample(std::string_view exposition, std::string_view name);
/// Nothing when the text is not that of a Cambist server.
[[nodiscard]] std::optional<JournalCounts> journal_counts(std::string_view exposition);

}  // namespace cambist::load
