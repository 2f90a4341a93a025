#include "protocols/providers/paypal/objects.hpp"

#include <algorithm>
#include <string_view>

#include "protocols/http/syntax.hpp"
#include "protocols/providers/paypal/fields.hpp"

namespace cambist::paypal {
namespace {

namespace json = boost::json;

bool is_web_url(std::string_view url) noexcept {
  return (url.starts_with("https://") || url.starts_with("http://")) && url.size() <= 4'096 &&
         std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// "payer-action" with a payment source, "approve" without one; the first wins where both stand.
std::string approve_url(const json::object& order) {
  const auto* links = list(order, "links");
  if (links == nullptr) return {};
  for (const std::string_view wanted : {"payer-action", "approve"}) {
    for (const auto& entry : *links) {
      const auto* link = entry.if_object();
      if (link == nullptr || text(*link, "rel") != wanted) continue;
      if (std::string url = text(*link, "href"); is_web_url(url)) return url;
    }
  }
  return {};
}

// Last four digits are digits; a brand is a word. Nothing longer may pass for either.
provider::MethodSummary read_method(const json::object& order) {
  const auto* source = child(order, "payment_source");
  const auto* card = source == nullptr ? nullptr : child(*source, "card");
  if (card == nullptr) return {};
  provider::MethodSummary summary{word(*card, "brand"), text(*card, "last_digits")};
  std::transform(summary.brand.begin(), summary.brand.end(), summary.brand.begin(), http::to_lower);
  const bool digits = summary.last4.size() == 4 &&
                      std::all_of(summary.last4.begin(), summary.last4.end(), http::is_digit);
  if (!digits) summary.last4.clear();
  return summary;
}

// Absent is an empty list; anything in it that cannot be read could be the very effect asked about.
bool read_effects(const json::object& payments, std::string_view key, std::vector<Effect>& into) {
  const auto* value = payments.if_contains(key);
  if (value == nullptr || value->is_null()) return true;
  const auto* entries = value->if_array();
  if (entries == nullptr) return false;
  for (const auto& entry : *entries) {
    auto effect = read_effect(entry);
    if (!effect) return false;
    into.push_back(std::move(*effect));
  }
  return true;
}

// Ours have one purchase unit. Nothing at all is the minimal answer: then nothing is known of it.
bool read_unit(const json::object& object, Order& order) {
  const auto* value = object.if_contains("purchase_units");
  if (value == nullptr || value->is_null()) return true;
  const auto* units = value->if_array();
  const auto* unit = units == nullptr || units->size() != 1 ? nullptr : units->front().if_object();
  if (unit == nullptr) return false;
  order.custom_id = text(*unit, "custom_id");
  const auto* stated = unit->if_contains("payments");
  if (stated == nullptr || stated->is_null()) return true;
  const auto* payments = stated->if_object();
  return payments != nullptr && read_effects(*payments, "authorizations", order.authorizations) &&
         read_effects(*payments, "captures", order.captures) &&
         read_effects(*payments, "refunds", order.refunds);
}

}  // namespace

std::optional<Effect> read_effect(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) return std::nullopt;
  const Amount stated = amount(*object, "amount");
  Effect effect{object_id(*object, "id"), word(*object, "status")};
  if (effect.id.empty() || effect.status.empty() || !stated.readable) return std::nullopt;
  effect.amount = stated.money;
  if (const auto* details = child(*object, "status_details"))
    effect.reason = word(*details, "reason");
  if (const auto* processor = child(*object, "processor_response"))
    effect.response_code = word(*processor, "response_code");
  effect.custom_id = text(*object, "custom_id");
  effect.invoice_id = text(*object, "invoice_id");
  effect.created_at = time(*object, "create_time");
  effect.expires_at = time(*object, "expiration_time");
  return effect;
}

std::optional<Order> read_order(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) return std::nullopt;
  Order order{object_id(*object, "id"), word(*object, "status"), word(*object, "intent")};
  if (order.id.empty() || order.status.empty() || !read_unit(*object, order)) return std::nullopt;
  order.approve_url = approve_url(*object);
  order.method = read_method(*object);
  return order;
}

std::optional<Problem> read_problem(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) return std::nullopt;
  Problem problem{word(*object, "name"), {}};
  const auto* details = list(*object, "details");
  const auto* first =
      details == nullptr || details->empty() ? nullptr : details->front().if_object();
  if (first != nullptr) problem.word = word(*first, "issue");
  if (problem.word.empty()) problem.word = problem.name;
  // OAuth's own shape has neither.
  if (problem.word.empty() && text(*object, "error").empty()) return std::nullopt;
  return problem;
}

}  // namespace cambist::paypal
