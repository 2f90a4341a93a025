// One attempt to deliver an event: the request that goes out, and what its answer means. Pure.
#pragma once

#include <optional>
#include <string>

#include "actors/ports.hpp"
#include "protocols/webhook/delivery.hpp"
#include "storage/store.hpp"

namespace cambist::actors::outbound {

/// A signed POST. `id` is the same on every attempt, the time is this attempt's. Until its time is
/// over the previous secret signs too.
/// Errors: internal when a secret cannot sign. Nothing of a secret is in the error.
[[nodiscard]] Result<http::Request> post(const storage::EndpointRow& endpoint,
                                         const std::string& id, const std::string& body,
                                         TimePoint now);

/// Shape: `error` is fit for the merchant: never a word of the answer's body.
struct Met {
  enum class Kind : std::uint8_t {
    delivered,
    failed,
    gone,       // 410: the endpoint wants nothing any more
    not_tried,  // our own client had no room; not an attempt
  };
  Kind kind = Kind::failed;
  int status = 0;
  std::string error{};
  std::optional<Duration> retry_after{};
};
[[nodiscard]] Met read_answer(const HttpOutcome& outcome, TimePoint now);

/// When the next attempt is made after `attempts` failed ones; nullopt: the schedule is spent.
[[nodiscard]] std::optional<Duration> wait_after(int attempts, const Met& met, double roll);

using webhook::wants;

}  // namespace cambist::actors::outbound
