#include "gateway/api/body.hpp"

#include <optional>

#include <boost/json.hpp>

#include "protocols/api/json.hpp"
#include "protocols/api/keys.hpp"

namespace cambist::gateway {

Result<Body> read_body(const Exchange& exchange) {
  Body body;
  if (!exchange.request.body.empty()) {
    auto object = api::read_object(exchange.request.body);
    if (!object) {
      if (object.error().code == ErrorCode::card_data_refused)
        exchange.core->params.metrics->card_data_refused();
      return object.error();
    }
    body.json = std::move(*object);
  }
  auto key =
      api::idempotency_key_of(http::find(exchange.request.headers, "Idempotency-Key"), body.json);
  if (!key) return key.error();
  body.key = std::move(*key);
  body.fingerprint = api::fingerprint(exchange.request.method, exchange.path, body.json);
  return body;
}

std::optional<boost::json::object> begin_operation(const ExchangePtr& exchange) {
  auto body = read_body(*exchange);
  if (!body) {
    exchange->refuse(body.error());
    return std::nullopt;
  }
  if (body->key.empty()) return std::move(body->json);
  const std::string key = exchange->principal.tenant.value + '\n' + body->key;
  auto& kept = exchange->core->kept_answers;
  auto found = kept.claim(key, body->fingerprint, exchange->core->params.now());
  if (const auto* before = std::get_if<KeptAnswers::Before>(&found)) {
    const int status = before->status;
    exchange->answer({status, before->body, status >= 400, true, std::nullopt, before->location});
    return std::nullopt;
  }
  if (const auto* refused = std::get_if<Error>(&found)) {
    exchange->refuse(*refused);
    return std::nullopt;
  }
  exchange->kept_key = key;
  return std::move(body->json);
}

storage::AuditRow audit_row(const Exchange& exchange, std::string action, std::string object,
                            const boost::json::object& detail) {
  const ApiParams& params = exchange.core->params;
  const TimePoint now = params.now();
  return {AuditId::make(now, params.random),
          exchange.principal.tenant,
          now,
          exchange.principal.key_id,
          std::move(action),
          std::move(object),
          detail.empty() ? std::string{} : boost::json::serialize(detail),
          exchange.request_id};
}

}  // namespace cambist::gateway
