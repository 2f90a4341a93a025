// Merchants' endpoints for our events: what is changed about them. Every change goes to the outbox,
// with its line for the audit log.
#include <functional>

#include <boost/json.hpp>

#include "gateway/api/body.hpp"
#include "gateway/api/endpoint_fields.hpp"
#include "gateway/api/render_endpoints.hpp"
#include "gateway/api/routes.hpp"
#include "protocols/api/fields.hpp"

namespace cambist::gateway {
namespace {

namespace json = boost::json;
using actors::EndpointChanged;

const Error slow_outbox{ErrorCode::unavailable, "the outbox did not answer in time"};
const Error slow_endpoint{ErrorCode::timeout, "the endpoint has not answered in time"};
const Error no_endpoint{ErrorCode::not_found, "there is no such endpoint"};

using Change = decltype(actors::ChangeEndpoint::change);

// Sends `change` and calls `show` when it is done.
void apply(const ExchangePtr& exchange, Change change, storage::AuditRow audit,
           std::function<void(const EndpointChanged&)> show) {
  exchange->core->params.bridge->change_endpoint(
      {exchange->principal.tenant, std::move(change), std::move(audit)},
      [exchange, show = std::move(show)](Result<EndpointChanged> changed) {
        if (!changed) return exchange->refuse(changed.error());
        if (changed->error) return exchange->refuse(*changed->error);
        show(*changed);
      });
}

// The endpoint of the path, or a refusal.
std::optional<EndpointId> endpoint_of(const ExchangePtr& exchange) {
  const auto id = EndpointId::parse(exchange->match.id);
  if (id) return *id;
  exchange->refuse(no_endpoint);
  return std::nullopt;
}

json::object changes_of(const actors::UpdateEndpoint& change) {
  json::object detail;
  if (change.url) detail["url"] = *change.url;
  if (change.description) detail["description"] = *change.description;
  if (change.enabled) detail["enabled"] = *change.enabled;
  if (change.types) detail["types"] = json::value_from(*change.types);
  return detail;
}

void show_delivery(const ExchangePtr& exchange, const EndpointChanged& changed) {
  if (!changed.delivery)
    return exchange->refuse({ErrorCode::internal, "nothing is known of the attempt"});
  exchange->show(render_delivery(*changed.delivery));
}

}  // namespace

void create_endpoint(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  const auto body = begin_operation(exchange);
  if (!body) return;
  auto row = read_endpoint(*body, params.allow_loopback);
  if (!row) return exchange->refuse(row.error());
  auto secret = fresh_endpoint_secret();
  if (!secret) return exchange->refuse(secret.error());
  row->tenant = exchange->principal.tenant;
  row->created_at = row->updated_at = params.now();
  row->id = EndpointId::make(row->created_at, params.random);
  row->secret = *secret;
  auto audit = audit_row(*exchange, "endpoint.create", row->id.to_string(), {{"url", row->url}});
  exchange->give_up_after(params.read_deadline, slow_outbox);
  apply(exchange, actors::CreateEndpoint{std::move(*row)}, std::move(audit),
        [exchange, secret = std::move(*secret)](const EndpointChanged& changed) {
          api::Answer answer{201, render_endpoint(changed.row, secret)};
          answer.location = "/api/v1/webhook-endpoints/" + changed.row.id.to_string();
          exchange->answer(std::move(answer));
        });
}

void update_endpoint(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  const auto id = endpoint_of(exchange);
  if (!id) return;
  const auto body = read_body(*exchange);
  if (!body) return exchange->refuse(body.error());
  auto change = read_endpoint_changes(body->json, params.allow_loopback);
  if (!change) return exchange->refuse(change.error());
  change->id = *id;
  auto audit = audit_row(*exchange, "endpoint.update", id->to_string(), changes_of(*change));
  exchange->give_up_after(params.read_deadline, slow_outbox);
  apply(exchange, std::move(*change), std::move(audit), [exchange](const EndpointChanged& changed) {
    exchange->show(render_endpoint(changed.row));
  });
}

void delete_endpoint(const ExchangePtr& exchange) {
  const auto id = endpoint_of(exchange);
  if (!id) return;
  exchange->give_up_after(exchange->core->params.read_deadline, slow_outbox);
  apply(
      exchange, actors::DeleteEndpoint{*id},
      audit_row(*exchange, "endpoint.delete", id->to_string()),
      [exchange](const EndpointChanged& changed) { exchange->show(render_endpoint(changed.row)); });
}

void test_endpoint(const ExchangePtr& exchange) {
  const auto id = endpoint_of(exchange);
  if (!id) return;
  const auto body = begin_operation(exchange);
  if (!body) return;
  if (const auto known = api::Fields{*body}.only({"idempotency_key"}); !known)
    return exchange->refuse(known.error());
  exchange->give_up_after(exchange->core->params.endpoint_deadline, slow_endpoint);
  apply(exchange, actors::TestEndpoint{*id}, audit_row(*exchange, "endpoint.test", id->to_string()),
        [exchange](const EndpointChanged& changed) { show_delivery(exchange, changed); });
}

void rotate_secret(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  const auto id = endpoint_of(exchange);
  if (!id) return;
  const auto body = begin_operation(exchange);
  if (!body) return;
  const auto overlap = read_overlap(*body);
  if (!overlap) return exchange->refuse(overlap.error());
  auto secret = fresh_endpoint_secret();
  if (!secret) return exchange->refuse(secret.error());
  exchange->give_up_after(params.read_deadline, slow_outbox);
  apply(exchange, actors::RotateSecret{*id, *secret, params.now() + *overlap},
        audit_row(*exchange, "endpoint.rotate_secret", id->to_string(),
                  {{"overlap_hours", overlap->count()}}),
        [exchange, secret = *secret](const EndpointChanged& changed) {
          exchange->show(render_endpoint(changed.row, secret));
        });
}

void redeliver(const ExchangePtr& exchange) {
  const auto id = endpoint_of(exchange);
  if (!id) return;
  const auto body = begin_operation(exchange);
  if (!body) return;
  const auto event = read_event(*body);
  if (!event) return exchange->refuse(event.error());
  exchange->give_up_after(exchange->core->params.endpoint_deadline, slow_endpoint);
  apply(exchange, actors::Redeliver{*id, *event},
        audit_row(*exchange, "endpoint.redeliver", id->to_string(),
                  {{"event_id", event->to_string()}}),
        [exchange](const EndpointChanged& changed) { show_delivery(exchange, changed); });
}

void rewind_endpoint(const ExchangePtr& exchange) {
  const auto id = endpoint_of(exchange);
  if (!id) return;
  const auto body = begin_operation(exchange);
  if (!body) return;
  const auto cursor = read_cursor(*body);
  if (!cursor) return exchange->refuse(cursor.error());
  exchange->give_up_after(exchange->core->params.read_deadline, slow_outbox);
  apply(
      exchange, actors::RewindEndpoint{*id, *cursor},
      audit_row(*exchange, "endpoint.rewind", id->to_string(),
                {{"cursor", std::to_string(*cursor)}}),
      [exchange](const EndpointChanged& changed) { exchange->show(render_endpoint(changed.row)); });
}

}  // namespace cambist::gateway
