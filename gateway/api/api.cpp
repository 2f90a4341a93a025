#include "gateway/api/api.hpp"

#include <algorithm>
#include <cctype>
#include <exception>
#include <utility>

#include "gateway/api/exchange.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/log.hpp"
#include "protocols/api/card_data.hpp"
#include "protocols/api/json.hpp"
#include "protocols/http/syntax.hpp"
#include "protocols/http/url.hpp"

namespace cambist::gateway {
namespace {

int whole_seconds(std::chrono::nanoseconds wait) {
  return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(wait).count());
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

// The place where a card number came in, or empty. The body is watched while it is read.
std::string card_data_in(const http::Request& request) {
  bool found = api::holds_card_number(request.target);
  // '+' and %XX, or names and values: else it decodes to itself.
  if (request.target.find_first_of("+%&=") != std::string::npos) {
    const auto decoded = http::form_decode(request.target);
    for (const auto& [name, value] : decoded ? *decoded : http::Pairs{}) {
      found = found || api::holds_card_number(name) || api::holds_card_number(value);
    }
  }
  if (found) return "target";
  for (const auto& header : request.headers) {
    // Keys are secrets of another kind, and a trace is 48 random digits that may look like
    // anything.
    if (http::equals_ignoring_case(header.name, "authorization") ||
        http::equals_ignoring_case(header.name, "traceparent"))
      continue;
    if (api::holds_card_number(header.value)) return "header " + api::shown_name(header.name);
    if (api::names_card_secret(header.name) &&
        std::any_of(header.value.begin(), header.value.end(),
                    [](char c) { return c >= '0' && c <= '9'; })) {
      return "header " + api::shown_name(header.name);
    }
  }
  return {};
}

bool is_json(const http::Request& request) {
  const std::string* type = http::find(request.headers, "Content-Type");
  if (type == nullptr) return false;
  const std::string value = lower(*type);
  const std::size_t end = value.find_first_of("; \t");
  if (value.substr(0, end) != "application/json") return false;
  if (end == std::string::npos) return true;
  std::string parameters;
  for (const char c : value.substr(end)) {
    if (c != ' ' && c != '\t' && c != '"') parameters += c;
  }
  return parameters == ";charset=utf-8" || parameters == ";";
}

bool refuse_stranger(const ExchangePtr& exchange, std::string detail) {
  Core& core = *exchange->core;
  const auto wait = core.strangers.admit(exchange->request.peer, core.params.ticks());
  if (wait.count() == 0) return false;
  exchange->refuse({ErrorCode::rate_limited, std::move(detail)}, whole_seconds(wait));
  return true;
}

// Commands of payments, as opposed to what operators do: these are shed when the journal is behind.
bool is_command(RouteId id) {
  switch (id) {
    case RouteId::create_payment:
    case RouteId::capture_payment:
    case RouteId::cancel_payment:
    case RouteId::refund_payment:
    case RouteId::confirm_payment:
    case RouteId::schedule_capture:
      return true;
    default:
      return false;
  }
}

// A store that cannot be written is not asked: the client is told at once, and what waits for the
// store's deadline does not grow.
bool refuse_unwritable(const ExchangePtr& exchange) {
  if (exchange->core->params.bridge->store_healthy()) return false;
  exchange->refuse({ErrorCode::unavailable, "the payment store cannot be written now; try again"});
  return true;
}

// A webhook comes from a provider that has no key of ours and few addresses, and is read as it is:
// neither its form nor its digits are looked at (README.md, decision 9). False: answered already.
bool may_pass_as_webhook(const ExchangePtr& exchange) {
  Core& core = *exchange->core;
  const auto& providers = core.params.providers;
  if (std::find(providers.begin(), providers.end(), exchange->match.id) == providers.end()) {
    if (!refuse_stranger(exchange, "too many requests from this address"))
      exchange->refuse({ErrorCode::not_found, "there is no such provider"});
    return false;
  }
  if (refuse_unwritable(exchange)) return false;
  const Error full{ErrorCode::overloaded, "too many webhooks at a time; send it again"};
  if (const auto wait = core.webhooks.admit(exchange->match.id, core.params.ticks());
      wait.count() > 0) {
    core.params.metrics->shed("webhook");
    exchange->refuse(full, whole_seconds(wait));
    return false;
  }
  if (!exchange->admit(QueueLimit::webhook_share) || !exchange->enter_queue()) {
    exchange->refuse(full);
    return false;
  }
  return true;
}

// Who asks, and how often. False: answered already.
bool is_known(const ExchangePtr& exchange) {
  Core& core = *exchange->core;
  auto principal = core.keys.authenticate(exchange->request.headers);
  if (!principal) {
    if (refuse_stranger(exchange, "too many requests without a valid key")) return false;
    exchange->extra.push_back({"WWW-Authenticate", "Bearer realm=\"cambist\""});
    exchange->refuse(principal.error());
    return false;
  }
  exchange->principal = std::move(*principal);
  RateLimiter& limiter = is_write(*exchange->match.route) ? core.writes : core.reads;
  if (const auto wait = limiter.admit(exchange->principal.tenant.value, core.params.ticks());
      wait.count() > 0) {
    exchange->refuse({ErrorCode::rate_limited, "too many requests with this key"},
                     whole_seconds(wait));
    return false;
  }
  return true;
}

bool has_route(const ExchangePtr& exchange) {
  const Match& match = exchange->match;
  if (match.route != nullptr) return true;
  if (match.allow.empty()) {
    exchange->refuse({ErrorCode::not_found, "there is no such path"});
  } else {
    exchange->extra.push_back({"Allow", match.allow});
    exchange->refuse({ErrorCode::method_not_allowed, "allowed here: " + match.allow});
  }
  return false;
}

// What is checked before any route: who asks, how often, and in which form. False: answered
// already.
bool may_pass(const ExchangePtr& exchange) {
  Core& core = *exchange->core;
  const Match& match = exchange->match;
  if (match.route != nullptr && match.route->id == RouteId::receive_webhook)
    return may_pass_as_webhook(exchange);
  // A bank's statement is no JSON, and is full of long numbers: accounts, not cards.
  const bool statement = match.route != nullptr && match.route->id == RouteId::import_statement;
  std::string place = statement ? std::string{} : card_data_in(exchange->request);
  if (!place.empty()) {
    core.params.metrics->card_data_refused();
    exchange->refuse(
        {ErrorCode::card_data_refused,
         "card numbers and card secrets are not accepted; send the provider's token instead",
         place});
    return false;
  }
  if (!has_route(exchange)) return false;
  // Probes are always answered: whoever asks them decides whether this process lives.
  if (match.route->id == RouteId::livez || match.route->id == RouteId::readyz) return true;
  if (match.route->open) return !refuse_stranger(exchange, "too many requests from this address");
  if (!is_known(exchange)) return false;
  if (is_write(*match.route) && refuse_unwritable(exchange)) return false;
  if (!exchange->admit()) {
    exchange->refuse({ErrorCode::overloaded, "too many requests are being worked on"});
    return false;
  }
  if (is_command(match.route->id) && !exchange->enter_queue()) {
    exchange->refuse({ErrorCode::overloaded, "too many commands are waiting; try again"});
    return false;
  }
  if (is_write(*match.route) && !statement && !exchange->request.body.empty() &&
      !is_json(exchange->request)) {
    exchange->refuse(
        {ErrorCode::unsupported_media_type, "send the body as application/json", "Content-Type"});
    return false;
  }
  return true;
}

void run(const ExchangePtr& exchange) {
  switch (exchange->match.route->id) {
    case RouteId::create_payment:
    case RouteId::capture_payment:
    case RouteId::cancel_payment:
    case RouteId::refund_payment:
    case RouteId::confirm_payment:
    case RouteId::schedule_capture:
      return perform_command(exchange);
    case RouteId::list_payments:
      return list_payments(exchange);
    case RouteId::get_payment:
      return get_payment(exchange);
    case RouteId::payment_events:
      return payment_events(exchange);
    case RouteId::explain_routing:
      return explain_routing(exchange);
    case RouteId::receive_webhook:
      return receive_webhook(exchange);
    case RouteId::list_webhooks:
      return list_webhooks(exchange);
    case RouteId::get_webhook:
      return get_webhook(exchange);
    case RouteId::replay_webhooks:
      return replay_webhooks(exchange);
    case RouteId::webhook_health:
      return webhook_health(exchange);
    case RouteId::create_endpoint:
      return create_endpoint(exchange);
    case RouteId::list_endpoints:
      return list_endpoints(exchange);
    case RouteId::get_endpoint:
      return get_endpoint(exchange);
    case RouteId::update_endpoint:
      return update_endpoint(exchange);
    case RouteId::delete_endpoint:
      return delete_endpoint(exchange);
    case RouteId::test_endpoint:
      return test_endpoint(exchange);
    case RouteId::rotate_secret:
      return rotate_secret(exchange);
    case RouteId::list_deliveries:
      return list_deliveries(exchange);
    case RouteId::redeliver:
      return redeliver(exchange);
    case RouteId::rewind_endpoint:
      return rewind_endpoint(exchange);
    case RouteId::list_tasks:
      return list_tasks(exchange);
    case RouteId::get_task:
      return get_task(exchange);
    case RouteId::resolve_task:
      return resolve_task(exchange);
    case RouteId::audit:
      return list_audit(exchange);
    case RouteId::providers:
      return show_providers(exchange);
    case RouteId::operate_breaker:
      return operate_breaker(exchange);
    case RouteId::import_statement:
      return import_statement(exchange);
    case RouteId::supervision:
      return show_supervision(exchange);
    case RouteId::livez:
      return livez(exchange);
    case RouteId::readyz:
      return readyz(exchange);
    case RouteId::metrics:
      return show_metrics(exchange);
    case RouteId::openapi:
      return show_openapi(exchange);
  }
}

std::chrono::nanoseconds steady_ticks() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

}  // namespace

Api::Api(ApiParams params) {
  if (!params.ticks) params.ticks = &steady_ticks;
  core_ = std::make_shared<Core>(std::move(params));
}

Api::~Api() = default;

inbound::Handler Api::handler() const {
  return [core = core_](http::Request request, inbound::Responder responder) {
    // Not make_shared: timers keep weak pointers for seconds, and must not keep the request's
    // memory.
    const ExchangePtr exchange{new Exchange{core, std::move(request), std::move(responder)}};
    try {
      if (may_pass(exchange)) run(exchange);
    } catch (const std::exception& failure) {
      log_event(spdlog::level::err, "request failed",
                {{"request_id", exchange->request_id}, {"reason", failure.what()}});
      exchange->refuse({ErrorCode::internal, "something went wrong here; it has been logged"});
    }
  };
}

inbound::Refusal Api::refusal() const {
  return [core = core_](int status, const Error& error) {
    const std::string request_id =
        RequestId::make(core->params.now(), core->params.random).to_string();
    api::Answer answer = api::problem_with_status(status, error, request_id);
    core->params.metrics->request_handled("none", "other", status, Duration{0});
    http::Response response{status, standard_headers("application/problem+json", request_id),
                            std::move(answer.body)};
    if (answer.retry_after_s)
      response.headers.push_back({"Retry-After", std::to_string(*answer.retry_after_s)});
    return response;
  };
}

std::function<bool(const http::Head&)> Api::large_bodies() const {
  return [core = core_](const http::Head& head) {
    const std::string_view target = head.target;
    const auto found = match(head.method, target.substr(0, target.find('?')));
    return found.route != nullptr && found.route->id == RouteId::import_statement &&
           core->keys.authenticate(head.headers).has_value();
  };
}

void Api::drain() noexcept {
  core_->draining.store(true);
}

}  // namespace cambist::gateway
