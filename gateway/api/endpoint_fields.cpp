#include "gateway/api/endpoint_fields.hpp"

#include <array>
#include <charconv>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "protocols/api/fields.hpp"
#include "protocols/http/endpoint_url.hpp"
#include "protocols/webhook/delivery.hpp"
#include "protocols/webhook/standard.hpp"

namespace cambist::gateway {
namespace {

namespace json = boost::json;

constexpr std::size_t url_bytes_max = 2'048;
constexpr std::size_t description_bytes_max = 500;
constexpr std::size_t types_max = 50;
constexpr std::size_t type_bytes_max = 100;
constexpr std::int64_t overlap_hours_max = 168;

Result<std::string> read_url(const api::Fields& fields, bool loopback) {
  auto url = fields.needed_text("url", url_bytes_max, api::Text::token);
  if (!url) return url.error();
  const auto read = http::parse_endpoint_url(
      *url, loopback ? http::EndpointMode::development : http::EndpointMode::production);
  if (!read) return fields.wrong("url", read.error().detail);
  return read->text();
}

Result<std::vector<std::string>> read_types(const api::Fields& fields) {
  std::vector<std::string> types;
  const json::value* list = fields.find("types");
  if (list == nullptr) return types;
  if (!list->is_array() || list->get_array().size() > types_max)
    return fields.wrong("types", "must be a list of at most 50 types; an empty one means all");
  for (std::size_t i = 0; i < list->get_array().size(); ++i) {
    const json::value& item = list->get_array()[i];
    const std::string type = item.is_string() ? std::string{item.get_string()} : std::string{};
    if (type.size() > type_bytes_max || !webhook::is_type_pattern(type)) {
      return fields.wrong("types[" + std::to_string(i) + "]",
                          "must be a type such as payment.captured, or payment.* for all of them");
    }
    types.push_back(type);
  }
  return types;
}

}  // namespace

Result<storage::EndpointRow> read_endpoint(const json::object& body, bool loopback) {
  const api::Fields fields{body};
  if (const auto known = fields.only({"url", "types", "description", "idempotency_key"}); !known)
    return known.error();
  auto url = read_url(fields, loopback);
  if (!url) return url.error();
  auto types = read_types(fields);
  if (!types) return types.error();
  auto description = fields.text("description", description_bytes_max, api::Text::line);
  if (!description) return description.error();
  storage::EndpointRow row;
  row.url = std::move(*url);
  row.types = std::move(*types);
  row.description = std::move(*description);
  return row;
}

Result<actors::UpdateEndpoint> read_endpoint_changes(const json::object& body, bool loopback) {
  const api::Fields fields{body};
  if (const auto known = fields.only({"url", "types", "description", "enabled"}); !known)
    return known.error();
  actors::UpdateEndpoint change;
  if (body.contains("url")) {
    auto url = read_url(fields, loopback);
    if (!url) return url.error();
    change.url = std::move(*url);
  }
  if (body.contains("types")) {
    auto types = read_types(fields);
    if (!types) return types.error();
    change.types = std::move(*types);
  }
  if (body.contains("description")) {
    auto description = fields.text("description", description_bytes_max, api::Text::line);
    if (!description) return description.error();
    change.description = std::move(*description);
  }
  if (body.contains("enabled")) {
    if (fields.find("enabled") == nullptr) return fields.wrong("enabled", "must be true or false");
    const auto enabled = fields.flag("enabled", true);
    if (!enabled) return enabled.error();
    change.enabled = *enabled;
  }
  if (body.empty()) return fields.wrong("url", "nothing to change is named");
  return change;
}

Result<std::chrono::hours> read_overlap(const json::object& body) {
  const api::Fields fields{body};
  if (const auto known = fields.only({"overlap_hours", "idempotency_key"}); !known)
    return known.error();
  const json::value* value = fields.find("overlap_hours");
  if (value == nullptr) return std::chrono::hours{24};
  if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > overlap_hours_max)
    return fields.wrong("overlap_hours", "must be a number from 0 to 168");
  return std::chrono::hours{value->get_int64()};
}

Result<std::uint64_t> read_cursor(const json::object& body) {
  const api::Fields fields{body};
  if (const auto known = fields.only({"cursor", "idempotency_key"}); !known) return known.error();
  const auto text = fields.needed_text("cursor", 20, api::Text::token);
  if (!text) return text.error();
  // As the store counts: signed, 64 bits.
  std::int64_t position = 0;
  const char* end = text->data() + text->size();
  const auto [rest, failed] = std::from_chars(text->data(), end, position);
  if (failed != std::errc{} || rest != end || position < 0)
    return fields.wrong("cursor", "is no cursor of an endpoint or a delivery");
  return static_cast<std::uint64_t>(position);
}

Result<EventId> read_event(const json::object& body) {
  const api::Fields fields{body};
  if (const auto known = fields.only({"event_id", "idempotency_key"}); !known) return known.error();
  const auto text = fields.needed_text("event_id", 64, api::Text::token);
  if (!text) return text.error();
  const auto id = EventId::parse(*text);
  if (!id) return fields.wrong("event_id", "is no id of an event");
  return *id;
}

Result<std::string> fresh_endpoint_secret() {
  std::array<std::uint8_t, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    return Error{ErrorCode::unavailable, "the system has no randomness for a secret now"};
  std::string secret = webhook::make_secret(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return secret;
}

}  // namespace cambist::gateway
