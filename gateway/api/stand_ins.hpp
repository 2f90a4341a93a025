// Stand-ins for what other branches bring: to be replaced by protocols/api and protocols/http.
#pragma once

#include <boost/json.hpp>

#include "protocols/api/fields.hpp"
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

}  // namespace cambist::gateway
