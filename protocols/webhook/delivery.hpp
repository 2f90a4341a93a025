// When an event is sent to a merchant's endpoint again, what its answer means, and whether the
// endpoint wants it at all.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/time.hpp"
#include "protocols/http/message.hpp"

namespace cambist::webhook {

/// Source: the example schedule of Standard Webhooks 1.0: ten attempts in about 75.6 hours.
struct DeliveryPolicy {
  std::vector<Duration> delays{Duration{0},
                               std::chrono::seconds{5},
                               std::chrono::minutes{5},
                               std::chrono::minutes{30},
                               std::chrono::hours{2},
                               std::chrono::hours{5},
                               std::chrono::hours{10},
                               std::chrono::hours{14},
                               std::chrono::hours{20},
                               std::chrono::hours{24}};
};

/// Wait before the next attempt.
/// Shape:  `attempts_made` counts those that have failed, 0 for a new event; `roll` in [0, 1)
///         jitters by +-10 %; `retry_after` is what the endpoint asked for, which is never cut
///         short by the schedule.
/// Errors: none; nullopt means that all attempts are used up: the endpoint is disabled.
[[nodiscard]] std::optional<Duration> next_delivery(int attempts_made, const DeliveryPolicy& policy,
                                                    double roll,
                                                    std::optional<Duration> retry_after = {});

enum class DeliveryResult : std::uint8_t {
  delivered,
  failed,  // to be tried again
  gone     // 410: the endpoint wants no more; it is disabled at once
};

/// Shape: `retry_after` at most 24 h, and only with 429, 502, 503 and 504, where it was said.
struct DeliveryAnswer {
  DeliveryResult result = DeliveryResult::failed;
  std::optional<Duration> retry_after{};
  friend bool operator==(const DeliveryAnswer&, const DeliveryAnswer&) = default;
};
/// What the endpoint's answer means. A redirect is a failure: it is never followed.
[[nodiscard]] DeliveryAnswer read_answer(const http::Response& response, TimePoint now);

/// Whether an endpoint with these `types` gets events of `type`: none listed means all, "payment.*"
/// all that begin with "payment.".
[[nodiscard]] bool wants(std::span<const std::string> types, std::string_view type) noexcept;

/// Whether an entry of `types` could fit anything: "payment.captured", "payment.*".
[[nodiscard]] bool is_type_pattern(std::string_view text) noexcept;

}  // namespace cambist::webhook
