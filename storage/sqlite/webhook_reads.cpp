#include "storage/sqlite/reads.hpp"

namespace cambist::storage::sqlite::reads {
namespace {

WebhookRow webhook_row(Rows& rows) {
  return WebhookRow{
      .id = rows.id<WebhookId>(0),
      .tenant = TenantId{rows.text(1)},
      .provider = rows.text(2),
      .event = rows.text(3),
      .type = rows.text(4),
      .livemode = rows.integer(5) != 0,
      .object = rows.text(6),
      .created_at = rows.time(7),
      .received_at = rows.time(8),
      .status = rows.text(9),
      .attempts = static_cast<int>(rows.integer(10)),
      .due = rows.time_if_any(11),
      .payment = rows.is_null(12) ? std::nullopt : std::optional{rows.id<PaymentId>(12)},
      .error = rows.text(13),
      .settled_at = rows.time_if_any(14),
      .position = static_cast<std::uint64_t>(rows.integer(15)),
      .body_bytes = static_cast<std::uint64_t>(rows.integer(16))};
}

WebhookRow webhook_with_body(Rows& rows) {
  auto row = webhook_row(rows);
  row.path = rows.text(17);
  row.body = rows.bytes(18);
  return row;
}

}  // namespace

Result<std::optional<PaymentId>> payment_of_event(Session& session, std::string_view provider,
                                                  std::string_view event) {
  return one(session.of_event.run(provider, event), "cannot find the payment of an event",
             [](Rows& row) { return row.id<PaymentId>(0); });
}

Result<std::optional<WebhookRow>> webhook(Session& session, const TenantId& tenant, WebhookId id) {
  return one(session.webhook.run(tenant, id), "cannot read a webhook", webhook_with_body);
}

Result<std::vector<WebhookRow>> webhooks(Session& session, const WebhookQuery& query) {
  auto& list = query.payment           ? session.webhooks_of_payment
               : !query.status.empty() ? session.webhooks_of_status
                                       : session.webhooks_of_tenant;
  const PageStart before{query.before};
  return all(list.run(query.tenant, before.bytes(), query.status, query.payment, query.provider,
                      query.type, query.received_from.value_or(TimePoint::min()),
                      query.received_to.value_or(TimePoint::max()), bounded(query.limit)),
             "cannot list webhooks", webhook_row);
}

Result<std::vector<WebhookRow>> due_webhooks(Session& session, std::string_view provider,
                                             TimePoint now, std::size_t limit) {
  return all(session.due_webhooks.run(provider, now, bounded(limit)), "cannot list due webhooks",
             webhook_with_body);
}

Result<std::vector<WebhookCount>> webhook_counts(Session& session, const TenantId& tenant,
                                                 TimePoint since) {
  return all(session.webhook_counts.run(tenant, since), "cannot count webhooks", [](Rows& row) {
    return WebhookCount{.provider = row.text(0),
                        .status = row.text(1),
                        .count = static_cast<std::uint64_t>(row.integer(2)),
                        .last_received_at = row.time(3)};
  });
}

}  // namespace cambist::storage::sqlite::reads
