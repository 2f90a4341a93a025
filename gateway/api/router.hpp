// Which route a method and a path mean: one table, read from top to bottom.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cambist::gateway {

enum class RouteId {
  create_payment,
  list_payments,
  get_payment,
  capture_payment,
  cancel_payment,
  refund_payment,
  confirm_payment,
  schedule_capture,
  payment_events,
  explain_routing,
  receive_webhook,
  list_webhooks,
  get_webhook,
  replay_webhooks,
  webhook_health,
  create_endpoint,
  list_endpoints,
  get_endpoint,
  update_endpoint,
  delete_endpoint,
  test_endpoint,
  rotate_secret,
  list_deliveries,
  redeliver,
  rewind_endpoint,
  list_tasks,
  get_task,
  resolve_task,
  audit,
  providers,
  operate_breaker,
  import_statement,
  supervision,
  livez,
  readyz,
  metrics,
  openapi,
};

/// Shape: `path` holds at most one parameter, written "{name}".
struct Route {
  RouteId id;
  std::string_view method;
  std::string_view path;
  bool open = false;  // needs no API key
};
[[nodiscard]] std::span<const Route> routes() noexcept;
/// Whether it changes something: it takes a JSON body and counts among the writes.
[[nodiscard]] bool is_write(const Route& route) noexcept;

/// Shape: `route` nullptr with an empty `allow` is 404; with methods in it, 405.
struct Match {
  const Route* route = nullptr;
  std::string id{};
  std::string allow{};
};
/// `path` without its query. HEAD is GET. The first row whose path fits says which resource it is:
/// "/webhooks/replay" is never a provider of that name.
[[nodiscard]] Match match(std::string_view method, std::string_view path);

}  // namespace cambist::gateway
