// The providers' webhooks as they came in, and what became of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocols/core/ids.hpp"
#include "protocols/core/time.hpp"

namespace cambist::storage {

/// A verified webhook, as it came in.
/// Shape: `status` is "received" (not looked at yet), "retrying" (failed, due again), "parked" (its
/// payment is not known,
///        due again), "applied", "ignored" (nothing to do for it) or "dead" (given up; can be
///        replayed). `due` is set exactly for the first three. `position` is the order of receipt,
///        given by the store.
struct WebhookRow {
  WebhookId id;
  TenantId tenant;
  std::string provider;
  std::string event;  // the provider's own id
  std::string type;
  bool livemode = false;
  std::string object{};
  TimePoint created_at{};  // the provider's
  TimePoint received_at{};
  std::string status = "received";
  int attempts = 0;
  std::optional<TimePoint> due{};
  std::optional<PaymentId> payment{};
  std::string error{};
  std::optional<TimePoint> settled_at{};
  std::uint64_t position = 0;
  std::uint64_t body_bytes = 0;
  std::string path{};  // what followed the secret token in its URL; empty in lists
  std::string body{};  // raw; empty in lists
};
/// Stores it, once for each provider and event: a second time answers AlreadyThere and writes
/// nothing.
struct WebhookReceived {
  WebhookRow row;
};
/// What became of working on it. A webhook that is applied or ignored does not change any more:
/// AlreadyThere.
struct WebhookUpdate {
  WebhookId id;
  std::string status;
  int attempts = 0;
  std::optional<TimePoint> due{};
  std::optional<PaymentId> payment{};
  std::string error{};
  TimePoint at{};
};
/// Puts a webhook back to "received", whatever became of it; its attempts count from 0 again.
struct WebhookReplayed {
  TenantId tenant;
  WebhookId id;
  TimePoint due;
};

}  // namespace cambist::storage
