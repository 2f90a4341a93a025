#include "gateway/sandbox/stripe/render.hpp"

#include <algorithm>

namespace cambist::gateway::sandbox::stripe {
namespace json = boost::json;
namespace {

constexpr std::size_t members_max =
    40;  // of the largest object: it grows once instead of many times

std::int64_t seconds(TimePoint time) {
  return to_micros(time) / 1'000'000;
}

json::value or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return json::string{text};
}

json::object to_object(const Metadata& metadata) {
  json::object object;
  for (const auto& [key, value] : metadata) object[key] = value;
  return object;
}

// Test cards do not expire while anybody looks: a year that is always ahead would make answers
// differ over time.
json::object card(const TestMethod& method) {
  json::object card;
  card["brand"] = method.brand;
  card["country"] = "US";
  card["exp_month"] = 12;
  card["exp_year"] = 2034;
  card["funding"] = "credit";
  card["last4"] = method.last4;
  card["network"] = method.brand;
  return card;
}

json::value next_action(const World& world, const Intent& intent) {
  if (intent.status != IntentStatus::requires_action) return nullptr;
  const auto url = challenge_url(world, intent);
  if (!intent.return_url.empty()) {
    return json::object{
        {"type", "redirect_to_url"},
        {"redirect_to_url", json::object{{"url", url}, {"return_url", intent.return_url}}}};
  }
  return json::object{
      {"type", "use_stripe_sdk"},
      {"use_stripe_sdk", json::object{{"type", "three_d_secure_redirect"}, {"stripe_js", url}}}};
}

json::value last_error(const PaymentError& error) {
  if (error.code.empty()) return nullptr;
  json::object shown;
  const auto put = [&shown](std::string_view name, std::string_view value) {
    if (!value.empty()) shown[name] = value;
  };
  put("type", error.type);
  put("code", error.code);
  put("decline_code", error.decline_code);
  put("advice_code", error.advice_code);
  put("network_decline_code", error.network_decline_code);
  put("message", error.message);
  put("charge", error.charge);
  if (error.method != nullptr) {
    shown["payment_method"] = render(*error.method);
    shown["payment_method_type"] = "card";
  }
  return shown;
}

json::object outcome(const Charge& charge) {
  const auto* decline = charge.decline;
  json::object shown;
  const bool review = charge.method->risk_level == "elevated";
  if (decline == nullptr) {
    shown["network_status"] = "approved_by_network";
    shown["reason"] = review ? json::value("elevated_risk_level") : json::value{};
    shown["seller_message"] = "Payment complete.";
    shown["type"] = review ? "manual_review" : "authorized";
  } else {
    shown["network_status"] = decline->blocked ? "not_sent_to_network" : "declined_by_network";
    shown["reason"] = decline->blocked
                          ? std::string_view{"highest_risk_level"}
                          : (decline->decline_code.empty() ? decline->code : decline->decline_code);
    shown["seller_message"] = decline->blocked ? "Stripe blocked this payment as too risky."
                                               : "The bank returned a decline code.";
    shown["type"] = decline->blocked ? "blocked" : "issuer_declined";
    shown["advice_code"] = or_null(decline->advice_code);
    shown["network_decline_code"] = or_null(decline->network_decline_code);
  }
  shown["risk_level"] = charge.method->risk_level;
  shown["risk_score"] = charge.method->risk_level == "highest" ? 92 : review ? 68 : 12;
  return shown;
}

json::object payment_method_details(const Charge& charge) {
  auto details = card(*charge.method);
  details["amount_authorized"] =
      charge.decline == nullptr ? json::value(charge.amount) : json::value{};
  details["capture_before"] = charge.decline == nullptr && charge.capture_before != TimePoint{}
                                  ? json::value(seconds(charge.capture_before))
                                  : json::value{};
  details["three_d_secure"] = nullptr;
  if (charge.authenticated) {
    details["three_d_secure"] = json::object{
        {"authentication_flow", "challenge"}, {"result", "authenticated"}, {"version", "2.2.0"}};
  }
  return json::object{{"type", "card"}, {"card", std::move(details)}};
}

}  // namespace

bool Expansion::has(std::string_view name) const {
  return std::any_of(paths_.begin(), paths_.end(), [&](std::string_view path) {
    return path.starts_with(name) && (path.size() == name.size() || path[name.size()] == '.');
  });
}

Expansion Expansion::below(std::string_view name) const {
  std::vector<std::string> rest;
  for (const auto& path : paths_) {
    if (path.size() > name.size() + 1 && path.starts_with(name) && path[name.size()] == '.') {
      rest.push_back(path.substr(name.size() + 1));
    }
  }
  return Expansion{std::move(rest)};
}

std::string challenge_url(const World& world, const Intent& intent) {
  return world.public_url + "/stripe/3ds/" + intent.id;
}

json::object render(const TestMethod& method) {
  json::object shown;
  shown["id"] = method.id;
  shown["object"] = "payment_method";
  shown["type"] = "card";
  shown["card"] = card(method);
  shown["billing_details"] =
      json::object{{"address", nullptr}, {"email", nullptr}, {"name", nullptr}, {"phone", nullptr}};
  shown["customer"] = nullptr;
  shown["livemode"] = false;
  shown["metadata"] = json::object{};
  return shown;
}

json::object render(const Customer& customer) {
  json::object shown;
  shown["id"] = customer.id;
  shown["object"] = "customer";
  shown["created"] = seconds(customer.created);
  shown["description"] = or_null(customer.description);
  shown["email"] = or_null(customer.email);
  shown["livemode"] = false;
  shown["metadata"] = to_object(customer.metadata);
  shown["name"] = or_null(customer.name);
  return shown;
}

json::object render(Bench& bench, const Intent& intent, const Expansion& expand) {
  json::object shown;
  shown.reserve(members_max);
  shown["id"] = intent.id;
  shown["object"] = "payment_intent";
  shown["amount"] = intent.amount;
  shown["amount_capturable"] = intent.capturable;
  shown["amount_received"] = intent.received;
  shown["automatic_payment_methods"] = nullptr;
  if (intent.automatic_methods) {
    shown["automatic_payment_methods"] = json::object{
        {"enabled", true}, {"allow_redirects", intent.redirects_allowed ? "always" : "never"}};
  }
  shown["canceled_at"] =
      intent.canceled_at ? json::value(seconds(*intent.canceled_at)) : json::value{};
  shown["cancellation_reason"] = or_null(intent.cancellation_reason);
  shown["capture_method"] = intent.capture_method;
  shown["client_secret"] = intent.id + "_secret_" + intent.secret;
  shown["confirmation_method"] = intent.confirmation_method;
  shown["created"] = seconds(intent.created);
  std::string currency{intent.currency.code()};
  std::transform(currency.begin(), currency.end(), currency.begin(),
                 [](char c) { return static_cast<char>(c | 0x20); });
  shown["currency"] = currency;
  shown["customer"] = or_null(intent.customer);
  shown["description"] = or_null(intent.description);
  shown["last_payment_error"] = last_error(intent.last_error);
  const auto* charge = bench.books.charges.find(intent.latest_charge);
  shown["latest_charge"] = or_null(intent.latest_charge);
  if (charge != nullptr && expand.has("latest_charge")) {
    shown["latest_charge"] = render(bench, *charge, expand.below("latest_charge"));
  }
  shown["livemode"] = false;
  shown["metadata"] = to_object(intent.metadata);
  shown["next_action"] = next_action(bench.world, intent);
  shown["payment_method"] = nullptr;
  if (intent.method != nullptr) {
    shown["payment_method"] = expand.has("payment_method") ? json::value(render(*intent.method))
                                                           : json::value(intent.method->id);
  }
  json::object card_options{
      {"request_three_d_secure", intent.request_3ds.empty() ? "automatic" : intent.request_3ds}};
  if (intent.multicapture) card_options["request_multicapture"] = "if_available";
  shown["payment_method_options"] = json::object{{"card", std::move(card_options)}};
  shown["payment_method_types"] = json::array{"card"};
  shown["processing"] = nullptr;
  shown["receipt_email"] = or_null(intent.receipt_email);
  shown["setup_future_usage"] = or_null(intent.setup_future_usage);
  shown["statement_descriptor"] = nullptr;
  shown["statement_descriptor_suffix"] = or_null(intent.statement_suffix);
  shown["status"] = to_string(intent.status);
  shown["transfer_group"] = or_null(intent.transfer_group);
  return shown;
}

json::object render(Bench& bench, const Charge& charge, const Expansion& expand) {
  json::object shown;
  shown.reserve(members_max);
  shown["id"] = charge.id;
  shown["object"] = "charge";
  shown["amount"] = charge.amount;
  shown["amount_captured"] = charge.captured_amount;
  shown["amount_refunded"] = charge.released ? charge.amount : charge.refunded_amount;
  shown["balance_transaction"] = nullptr;
  shown["captured"] = charge.captured;
  shown["created"] = seconds(charge.created);
  std::string currency{charge.currency.code()};
  std::transform(currency.begin(), currency.end(), currency.begin(),
                 [](char c) { return static_cast<char>(c | 0x20); });
  shown["currency"] = currency;
  shown["customer"] = or_null(charge.customer);
  shown["description"] = or_null(charge.description);
  shown["disputed"] = charge.disputed;
  shown["failure_code"] =
      charge.decline == nullptr ? json::value{} : json::value(charge.decline->code);
  shown["failure_message"] =
      charge.decline == nullptr ? json::value{} : json::value(charge.decline->message);
  shown["livemode"] = false;
  shown["metadata"] = to_object(charge.metadata);
  shown["outcome"] = outcome(charge);
  shown["paid"] = charge.decline == nullptr;
  shown["payment_intent"] = charge.intent;
  if (const auto* intent = bench.books.intents.find(charge.intent);
      intent != nullptr && expand.has("payment_intent")) {
    shown["payment_intent"] = render(bench, *intent, Expansion{});
  }
  shown["payment_method"] = charge.method->id;
  shown["payment_method_details"] = payment_method_details(charge);
  shown["receipt_url"] = nullptr;
  shown["refunded"] = charge.released || (charge.captured && charge.refunded_amount > 0 &&
                                          charge.refunded_amount == charge.captured_amount);
  shown["statement_descriptor_suffix"] = or_null(charge.statement_suffix);
  shown["status"] = charge.decline == nullptr ? "succeeded" : "failed";
  return shown;
}

json::object render(Bench& bench, const Refund& refund, const Expansion& expand) {
  json::object shown;
  shown.reserve(members_max);
  shown["id"] = refund.id;
  shown["object"] = "refund";
  shown["amount"] = refund.amount;
  shown["balance_transaction"] = nullptr;
  shown["charge"] = refund.charge;
  if (const auto* charge = bench.books.charges.find(refund.charge);
      charge != nullptr && expand.has("charge")) {
    shown["charge"] = render(bench, *charge, expand.below("charge"));
  }
  shown["created"] = seconds(refund.created);
  std::string currency{refund.currency.code()};
  std::transform(currency.begin(), currency.end(), currency.begin(),
                 [](char c) { return static_cast<char>(c | 0x20); });
  shown["currency"] = currency;
  shown["destination_details"] =
      json::object{{"type", "card"},
                   {"card", json::object{{"reference_status", "pending"}, {"type", "refund"}}}};
  if (refund.status == RefundStatus::failed) shown["failure_reason"] = "unknown";
  shown["metadata"] = to_object(refund.metadata);
  shown["payment_intent"] = refund.intent;
  if (const auto* intent = bench.books.intents.find(refund.intent);
      intent != nullptr && expand.has("payment_intent")) {
    shown["payment_intent"] = render(bench, *intent, Expansion{});
  }
  if (refund.status == RefundStatus::pending) shown["pending_reason"] = "processing";
  shown["reason"] = or_null(refund.reason);
  shown["status"] = refund.status == RefundStatus::pending     ? "pending"
                    : refund.status == RefundStatus::succeeded ? "succeeded"
                                                               : "failed";
  return shown;
}

}  // namespace cambist::gateway::sandbox::stripe
