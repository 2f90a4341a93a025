// Our own events on their way to the merchants: the outbox, the endpoints, the deliveries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/core/ids.hpp"
#include "protocols/core/time.hpp"

namespace cambist::storage {

/// One of our own events for the merchants, in the commit of what it tells about.
/// Shape: `id` is stable over every delivery; `sequence` is the payment's version; `json` the whole
/// body as it is sent.
struct OutboxRow {
  EventId id;
  std::string type;  // "payment.captured"
  PaymentId payment{};
  std::uint64_t sequence = 0;
  TimePoint at{};
  std::string json{};
};

/// A merchant's endpoint.
/// Shape: `types` empty means all, an entry may end in ".*". `cursor` is the outbox position up to
/// which everything is
///        done; the store keeps it, see EndpointPut and CursorMoved. `disabled_reason` is empty
///        while it is enabled.
struct EndpointRow {
  EndpointId id;
  TenantId tenant;
  std::string url;
  std::string description{};
  std::vector<std::string> types{};
  bool enabled = true;
  std::string disabled_reason{};
  std::string secret{};
  std::string previous_secret{};
  std::optional<TimePoint> previous_secret_until{};
  std::uint64_t cursor = 0;
  TimePoint created_at{};
  TimePoint updated_at{};
};
/// Inserts (with the cursor at the end of the outbox: only what comes later is delivered) or
/// updates all but the cursor.
struct EndpointPut {
  EndpointRow row;
};
/// Its deliveries go with it.
struct EndpointGone {
  TenantId tenant;
  EndpointId id;
};
/// Sets the cursor back (or forward); deliveries behind it are forgotten.
struct CursorMoved {
  EndpointId endpoint;
  std::uint64_t cursor = 0;
};
/// One event on its way to one endpoint; upserted by (endpoint, position).
/// Shape: `status` is "pending", "delivered" or "failed" (given up).
struct DeliveryRow {
  EndpointId endpoint;
  std::uint64_t position = 0;
  EventId event{};
  std::string type{};
  PaymentId payment{};
  std::string status = "pending";
  int attempts = 0;
  int response_status = 0;
  std::string error{};
  Duration duration{};
  std::optional<TimePoint> next_attempt_at{};
  TimePoint updated_at{};
};
/// `cursor`, when set, moves the endpoint's cursor forward with it.
struct DeliveryPut {
  DeliveryRow row;
  std::optional<std::uint64_t> cursor{};
};
/// An event that belongs to no step of a payment.
struct Announced {
  TenantId tenant;
  OutboxRow row;
};

}  // namespace cambist::storage
