#include "gateway/api/render_endpoints.hpp"

#include <boost/json.hpp>

#include "gateway/api/render_parts.hpp"

namespace cambist::gateway {
namespace {

namespace json = boost::json;

json::value last_four(const std::string& secret) {
  constexpr std::size_t shown = 4;
  // Of a secret so short, four characters would tell too much.
  if (secret.size() < 16) return nullptr;
  return json::value(secret.substr(secret.size() - shown));
}

json::object endpoint_object(const storage::EndpointRow& row) {
  json::array types;
  for (const auto& type : row.types) types.emplace_back(type);
  json::object shown{
      {"id", row.id.to_string()}, {"url", row.url}, {"description", text_or_null(row.description)}};
  shown["types"] = std::move(types);
  shown["enabled"] = row.enabled;
  shown["disabled_reason"] = text_or_null(row.disabled_reason);
  shown["secret_last4"] = last_four(row.secret);
  shown["previous_secret_until"] = time_or_null(row.previous_secret_until);
  shown["cursor"] = std::to_string(row.cursor);
  shown["created_at"] = to_rfc3339(row.created_at);
  shown["updated_at"] = to_rfc3339(row.updated_at);
  return shown;
}

json::object delivery_object(const storage::DeliveryRow& row) {
  // What a test met has no place in the outbox.
  const json::value cursor =
      row.position == 0 ? json::value(nullptr) : json::value(std::to_string(row.position));
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(row.duration).count();
  return {{"event_id", row.event.to_string()},
          {"type", row.type},
          {"payment_id", id_or_null(row.payment)},
          {"cursor", cursor},
          {"status", row.status},
          {"attempts", row.attempts},
          {"response_status",
           row.response_status == 0 ? json::value(nullptr) : json::value(row.response_status)},
          {"error", text_or_null(row.error)},
          {"duration_ms", milliseconds},
          {"next_attempt_at", time_or_null(row.next_attempt_at)},
          {"updated_at", to_rfc3339(row.updated_at)}};
}

}  // namespace

std::string render_endpoints(const std::vector<storage::EndpointRow>& rows, const Page& page) {
  return render_rows(rows, page, endpoint_object, [](const auto& row) { return row.id.bytes; });
}

std::string render_endpoint(const storage::EndpointRow& row, const std::string& secret) {
  json::object shown = endpoint_object(row);
  if (!secret.empty()) shown["secret"] = secret;
  return json::serialize(shown);
}

std::string render_deliveries(const std::vector<storage::DeliveryRow>& rows, const Page& page) {
  return render_rows(rows, page, delivery_object,
                     [](const auto& row) { return uuid_of(row.position); });
}

std::string render_delivery(const storage::DeliveryRow& row) {
  return json::serialize(delivery_object(row));
}

}  // namespace cambist::gateway
