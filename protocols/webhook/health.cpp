#include "protocols/webhook/health.hpp"

namespace cambist::webhook {
namespace {

std::uint64_t succeeded(const ProcessingCounts& counts) noexcept {
  return counts.applied + counts.ignored;
}
std::uint64_t processed(const ProcessingCounts& counts) noexcept {
  return succeeded(counts) + counts.retrying + counts.parked + counts.dead;
}

}  // namespace

std::string_view to_string(Health health) noexcept {
  switch (health) {
    case Health::healthy:
      return "healthy";
    case Health::degraded:
      return "degraded";
    case Health::unhealthy:
      return "unhealthy";
  }
  return "unknown";
}

std::optional<double> success_rate(const ProcessingCounts& counts) noexcept {
  const std::uint64_t all = processed(counts);
  if (all == 0) return std::nullopt;
  return static_cast<double>(succeeded(counts)) / static_cast<double>(all);
}

std::optional<Health> health_of(const ProcessingCounts& counts) noexcept {
  const std::uint64_t all = processed(counts);
  if (all == 0) return std::nullopt;
  const std::uint64_t good = succeeded(counts) * 100;
  if (good >= all * 98) return Health::healthy;
  return good >= all * 95 ? Health::degraded : Health::unhealthy;
}

}  // namespace cambist::webhook
