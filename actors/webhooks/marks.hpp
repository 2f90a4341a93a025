// What is kept of a webhook, from its receipt to its end, as pure functions: the row it becomes,
// and what is written after an attempt to work on it has failed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/core/error.hpp"
#include "protocols/core/ids.hpp"
#include "protocols/core/time.hpp"
#include "protocols/provider/notice.hpp"
#include "storage/store.hpp"

namespace cambist::actors::webhooks {

/// When a webhook that could not be worked on is tried again.
/// Source: design.md, "Decisions taken where sources disagree", 3.
struct RetryPolicy {
  std::vector<Duration> delays{std::chrono::minutes{1}, std::chrono::minutes{2},
                               std::chrono::minutes{4}, std::chrono::minutes{8},
                               std::chrono::minutes{16}};
  int jitter_percent = 25;  // up and down
  int attempts_max = 5;     // then it is a dead letter
};

/// Wait after the attempt number `attempts`, counted from 1; nullopt: it was the last.
/// Shape: `roll` is uniform in [0, 1).
[[nodiscard]] std::optional<Duration> next_attempt(int attempts, const RetryPolicy& policy,
                                                   double roll);

/// A verified webhook that has just come in. Irrelevant news are settled at once: "ignored".
[[nodiscard]] storage::WebhookRow row_of(const provider::Notice& notice, std::string provider,
                                         std::string body, WebhookId id, TimePoint now);

/// One that is verified and cannot be read: kept among the dead letters, so that people see it, and
/// a later version may read it. Its event is a digest of all that came.
[[nodiscard]] storage::WebhookRow row_of_unreadable(const Error& why, std::string provider,
                                                    std::string path, std::string body,
                                                    WebhookId id, TimePoint now);

/// What is written when an attempt on `row` has failed: `status` ("parked" or "retrying") with the
/// time of the next one, or "dead".
[[nodiscard]] storage::WebhookUpdate after_failure(const storage::WebhookRow& row,
                                                   std::string status, std::string error,
                                                   const RetryPolicy& policy, TimePoint now,
                                                   double roll);

}  // namespace cambist::actors::webhooks
