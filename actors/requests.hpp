// What is asked of the tree besides payments, and what it answers, as plain values: nothing of CAF
// is needed to ask.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "actors/health.hpp"
#include "protocols/core/error.hpp"
#include "protocols/core/ids.hpp"
#include "protocols/http/message.hpp"
#include "storage/store.hpp"

namespace cambist::actors {

/// What operators do to a circuit breaker.
struct OperateBreaker {
  enum class Action : std::uint8_t {
    trip,   // open it now; it tries the provider again by itself
    hold,   // open it until it is reset
    reset,  // close it
  };
  std::string provider;
  Action action = Action::reset;
  storage::AuditRow audit{};  // written before it is done
};
/// Shape: `health` is empty when there is no such provider.
struct BreakerOperated {
  std::optional<ProviderHealth> health{};
  std::optional<Error> error{};
};

// --- webhooks of providers
// ------------------------------------------------------------------------------------
/// A webhook as it came over the network.
/// `vouched`: let in by somebody with a key of ours, so that no signature is asked for.
struct WebhookIn {
  std::string provider;
  http::Request request;
  bool vouched = false;
};
/// Shape: without `error` it is durable, now or before (`duplicate`); `answer` is the JSON that the
///        provider expects then, or empty.
struct WebhookTaken {
  bool duplicate = false;
  std::optional<Error>
      error{};  // unauthenticated, invalid_request, not_found, overloaded, unavailable
  std::string answer{};
};
/// Stored webhooks are due again: the scheduler found them. `due` is the earliest.
struct WebhooksDue {
  std::string provider;
};
/// Work on stored webhooks again, whatever became of them.
/// Shape: `ids`, or without any all that fit `filter`, up to its limit.
struct ReplayWebhooks {
  std::vector<WebhookId> ids{};
  storage::WebhookQuery filter{};
  storage::AuditRow audit{};
};
/// Shape: `replayed` counts those put back; `missing` those of `ids` that are not there. `more`:
/// the filter fits more.
struct WebhooksReplayed {
  std::size_t replayed = 0;
  std::vector<WebhookId> missing{};
  bool more = false;
  std::optional<Error> error{};
};

// --- our events for merchants
// ---------------------------------------------------------------------------------
/// Changes of a merchant's endpoint, each with its line for the audit log.
struct CreateEndpoint {
  storage::EndpointRow row;  // complete, with its secret
};
struct UpdateEndpoint {
  EndpointId id;
  std::optional<std::string> url{};
  std::optional<std::string> description{};
  std::optional<std::vector<std::string>> types{};
  std::optional<bool> enabled{};
};
struct DeleteEndpoint {
  EndpointId id;
};
/// The old secret signs too until `old_until`.
struct RotateSecret {
  EndpointId id;
  std::string secret;
  TimePoint old_until;
};
/// Everything after `cursor` is delivered again.
struct RewindEndpoint {
  EndpointId id;
  std::uint64_t cursor = 0;
};
/// One event is delivered again, at once and out of order.
struct Redeliver {
  EndpointId id;
  EventId event;
};
/// A made-up event is sent once, without a trace in the outbox.
struct TestEndpoint {
  EndpointId id;
};
struct ChangeEndpoint {
  TenantId tenant;
  std::variant<CreateEndpoint, UpdateEndpoint, DeleteEndpoint, RotateSecret, RewindEndpoint,
               Redeliver, TestEndpoint>
      change;
  storage::AuditRow audit{};
};
/// Events of the tenant were committed: whoever delivers them need not wait for its next look.
struct OutboxGrew {
  TenantId tenant;
};
/// Shape: `row` as it is now, or as it was for one that is deleted; `delivery` what the test or
/// redelivery met.
struct EndpointChanged {
  storage::EndpointRow row{};
  std::optional<storage::DeliveryRow> delivery{};
  std::optional<Error> error{};  // not_found, unavailable, overloaded, invalid_request
};

}  // namespace cambist::actors
