// What operators and machines ask: providers, the tree, liveness, readiness, metrics, the contract.
#include <algorithm>

#include <boost/json.hpp>

#include "gateway/api/body.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/routes.hpp"
#include "protocols/api/fields.hpp"
#include "protocols/core/json_text.hpp"

namespace cambist::gateway {
namespace {

using Action = actors::OperateBreaker::Action;

struct BreakerRequest {
  Action action = Action::reset;
  std::string name;
  std::string reason;
};

Result<BreakerRequest> read_breaker(const boost::json::object& body) {
  const api::Fields fields{body};
  if (const auto known = fields.only({"action", "reason", "idempotency_key"}); !known)
    return known.error();
  auto name = fields.needed_text("action", 16, api::Text::token);
  if (!name) return name.error();
  Action action = Action::reset;
  if (*name == "trip") {
    action = Action::trip;
  } else if (*name == "hold") {
    action = Action::hold;
  } else if (*name != "reset") {
    return fields.wrong("action", "must be trip, hold or reset");
  }
  auto reason = fields.text("reason", 500, api::Text::paragraph);
  if (!reason) return reason.error();
  return BreakerRequest{action, std::move(*name), std::move(*reason)};
}

}  // namespace

void show_providers(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  exchange->give_up_after(params.read_deadline,
                          {ErrorCode::unavailable, "the providers did not answer in time"});
  params.bridge->providers([exchange](Result<actors::ProvidersHealth> health) {
    if (!health) return exchange->refuse(health.error());
    exchange->show(render_providers(*health));
  });
}

void operate_breaker(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  const Error nobody{ErrorCode::not_found, "there is no such provider"};
  const auto& known = params.providers;
  if (std::find(known.begin(), known.end(), exchange->match.id) == known.end())
    return exchange->refuse(nobody);
  const auto body = begin_operation(exchange);
  if (!body) return;
  const auto request = read_breaker(*body);
  if (!request) return exchange->refuse(request.error());
  exchange->give_up_after(params.read_deadline,
                          {ErrorCode::unavailable, "the provider did not answer in time"});
  params.bridge->operate_breaker({exchange->match.id, request->action,
                                  audit_row(*exchange, "breaker." + request->name,
                                            exchange->match.id, {{"reason", request->reason}})},
                                 [exchange, nobody](Result<actors::BreakerOperated> operated) {
                                   if (!operated) return exchange->refuse(operated.error());
                                   if (operated->error) return exchange->refuse(*operated->error);
                                   if (!operated->health) return exchange->refuse(nobody);
                                   exchange->show(render_provider(*operated->health));
                                 });
}

void show_supervision(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  exchange->give_up_after(params.read_deadline,
                          {ErrorCode::unavailable, "the tree did not answer in time"});
  params.bridge->supervision([exchange](Result<actors::SupervisionNode> root) {
    if (!root) return exchange->refuse(root.error());
    exchange->show(render_supervision(*root));
  });
}

void livez(const ExchangePtr& exchange) {
  exchange->show(R"({"status":"alive"})");
}

namespace {

std::string check(std::string_view name, std::string_view status, std::string_view detail = {}) {
  std::string text;
  JsonObject out{text};
  out.string("name", name).string("status", status).string_or_null("detail", detail).close();
  return text;
}

/// One that runs. It takes payments, unless its circuit is open.
std::string check_running(const std::string& name, const actors::ProvidersHealth& health,
                          TimePoint now) {
  const auto& all = health.providers;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  const std::string check_name = "provider." + name;
  if (found == all.end()) return check(check_name, "ok");
  // The next call tries whether one whose time is over works again.
  const bool over = !found->held && found->open_until && *found->open_until <= now;
  const bool open = found->breaker == "open" && !over;
  const std::string until =
      !open               ? "a payment will try it again"
      : found->held       ? "no payment goes there until an operator resets the circuit"
      : found->open_until ? "no payment goes there until " + to_rfc3339(*found->open_until)
                          : "no payment goes there for a while";
  if (found->credentials_refused) {
    return check(check_name, "credentials_refused",
                 "the provider refused our credentials or account; " + until);
  }
  return open ? check(check_name, "circuit_open", until) : check(check_name, "ok");
}

/// The store and each provider, for a process that is ready: one that is off, misconfigured or out
/// of reach takes no payment, which is no reason not to be ready.
void show_checks(const ExchangePtr& exchange, const actors::ProvidersHealth& health) {
  const Core& core = *exchange->core;
  std::string checks = check("store", "ok");
  for (const auto& name : core.params.providers)
    checks += "," + check_running(name, health, core.params.now());
  for (const auto& [name, why] : core.params.providers_off)
    checks += "," + check("provider." + name, why.empty() ? "off" : "misconfigured", why);
  std::string body;
  JsonObject out{body};
  out.string("status", "ready").raw("checks", "[" + checks + "]").close();
  exchange->show(std::move(body));
}

void ask_and_show_checks(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  exchange->give_up_after(params.read_deadline,
                          {ErrorCode::unavailable, "the providers did not answer in time"});
  params.bridge->providers([exchange](Result<actors::ProvidersHealth> health) {
    if (!health) return exchange->refuse(health.error());
    show_checks(exchange, *health);
  });
}

}  // namespace

void readyz(const ExchangePtr& exchange) {
  const Core& core = *exchange->core;
  std::string reasons;
  const auto add = [&](std::string_view reason) {
    (reasons += reasons.empty() ? "" : "; ") += reason;
  };
  if (core.draining.load()) add("the process is draining");
  if (!core.params.bridge->store_healthy()) add("the store is not healthy");
  if (core.params.providers.empty()) add("no provider is enabled");
  if (!reasons.empty()) return exchange->refuse({ErrorCode::unavailable, reasons});
  if (exchange->query == "verbose" || exchange->query.starts_with("verbose="))
    return ask_and_show_checks(exchange);
  exchange->show(R"({"status":"ready"})");
}

void show_metrics(const ExchangePtr& exchange) {
  exchange->show(exchange->core->params.metrics->text(),
                 "text/plain; version=0.0.4; charset=utf-8");
}

void show_openapi(const ExchangePtr& exchange) {
  exchange->show(std::string{openapi_document()});
}

}  // namespace cambist::gateway
