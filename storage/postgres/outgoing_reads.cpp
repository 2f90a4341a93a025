#include <limits>

#include "storage/lines.hpp"
#include "storage/postgres/reads.hpp"

namespace cambist::storage::postgres::reads {
namespace {

EndpointRow endpoint_row(Rows& rows) {
  return EndpointRow{.id = rows.id<EndpointId>(0),
                     .tenant = TenantId{rows.text(1)},
                     .url = rows.text(2),
                     .description = rows.text(3),
                     .types = lines(rows.text(4)),
                     .enabled = rows.integer(5) != 0,
                     .disabled_reason = rows.text(6),
                     .secret = rows.text(7),
                     .previous_secret = rows.text(8),
                     .previous_secret_until = rows.time_if_any(9),
                     .cursor = static_cast<std::uint64_t>(rows.integer(10)),
                     .created_at = rows.time(11),
                     .updated_at = rows.time(12)};
}

StoredOutbox outbox_row(Rows& rows) {
  return {static_cast<std::uint64_t>(rows.integer(0)),
          {.id = rows.id<EventId>(1),
           .type = rows.text(2),
           .payment = rows.id<PaymentId>(3),
           .sequence = static_cast<std::uint64_t>(rows.integer(4)),
           .at = rows.time(5),
           .json = rows.text(6)}};
}

DeliveryRow delivery_row(Rows& rows) {
  return DeliveryRow{.endpoint = rows.id<EndpointId>(0),
                     .position = static_cast<std::uint64_t>(rows.integer(1)),
                     .event = rows.id<EventId>(2),
                     .type = rows.text(3),
                     .payment = rows.id<PaymentId>(4),
                     .status = rows.text(5),
                     .attempts = static_cast<int>(rows.integer(6)),
                     .response_status = static_cast<int>(rows.integer(7)),
                     .error = rows.text(8),
                     .duration = Duration{rows.integer(9)},
                     .next_attempt_at = rows.time_if_any(10),
                     .updated_at = rows.time(11)};
}

}  // namespace

Result<std::vector<EndpointRow>> endpoints(Session& session,
                                           const std::optional<TenantId>& tenant) {
  constexpr auto what = "cannot list endpoints";
  return all(tenant ? session.run(what, sql::endpoints_of_tenant, *tenant)
                    : session.run(what, sql::endpoints),
             endpoint_row);
}

Result<std::vector<StoredOutbox>> outbox(Session& session, const TenantId& tenant,
                                         std::uint64_t after, std::size_t limit) {
  return all(session.run("cannot read events for merchants", sql::outbox, tenant, bounded(after),
                         bounded(limit)),
             outbox_row);
}

Result<std::optional<StoredOutbox>> outbox_event(Session& session, const TenantId& tenant,
                                                 EventId id) {
  return one(session.run("cannot read an event for merchants", sql::outbox_event, tenant, id),
             outbox_row);
}

Result<std::vector<DeliveryRow>> deliveries(Session& session, const DeliveryQuery& query) {
  constexpr auto end = std::numeric_limits<std::uint64_t>::max();
  const bool listed = !query.status.empty() && query.status != "delivered";
  return all(session.run("cannot list deliveries",
                         listed ? sql::deliveries_of_status : sql::deliveries, query.endpoint,
                         bounded(query.before.value_or(end)), bounded(query.limit), query.status),
             delivery_row);
}

Result<std::vector<DeliveryRow>> deliveries_after(Session& session, EndpointId endpoint,
                                                  std::uint64_t cursor) {
  return all(
      session.run("cannot list deliveries", sql::deliveries_after, endpoint, bounded(cursor)),
      delivery_row);
}

}  // namespace cambist::storage::postgres::reads
