#include "actors/supervision/restart.hpp"

#include <algorithm>

namespace cambist::actors::supervision {

std::optional<Duration> restart_after(RestartBook& book, const RestartPolicy& policy, TimePoint now,
                                      double roll) {
  while (!book.recent.empty() && now - book.recent.front() >= policy.window) {
    book.recent.pop_front();
  }
  if (book.recent.size() >= policy.restarts_max) return std::nullopt;
  Duration wait = policy.backoff_min;
  for (std::size_t i = 0; i < book.recent.size() && wait < policy.backoff_max; ++i) wait *= 2;
  wait = std::min(wait, policy.backoff_max);
  book.recent.push_back(now);
  const double scaled = static_cast<double>(wait.count()) * (0.5 + roll / 2);
  return Duration{static_cast<Duration::rep>(scaled)};
}

}  // namespace cambist::actors::supervision
