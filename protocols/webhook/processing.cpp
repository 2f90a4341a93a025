#include "protocols/webhook/processing.hpp"

#include <cstddef>

namespace cambist::webhook {

std::optional<Duration> next_attempt(int attempts_made, const ProcessingPolicy& policy,
                                     double roll) {
  if (attempts_made <= 0) return Duration{0};
  const auto index = static_cast<std::size_t>(attempts_made) - 1;
  if (index >= policy.delays.size()) return std::nullopt;
  const auto delay = static_cast<double>(policy.delays[index].count());
  return Duration{static_cast<Duration::rep>(delay * (0.75 + 0.5 * roll))};
}

}  // namespace cambist::webhook
