#include "benchmarks/load/counters.hpp"

#include <charconv>

namespace cambist::load {

std::optional<double> sample(std::string_view exposition, std::string_view name) {
  for (auto at = exposition.find(name); at != std::string_view::npos;
       at = exposition.find(name, at + 1)) {
    const bool line_start = at == 0 || exposition[at - 1] == '\n';
    if (!line_start || exposition.substr(at + name.size(), 1) != " ") continue;
    const auto rest = exposition.substr(at + name.size() + 1);
    double value = 0;
    if (std::from_chars(rest.data(), rest.data() + rest.size(), value).ec != std::errc{})
      return std::nullopt;
    return value;
  }
  return std::nullopt;
}

std::optional<JournalCounts> journal_counts(std::string_view exposition) {
  const auto commits = sample(exposition, "cambist_journal_batch_appends_count");
  const auto appends = sample(exposition, "cambist_journal_batch_appends_sum");
  if (!commits || !appends) return std::nullopt;
  const auto spent = sample(exposition, "cambist_journal_commit_duration_seconds_sum");
  return JournalCounts{*commits, *appends, spent.value_or(0)};
}

}  // namespace cambist::load
