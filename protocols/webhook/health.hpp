// How well the webhooks of a provider are processed, from counts of a day.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cambist::webhook {

/// By status of the webhook. Those that were not looked at yet are not counted: they say nothing.
struct ProcessingCounts {
  std::uint64_t applied = 0;
  std::uint64_t ignored = 0;
  std::uint64_t retrying = 0;
  std::uint64_t parked = 0;
  std::uint64_t dead = 0;
};

enum class Health : std::uint8_t { healthy, degraded, unhealthy };
/// "healthy", "degraded", "unhealthy".
[[nodiscard]] std::string_view to_string(Health health) noexcept;

/// In [0, 1]; nullopt when nothing was processed.
[[nodiscard]] std::optional<double> success_rate(const ProcessingCounts& counts) noexcept;
/// healthy from 98 %, degraded from 95 %; nullopt when nothing was processed. In whole numbers, so
/// that exactly 98 % is healthy.
[[nodiscard]] std::optional<Health> health_of(const ProcessingCounts& counts) noexcept;

}  // namespace cambist::webhook
