// What operators see of the webhooks that came in, and how they have them worked on again.
#include <boost/json.hpp>

#include "gateway/api/body.hpp"
#include "gateway/api/list_query.hpp"
#include "gateway/api/render_webhooks.hpp"
#include "gateway/api/routes.hpp"
#include "protocols/api/fields.hpp"
#include "protocols/api/json.hpp"

namespace cambist::gateway {
namespace {

namespace json = boost::json;

const Error slow_store{ErrorCode::unavailable, "the store did not answer in time"};
const Error no_webhook{ErrorCode::not_found, "there is no such webhook"};
constexpr std::size_t replays_max = 100;
constexpr std::size_t filter_bytes_max = 255;

bool is_webhook_status(std::string_view name) {
  for (const std::string_view known :
       {"received", "retrying", "parked", "applied", "ignored", "dead"}) {
    if (name == known) return true;
  }
  return false;
}

// One filter, from a parameter or from a body; false: there is no such filter.
Result<bool> apply(storage::WebhookQuery& query, std::string_view name, const std::string& value) {
  if (name == "provider") {
    if (!is_plain_word(value)) return wrong_parameter(name, "is no name of a provider");
    query.provider = value;
  } else if (name == "status") {
    if (!is_webhook_status(value)) return wrong_parameter(name, "is no status of a webhook");
    query.status = value;
  } else if (name == "type") {
    if (!is_plain_word(value)) return wrong_parameter(name, "is no type of an event");
    query.type = value;
  } else if (name == "payment_id") {
    const auto id = PaymentId::parse(value);
    if (!id) return wrong_parameter(name, "is no id of a payment");
    query.payment = *id;
  } else if (name == "received_from" || name == "received_to") {
    const auto time = time_parameter(name, value);
    if (!time) return time.error();
    (name == "received_from" ? query.received_from : query.received_to) = *time;
  } else {
    return false;
  }
  return true;
}

Result<void> check_range(const storage::WebhookQuery& query, std::string_view field) {
  if (query.received_from && query.received_to && *query.received_from >= *query.received_to)
    return wrong_parameter(field, "must be after received_from");
  return {};
}

Result<std::vector<WebhookId>> read_ids(const api::Fields& fields) {
  const json::value* list = fields.find("ids");
  if (!list->is_array() || list->get_array().empty() || list->get_array().size() > replays_max)
    return fields.wrong("ids", "must be a list of 1 to 100 ids");
  std::vector<WebhookId> ids;
  for (std::size_t i = 0; i < list->get_array().size(); ++i) {
    const json::value& item = list->get_array()[i];
    const auto id = item.is_string()
                        ? WebhookId::parse({item.get_string().data(), item.get_string().size()})
                        : Result<WebhookId>{Error{}};
    if (!id) return fields.wrong("ids[" + std::to_string(i) + "]", "is no id of a webhook");
    ids.push_back(*id);
  }
  return ids;
}

Result<std::size_t> read_limit(const api::Fields& fields) {
  const json::value* value = fields.find("limit");
  if (value == nullptr) return replays_max;
  if (!value->is_int64() || value->get_int64() < 1 ||
      value->get_int64() > static_cast<std::int64_t>(replays_max)) {
    return fields.wrong("limit", "must be a number from 1 to 100");
  }
  return static_cast<std::size_t>(value->get_int64());
}

Result<storage::WebhookQuery> read_filter(const api::Fields& fields) {
  const auto object = fields.object("filter");
  if (!object) return object.error();
  storage::WebhookQuery query;
  for (const auto& member : **object) {
    const std::string name{member.key()};
    const api::Fields filter{**object, "filter"};
    const auto value = filter.text(name, filter_bytes_max, api::Text::line);
    if (!value) return value.error();
    if (value->empty()) continue;  // null
    auto taken = apply(query, name, *value);
    if (!taken) return filter.wrong(name, taken.error().detail);
    if (!*taken) return filter.wrong(api::shown_name(name), "there is no such field");
  }
  if (const auto fits = check_range(query, "filter.received_to"); !fits) return fits.error();
  const auto limit = read_limit(fields);
  if (!limit) return limit.error();
  query.limit = *limit;
  return query;
}

Result<actors::ReplayWebhooks> read_replay(const json::object& body) {
  const api::Fields fields{body};
  if (const auto known = fields.only({"ids", "filter", "limit", "idempotency_key"}); !known)
    return known.error();
  const bool by_ids = fields.find("ids") != nullptr;
  if (by_ids == (fields.find("filter") != nullptr))
    return fields.wrong("ids", "send either ids or a filter");
  actors::ReplayWebhooks replay;
  if (by_ids) {
    if (fields.find("limit") != nullptr) return fields.wrong("limit", "goes with a filter only");
    auto ids = read_ids(fields);
    if (!ids) return ids.error();
    replay.ids = std::move(*ids);
    return replay;
  }
  auto filter = read_filter(fields);
  if (!filter) return filter.error();
  replay.filter = std::move(*filter);
  return replay;
}

}  // namespace

void list_webhooks(const ExchangePtr& exchange) {
  storage::WebhookQuery query;
  query.tenant = exchange->principal.tenant;
  auto page = read_page(*exchange, [&query](std::string_view name, const std::string& value) {
    return apply(query, name, value);
  });
  if (!page) return exchange->refuse(page.error());
  if (const auto fits = check_range(query, "received_to"); !fits)
    return exchange->refuse(fits.error());
  if (page->last) query.before = WebhookId{*page->last};
  query.limit = page->limit + 1;
  exchange->give_up_after(exchange->core->params.read_deadline, slow_store);
  exchange->core->params.bridge->stored_webhooks(
      std::move(query),
      [exchange, page = std::move(*page)](Result<std::vector<storage::WebhookRow>> rows) {
        if (!rows) return exchange->refuse(rows.error());
        exchange->show(render_webhooks(*rows, page));
      });
}

void get_webhook(const ExchangePtr& exchange) {
  const auto id = WebhookId::parse(exchange->match.id);
  if (!id) return exchange->refuse(no_webhook);
  if (const auto none = no_parameters(*exchange); !none) return exchange->refuse(none.error());
  exchange->give_up_after(exchange->core->params.read_deadline, slow_store);
  exchange->core->params.bridge->stored_webhook(
      exchange->principal.tenant, *id, [exchange](Result<std::optional<storage::WebhookRow>> row) {
        if (!row) return exchange->refuse(row.error());
        if (!*row) return exchange->refuse(no_webhook);
        exchange->show(render_webhook(**row));
      });
}

void replay_webhooks(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  const auto body = begin_operation(exchange);
  if (!body) return;
  auto replay = read_replay(*body);
  if (!replay) return exchange->refuse(replay.error());
  replay->filter.tenant = exchange->principal.tenant;
  json::object detail = *body;
  detail.erase("idempotency_key");
  replay->audit = audit_row(
      *exchange, "webhooks.replay",
      replay->ids.size() == 1 ? replay->ids.front().to_string() : std::string{"webhooks"}, detail);
  exchange->give_up_after(params.request_deadline, slow_store);
  params.bridge->replay(std::move(*replay), [exchange](Result<actors::WebhooksReplayed> replayed) {
    if (!replayed) return exchange->refuse(replayed.error());
    if (replayed->error) return exchange->refuse(*replayed->error);
    exchange->show(render_replayed(*replayed));
  });
}

void webhook_health(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  if (const auto none = no_parameters(*exchange); !none) return exchange->refuse(none.error());
  exchange->give_up_after(params.read_deadline, slow_store);
  params.bridge->webhook_counts(
      exchange->principal.tenant, params.now() - health_window,
      [exchange](Result<std::vector<storage::WebhookCount>> counts) {
        if (!counts) return exchange->refuse(counts.error());
        exchange->show(render_webhook_health(*counts, exchange->core->params.providers));
      });
}

}  // namespace cambist::gateway
