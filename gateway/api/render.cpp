#include "gateway/api/render.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "gateway/api/render_parts.hpp"
#include "protocols/api/cursor.hpp"

namespace cambist::gateway {
namespace {

namespace json = boost::json;

// The operation that an event speaks of: its id, or the operation itself where the event starts
// one.
json::value operation_of(const json::value& data) {
  const auto* object = data.if_object();
  const json::value* operation = object == nullptr ? nullptr : object->if_contains("operation");
  if (operation == nullptr) return nullptr;
  if (operation->is_string()) return *operation;
  const auto* started = operation->if_object();
  const json::value* id = started == nullptr ? nullptr : started->if_contains("id");
  return id == nullptr ? json::value(nullptr) : *id;
}

// What a payer is known by: no more than its end is shown. Where the payer is may be read.
json::object masked(const json::object& fields) {
  json::object shown;
  for (const auto& member : fields) {
    const auto* text = member.value().if_string();
    if (text == nullptr || member.key() == "country") {
      shown[member.key()] = member.value();
      continue;
    }
    const std::string_view value{text->data(), text->size()};
    const auto end = value.size() > 4 ? value.substr(value.size() - 4) : std::string_view{};
    shown[member.key()] = "****" + std::string{end};
  }
  return shown;
}

// Stored facts keep money in minor units and times in microseconds; the API shows both as it always
// does.
json::value as_shown(const json::value& stored, std::string_view key = {}) {
  if (const auto* list = stored.if_array()) {
    json::array shown;
    for (const auto& item : *list) shown.push_back(as_shown(item));
    return shown;
  }
  if (const auto* object = stored.if_object()) {
    const auto* minor = object->if_contains("minor");
    const auto* code = object->if_contains("currency");
    if (object->size() == 2 && minor != nullptr && minor->is_int64() && code != nullptr &&
        code->is_string()) {
      if (const auto currency =
              Currency::parse({code->get_string().data(), code->get_string().size()})) {
        return money_object({minor->get_int64(), *currency});
      }
    }
    json::object shown;
    for (const auto& member : *object) {
      if (const auto* inner = member.value().if_object();
          inner != nullptr && key == "method" && member.key() == "fields") {
        shown[member.key()] = masked(*inner);
        continue;
      }
      shown[member.key()] = as_shown(member.value(), {member.key().data(), member.key().size()});
    }
    return shown;
  }
  if (stored.is_int64() && (key == "at" || key.ends_with("_at"))) {
    return json::value(to_rfc3339(from_micros(stored.get_int64())));
  }
  return stored;
}

json::object event_object(const storage::StoredEvent& stored) {
  json::error_code broken;
  json::value data = json::parse(stored.event.json, broken);
  if (broken) data = nullptr;
  json::object shown{{"sequence", stored.sequence},
                     {"id", stored.event.id.to_string()},
                     {"type", stored.event.type},
                     {"at", to_rfc3339(stored.event.at)},
                     {"operation", operation_of(data)}};
  shown["data"] = as_shown(data);
  return shown;
}

json::object operation_object(const storage::OperationRow& row) {
  return {{"id", row.id.to_string()},
          {"kind", row.kind},
          {"status", row.status},
          {"amount", money_object(row.amount)},
          {"attempts", row.attempts},
          {"idempotency_key", row.idempotency_key},
          {"provider_object", text_or_null(row.provider_object)},
          {"started_at", to_rfc3339(row.started_at)}};
}

json::object provider_object(const actors::ProviderHealth& provider) {
  const auto& can = provider.capabilities;
  json::array types;
  for (const auto& type : can.method_types) types.emplace_back(type);
  return {
      {"name", provider.name},
      {"healthy", provider.breaker == "closed"},
      {"breaker",
       {{"state", provider.breaker},
        {"held", provider.held},
        {"open_until", provider.open_until ? json::value(to_rfc3339(*provider.open_until))
                                           : json::value(nullptr)},
        {"consecutive_failures", provider.consecutive_failures},
        {"window_calls", provider.window_calls},
        {"window_failures", provider.window_failures}}},
      {"limits",
       {{"in_flight", provider.in_flight},
        {"in_flight_max", provider.in_flight_max},
        {"queued", provider.queued},
        {"queued_max", provider.queued_max},
        {"queue_ms", provider.queue_ms},
        {"rate_limit_per_s", provider.rate_limit_per_s > 0 ? json::value(provider.rate_limit_per_s)
                                                           : json::value(nullptr)}}},
      {"capabilities",
       {{"manual_capture", can.manual_capture},
        {"partial_capture", can.partial_capture},
        {"multiple_captures", can.multiple_captures},
        {"refunds", can.refunds},
        {"partial_refund", can.partial_refund},
        {"void_authorization", can.void_authorization},
        {"webhooks", can.webhooks},
        {"method_types", std::move(types)}}},
  };
}

json::object node_object(const actors::SupervisionNode& node) {
  json::array children;
  for (const auto& child : node.children) children.push_back(node_object(child));
  json::object shown{{"name", node.name},
                     {"kind", node.kind},
                     {"state", node.state},
                     {"restarts", node.restarts},
                     {"last_error", text_or_null(node.last_error)},
                     {"mailbox_depth", node.mailbox_depth},
                     {"since", to_rfc3339(node.since)},
                     {"live_children", node.live_children}};
  shown["children"] = std::move(children);
  return shown;
}

}  // namespace

std::string render_list(const std::vector<storage::PaymentRow>& rows, std::size_t limit,
                        std::string_view list) {
  const std::size_t count = std::min(rows.size(), limit);
  std::string text = R"({"data":[)";
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ',';
    text += rows[i].json;
  }
  const bool more = rows.size() > limit;
  text += R"(],"has_more":)";
  text += more ? "true" : "false";
  text += R"(,"next_cursor":)";
  text += more && count > 0 ? '"' + api::encode_cursor(rows[count - 1].id, list) + '"' : "null";
  return text + "}";
}

std::string render_story(const Story& story) {
  json::array events;
  for (const auto& event : story.events) events.push_back(event_object(event));
  json::array operations;
  for (const auto& row : story.operations) operations.push_back(operation_object(row));
  json::object shown;
  shown["data"] = std::move(events);
  shown["operations"] = std::move(operations);
  return json::serialize(shown);
}

std::string render_providers(const actors::ProvidersHealth& health) {
  json::array providers;
  for (const auto& provider : health.providers) providers.push_back(provider_object(provider));
  json::object shown;
  shown["data"] = std::move(providers);
  return json::serialize(shown);
}

std::string render_provider(const actors::ProviderHealth& provider) {
  return json::serialize(provider_object(provider));
}

std::string render_plan(const routing::Plan& plan) {
  json::array alternatives;
  json::array considered;
  for (std::size_t i = 1; i < plan.order.size(); ++i) alternatives.emplace_back(plan.order[i]);
  for (const auto& entry : plan.considered) {
    considered.push_back(json::object{
        {"provider", entry.provider}, {"chosen", entry.chosen}, {"reason", entry.reason}});
  }
  json::object shown{
      {"provider", plan.order.empty() ? json::value(nullptr) : json::value(plan.order.front())}};
  shown["alternatives"] = std::move(alternatives);
  shown["considered"] = std::move(considered);
  return json::serialize(shown);
}

std::string render_supervision(const actors::SupervisionNode& root) {
  return json::serialize(node_object(root));
}

}  // namespace cambist::gateway
