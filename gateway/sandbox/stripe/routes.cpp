#include "gateway/sandbox/stripe/routes.hpp"

#include <array>

namespace cambist::gateway::sandbox::stripe {
namespace {

constexpr std::array table{
    Route{"POST", "/v1/payment_intents", Role::create, &create_intent},
    Route{"GET", "/v1/payment_intents", Role::inquire, &list_intents},
    Route{"GET", "/v1/payment_intents/:id", Role::inquire, &retrieve_intent},
    Route{"POST", "/v1/payment_intents/:id", Role::other, &update_intent},
    Route{"POST", "/v1/payment_intents/:id/confirm", Role::confirm, &confirm_intent},
    Route{"POST", "/v1/payment_intents/:id/capture", Role::capture, &capture_intent},
    Route{"POST", "/v1/payment_intents/:id/cancel", Role::cancel, &cancel_intent},
    Route{"POST", "/v1/refunds", Role::refund, &create_refund},
    Route{"GET", "/v1/refunds", Role::inquire, &list_refunds},
    Route{"GET", "/v1/refunds/:id", Role::inquire, &retrieve_refund},
    Route{"GET", "/v1/charges/:id", Role::inquire, &retrieve_charge},
    Route{"GET", "/v1/payment_methods/:id", Role::other, &retrieve_payment_method},
    Route{"POST", "/v1/customers", Role::other, &create_customer},
    Route{"GET", "/v1/customers/:id", Role::other, &retrieve_customer},
    Route{"GET", "/v1/disputes", Role::other, &list_disputes},
    Route{"GET", "/v1/disputes/:id", Role::other, &retrieve_dispute},
    Route{"POST", "/v1/disputes/:id", Role::other, &update_dispute},
    Route{"POST", "/v1/disputes/:id/close", Role::other, &accept_dispute},
    Route{"GET", "/v1/events", Role::other, &list_events},
    Route{"GET", "/v1/events/:id", Role::other, &retrieve_event},
    Route{"GET", "/v1/balance", Role::other, &retrieve_balance},
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

// A confirm can still change how the money is captured.
Operation taking(std::string_view capture_method) noexcept {
  return capture_method == "manual" ? Operation::authorize : Operation::charge;
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

std::optional<FaultCall> fault_call(Bench& bench, const Match& match, const Form& form) {
  FaultCall call;
  call.provider = "stripe";
  const auto* capture = form.find("capture_method");
  switch (match.route->role) {
    case Role::other:
      return std::nullopt;
    case Role::create: {
      const auto* confirm = form.find("confirm");
      call.operation = taking(capture == nullptr ? "" : *capture);
      call.prepares = true;
      call.commits = confirm != nullptr && *confirm == "true";
      return call;
    }
    case Role::confirm: {
      const auto* intent = bench.books.intents.find(match.id);
      if (intent == nullptr) return std::nullopt;
      call.operation =
          taking(capture == nullptr ? intent->capture_method : std::string_view{*capture});
      return call;
    }
    case Role::capture:
      call.operation = Operation::capture;
      return call;
    case Role::cancel:
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

}  // namespace cambist::gateway::sandbox::stripe
