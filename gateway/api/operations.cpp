// What operators and machines ask: providers, the tree, liveness, readiness, metrics, the contract.
#include "gateway/api/render.hpp"
#include "gateway/api/routes.hpp"

namespace cambist::gateway {

void show_providers(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  exchange->give_up_after(params.read_deadline,
                          {ErrorCode::unavailable, "the providers did not answer in time"});
  params.bridge->providers([exchange](Result<actors::ProvidersHealth> health) {
    if (!health) return exchange->refuse(health.error());
    exchange->show(render_providers(*health));
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
