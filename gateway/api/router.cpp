#include "gateway/api/router.hpp"

#include <array>

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
    {RouteId::payment_events, "GET", "/api/v1/payments/{id}/events"},
    {RouteId::providers, "GET", "/api/v1/providers"},
    {RouteId::supervision, "GET", "/api/v1/runtime/supervision"},
    {RouteId::livez, "GET", "/livez", true},
    {RouteId::readyz, "GET", "/readyz", true},
    {RouteId::metrics, "GET", "/metrics", true},
    {RouteId::openapi, "GET", "/openapi.json", true},
});

// Whether `path` has the form of `pattern`; `id` is what stands for "{id}".
bool fits(std::string_view pattern, std::string_view path, std::string_view& id) {
  constexpr std::string_view parameter = "{id}";
  const std::size_t at = pattern.find(parameter);
  if (at == std::string_view::npos) return pattern == path;
  const std::string_view before = pattern.substr(0, at);
  const std::string_view after = pattern.substr(at + parameter.size());
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

Match match(std::string_view method, std::string_view path) {
  Match found;
  for (const Route& route : table) {
    std::string_view id;
    if (!fits(route.path, path, id)) continue;
    if (route.method == method || (route.method == "GET" && method == "HEAD")) {
      return {&route, std::string{id}, {}};
    }
    found.allow += found.allow.empty() ? "" : ", ";
    found.allow += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  return found;
}

}  // namespace cambist::gateway
