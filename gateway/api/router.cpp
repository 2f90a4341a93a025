#include "gateway/api/router.hpp"

#include <array>
#include <utility>

namespace cambist::gateway {
namespace {

constexpr auto table = std::to_array<Route>({
    {RouteId::create_payment, "POST", "/api/v1/payments"},
    {RouteId::list_payments, "GET", "/api/v1/payments"},
    {RouteId::get_payment, "GET", "/api/v1/payments/{id}"},
    {RouteId::capture_payment, "POST", "/api/v1/payments/{id}/capture"},
    {RouteId::cancel_payment, "POST", "/api/v1/payments/{id}/cancel"},
    {RouteId::refund_payment, "POST", "/api/v1/payments/{id}/refund"},
    {RouteId::confirm_payment, "POST", "/api/v1/payments/{id}/confirm"},
    {RouteId::schedule_capture, "POST", "/api/v1/payments/{id}/capture-schedule"},
    {RouteId::payment_events, "GET", "/api/v1/payments/{id}/events"},
    {RouteId::explain_routing, "POST", "/api/v1/routing/explain"},
    {RouteId::list_webhooks, "GET", "/api/v1/webhooks/events"},
    {RouteId::get_webhook, "GET", "/api/v1/webhooks/events/{id}"},
    {RouteId::replay_webhooks, "POST", "/api/v1/webhooks/replay"},
    {RouteId::webhook_health, "GET", "/api/v1/webhooks/health"},
    {RouteId::receive_webhook, "POST", "/api/v1/webhooks/{provider}", true},
    {RouteId::receive_webhook, "POST", "/api/v1/webhooks/{provider}/{path}", true},
    {RouteId::create_endpoint, "POST", "/api/v1/webhook-endpoints"},
    {RouteId::list_endpoints, "GET", "/api/v1/webhook-endpoints"},
    {RouteId::get_endpoint, "GET", "/api/v1/webhook-endpoints/{id}"},
    {RouteId::update_endpoint, "PATCH", "/api/v1/webhook-endpoints/{id}"},
    {RouteId::delete_endpoint, "DELETE", "/api/v1/webhook-endpoints/{id}"},
    {RouteId::test_endpoint, "POST", "/api/v1/webhook-endpoints/{id}/test"},
    {RouteId::rotate_secret, "POST", "/api/v1/webhook-endpoints/{id}/rotate-secret"},
    {RouteId::list_deliveries, "GET", "/api/v1/webhook-endpoints/{id}/deliveries"},
    {RouteId::redeliver, "POST", "/api/v1/webhook-endpoints/{id}/redeliver"},
    {RouteId::rewind_endpoint, "POST", "/api/v1/webhook-endpoints/{id}/rewind"},
    {RouteId::list_tasks, "GET", "/api/v1/tasks"},
    {RouteId::get_task, "GET", "/api/v1/tasks/{id}"},
    {RouteId::resolve_task, "POST", "/api/v1/tasks/{id}/resolve"},
    {RouteId::audit, "GET", "/api/v1/audit"},
    {RouteId::providers, "GET", "/api/v1/providers"},
    {RouteId::operate_breaker, "POST", "/api/v1/providers/{name}/breaker"},
    {RouteId::import_statement, "POST", "/api/v1/providers/{name}/statements"},
    {RouteId::supervision, "GET", "/api/v1/runtime/supervision"},
    {RouteId::livez, "GET", "/livez", true},
    {RouteId::readyz, "GET", "/readyz", true},
    {RouteId::metrics, "GET", "/metrics", true},
    {RouteId::openapi, "GET", "/openapi.json", true},
});

constexpr std::string_view rest = "/{path}";  // one segment or several

// "before{id}/" and anything behind it.
bool fits_with_rest(std::string_view before, std::string_view path, std::string_view& id) {
  if (!path.starts_with(before)) return false;
  const std::string_view behind = path.substr(before.size());
  const auto slash = behind.find('/');
  if (slash == 0 || slash == std::string_view::npos || slash + 1 == behind.size()) return false;
  id = behind.substr(0, slash);
  return true;
}

// Whether `path` has the form of `pattern`; `id` is what stands for the parameter.
bool fits(std::string_view pattern, std::string_view path, std::string_view& id) {
  const std::size_t at = pattern.find('{');
  if (at == std::string_view::npos) return pattern == path;
  const std::string_view before = pattern.substr(0, at);
  const std::string_view after = pattern.substr(pattern.find('}') + 1);
  if (after == rest) return fits_with_rest(before, path, id);
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) ||
      !path.ends_with(after)) {
    return false;
  }
  id = path.substr(at, path.size() - before.size() - after.size());
  return id.find('/') == std::string_view::npos;
}

}  // namespace

std::span<const Route> routes() noexcept {
  return table;
}

bool is_write(const Route& route) noexcept {
  return route.method != "GET";
}

Match match(std::string_view method, std::string_view path) {
  Match found;
  std::string_view resource;
  for (const Route& route : table) {
    std::string_view id;
    if (resource.empty() ? !fits(route.path, path, id) : route.path != resource) continue;
    if (resource.empty()) {
      resource = route.path;
      found.id = id;
    }
    if (route.method == method || (route.method == "GET" && method == "HEAD")) {
      return {&route, std::move(found.id), {}};
    }
    found.allow += found.allow.empty() ? "" : ", ";
    found.allow += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  return found;
}

}  // namespace cambist::gateway
