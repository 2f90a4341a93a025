#include "gateway/sandbox/paypal/routes.hpp"

#include <array>

namespace cambist::gateway::sandbox::paypal {
namespace {

using M = Memory;

constexpr std::array table{
    Route{"POST", "/v2/checkout/orders", Role::create, M::order, &create_order},
    Route{"GET", "/v2/checkout/orders/:id", Role::inquire, M::none, &show_order},
    Route{"PATCH", "/v2/checkout/orders/:id", Role::other, M::none, &patch_order},
    Route{"POST", "/v2/checkout/orders/:id/authorize", Role::authorize, M::order, &authorize_order},
    Route{"POST", "/v2/checkout/orders/:id/capture", Role::charge, M::order, &capture_order},
    Route{"POST", "/v2/checkout/orders/:id/confirm-payment-source", Role::other, M::none,
          &confirm_payment_source},
    Route{"GET", "/v2/payments/authorizations/:id", Role::inquire, M::none, &show_authorization},
    Route{"POST", "/v2/payments/authorizations/:id/capture", Role::capture, M::payment,
          &capture_authorization},
    Route{"POST", "/v2/payments/authorizations/:id/reauthorize", Role::authorize, M::payment,
          &reauthorize},
    Route{"POST", "/v2/payments/authorizations/:id/void", Role::void_authorization, M::payment,
          &void_authorization,
          true},  // it has no body, and the official SDK names no type for none
    Route{"GET", "/v2/payments/captures/:id", Role::inquire, M::none, &show_capture},
    Route{"POST", "/v2/payments/captures/:id/refund", Role::refund, M::payment, &refund_capture},
    Route{"GET", "/v2/payments/refunds/:id", Role::inquire, M::none, &show_refund},
    Route{"GET", "/v1/customer/disputes", Role::other, M::none, &list_disputes},
    Route{"GET", "/v1/customer/disputes/:id", Role::other, M::none, &show_dispute},
    Route{"POST", "/v1/customer/disputes/:id/provide-evidence", Role::other, M::none,
          &provide_evidence, true},
    Route{"POST", "/v1/customer/disputes/:id/accept-claim", Role::other, M::none, &accept_claim},
    Route{"POST", "/v1/customer/disputes/:id/adjudicate", Role::other, M::none, &adjudicate},
    Route{"POST", "/v1/notifications/verify-webhook-signature", Role::other, M::none,
          &verify_signature},
    Route{"GET", "/v1/notifications/webhooks-events/:id", Role::other, M::none, &show_event},
};

std::optional<std::string_view> fit(std::string_view pattern, std::string_view path) noexcept {
  const auto colon = pattern.find(":id");
  if (colon == std::string_view::npos)
    return pattern == path ? std::optional{std::string_view{}} : std::nullopt;
  const auto tail = pattern.substr(colon + 3);
  if (!path.starts_with(pattern.substr(0, colon)) || !path.ends_with(tail)) return std::nullopt;
  if (path.size() <= colon + tail.size()) return std::nullopt;
  const auto id = path.substr(colon, path.size() - colon - tail.size());
  return id.find('/') == std::string_view::npos ? std::optional{id} : std::nullopt;
}

Operation intended(const boost::json::value& body) noexcept {
  const auto* object = body.if_object();
  const auto* intent = object == nullptr ? nullptr : object->if_contains("intent");
  return intent != nullptr && *intent == "AUTHORIZE" ? Operation::authorize : Operation::charge;
}

}  // namespace

std::span<const Route> routes() noexcept {
  return table;
}

Match find_route(std::string_view method, std::string_view path) noexcept {
  for (const auto& route : table) {
    if (route.method != method) continue;
    if (const auto id = fit(route.path, path)) return Match{&route, *id};
  }
  return {};
}

std::optional<FaultCall> fault_call(const Match& match, const boost::json::value& body) {
  FaultCall call;
  call.provider = "paypal";
  switch (match.route->role) {
    case Role::other:
      return std::nullopt;
    case Role::create:
      call.operation = intended(body);
      call.prepares = true;
      call.commits = false;
      return call;
    case Role::authorize:
      call.operation = Operation::authorize;
      return call;
    case Role::charge:
      call.operation = Operation::charge;
      return call;
    case Role::capture:
      call.operation = Operation::capture;
      return call;
    case Role::void_authorization:
      call.operation = Operation::void_authorization;
      return call;
    case Role::refund:
      call.operation = Operation::refund;
      return call;
    case Role::inquire:
      call.operation = Operation::inquire;
      return call;
  }
  return std::nullopt;
}

}  // namespace cambist::gateway::sandbox::paypal
