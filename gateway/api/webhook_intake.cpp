// POST /api/v1/webhooks/{provider}[/{token}[/{path}]]: the raw request goes to the provider's
// stream, and the provider is answered when it is durable, or told to come again.
#include "gateway/api/routes.hpp"

namespace cambist::gateway {
namespace {

// One text for whatever is wrong with a signature: a forger learns nothing from it.
const Error unverified{ErrorCode::unauthenticated, "the webhook could not be verified"};
const Error not_now{ErrorCode::unavailable, "the webhook could not be stored now; send it again"};

Error shown(const Error& error) {
  switch (error.code) {
    case ErrorCode::unauthenticated:
    case ErrorCode::forbidden:
      return unverified;
    case ErrorCode::invalid_request:
    case ErrorCode::malformed_json:
      return {ErrorCode::invalid_request, "the body is no event of this provider", error.field};
    case ErrorCode::not_found:
      return {ErrorCode::not_found, "this provider has no webhooks here"};
    case ErrorCode::payload_too_large:
      return error;
    case ErrorCode::overloaded:
      return {ErrorCode::overloaded, "too many webhooks at a time; send it again"};
    default:
      return not_now;  // whatever it was: the provider keeps the webhook and repeats it
  }
}

}  // namespace

void receive_webhook(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  exchange->give_up_after(params.webhook_deadline, not_now);
  // The body moves on; method and target are still needed for the log.
  http::Request& given = exchange->request;
  http::Request raw{given.method,          {},        given.target, given.headers,
                    std::move(given.body), given.peer};
  params.bridge->webhook(
      {exchange->match.id, std::move(raw)}, [exchange](Result<actors::WebhookTaken> taken) {
        if (!taken) return exchange->refuse(shown(taken.error()));
        if (taken->error) return exchange->refuse(shown(*taken->error));
        if (!taken->answer.empty()) return exchange->show(std::move(taken->answer));
        exchange->show(taken->duplicate ? R"({"received":true,"duplicate":true})"
                                        : R"({"received":true,"duplicate":false})");
      });
}

}  // namespace cambist::gateway
