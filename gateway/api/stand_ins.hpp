// Stand-ins for what other branches bring: to be replaced by protocols/api and protocols/http.
#pragma once

#include <boost/json.hpp>

#include "protocols/api/fields.hpp"
#include "protocols/http/url.hpp"
#include "protocols/payment/machine.hpp"

namespace cambist::gateway {

[[nodiscard]] inline Result<payment::ScheduleCapture> read_capture_schedule(
    const boost::json::object& body) {
  const api::Fields fields{body};
  if (const auto known = fields.only({"capture_at", "idempotency_key"}); !known)
    return known.error();
  if (!body.contains("capture_at")) return fields.wrong("capture_at", "is needed, or null");
  const auto text = fields.text("capture_at", 64, api::Text::token);
  if (!text) return text.error();
  if (text->empty()) return payment::ScheduleCapture{};
  const auto at = parse_rfc3339(*text);
  if (!at) return fields.wrong("capture_at", at.error().detail);
  return payment::ScheduleCapture{*at};
}

[[nodiscard]] inline Result<payment::ResolveOperation> read_task_resolution(
    const boost::json::object& body) {
  const api::Fields fields{body};
  if (const auto known = fields.only({"outcome", "reason", "provider_object", "idempotency_key"});
      !known) {
    return known.error();
  }
  const auto outcome = fields.needed_text("outcome", 16, api::Text::token);
  if (!outcome) return outcome.error();
  if (*outcome != "succeeded" && *outcome != "failed")
    return fields.wrong("outcome", "must be succeeded or failed");
  auto reason = fields.needed_text("reason", 500, api::Text::paragraph);
  if (!reason) return reason.error();
  auto object = fields.text("provider_object", 255, api::Text::token);
  if (!object) return object.error();
  payment::ResolveOperation resolution;
  resolution.succeeded = *outcome == "succeeded";
  resolution.provider_object = std::move(*object);
  resolution.reason = std::move(*reason);
  return resolution;
}

/// https://HOST[:443|:8443]/…, and with `loopback` http and this machine too.
[[nodiscard]] inline Result<void> check_public_url(std::string_view url, bool loopback) {
  const Error wrong{ErrorCode::invalid_request, "must be an https URL of a public host"};
  const std::size_t path = url.find('/', url.find("//") + 2);
  auto origin = http::parse_origin(url.substr(0, path));
  if (!origin || url.find('#') != std::string_view::npos) return wrong;
  const bool local =
      origin->host == "localhost" || origin->host == "127.0.0.1" || origin->host == "::1";
  if (local && loopback) return {};
  const bool literal = origin->host.find(':') != std::string::npos ||
                       origin->host.find_first_not_of("0123456789.") == std::string::npos;
  if (local || literal || !origin->tls || (origin->port != 443 && origin->port != 8443))
    return wrong;
  return {};
}

}  // namespace cambist::gateway
