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
  payment_events,
  providers,
  supervision,
  livez,
  readyz,
  metrics,
  openapi,
};

/// Shape: `path` holds at most one parameter, written "{id}".
struct Route {
  RouteId id;
  std::string_view method;
  std::string_view path;
  bool open = false;  // needs no API key
};
[[nodiscard]] std::span<const Route> routes() noexcept;

/// Shape: `route` nullptr with an empty `allow` is 404; with methods in it, 405.
struct Match {
  const Route* route = nullptr;
  std::string id{};
  std::string allow{};
};
/// `path` without its query. HEAD is GET.
[[nodiscard]] Match match(std::string_view method, std::string_view path);

}  // namespace cambist::gateway
