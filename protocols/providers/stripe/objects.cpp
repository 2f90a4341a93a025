#include "protocols/providers/stripe/objects.hpp"

#include <algorithm>

#include <boost/json/parse.hpp>

#include "protocols/providers/stripe/fields.hpp"

namespace cambist::stripe {
namespace {

namespace json = boost::json;

const json::value* member(const json::object& object, std::string_view key) noexcept {
  return object.if_contains(key);
}

// Absent, null, or an integer: an amount of any other type makes the whole object unreadable.
bool is_amount(const json::object& object, std::string_view key) noexcept {
  const auto* value = member(object, key);
  return value == nullptr || value->is_null() || value->is_int64();
}

Problem read_problem(const json::object& object) {
  return Problem{word(object, "type"), word(object, "code"), word(object, "decline_code"),
                 word(object, "advice_code"), word(object, "param")};
}

// Last four digits are digits; a brand is a word. Nothing longer may pass for either.
provider::MethodSummary read_card(const json::object& card) {
  provider::MethodSummary summary{word(card, "brand"), text(card, "last4")};
  const bool digits = summary.last4.size() == 4 &&
                      summary.last4.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) summary.last4.clear();
  return summary;
}

Charge read_charge(const json::value& value) {
  Charge charge;
  if (const auto* id = value.if_string()) {
    charge.id = std::string{id->data(), id->size()};
  } else if (const auto* object = value.if_object()) {
    charge.id = text(*object, "id");
    if (const auto* outcome = child(*object, "outcome")) {
      charge.blocked = text(*outcome, "type") == "blocked";
    }
    const auto* details = child(*object, "payment_method_details");
    const auto* card = details == nullptr ? nullptr : child(*details, "card");
    if (card != nullptr) {
      charge.method = read_card(*card);
      charge.capture_before = unix_time(*card, "capture_before");
    }
  }
  if (!is_object_id(charge.id)) charge.id.clear();
  return charge;
}

bool is_web_url(std::string_view url) noexcept {
  return (url.starts_with("https://") || url.starts_with("http://")) && url.size() <= 4'096 &&
         std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

provider::NextAction read_next_action(const json::object& action) {
  const std::string type = text(action, "type");
  const auto* detail = type.empty() ? nullptr : child(action, type);
  if (detail != nullptr) {
    // "redirect_to_url" names it url; the browser library's variant of a redirect names it
    // stripe_js.
    for (const std::string_view key : {"url", "stripe_js"}) {
      const std::string url = text(*detail, key);
      if (is_web_url(url)) return provider::NextAction{"redirect", url};
    }
  }
  return provider::NextAction{"provider_sdk", {}, "Continue with Stripe's browser library."};
}

}  // namespace

std::optional<json::value> read_json(std::string_view body) {
  json::error_code error;
  auto value = json::parse(body, error);
  if (error) return std::nullopt;
  return value;
}

std::optional<Intent> read_intent(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr || !is_kind(*object, "payment_intent")) return std::nullopt;
  Intent intent{text(*object, "id"), word(*object, "status"), word(*object, "currency")};
  const bool counted = is_amount(*object, "amount") && is_amount(*object, "amount_capturable") &&
                       is_amount(*object, "amount_received");
  if (!is_object_id(intent.id) || intent.status.empty() || !counted) return std::nullopt;
  intent.amount = integer(*object, "amount");
  intent.amount_capturable = integer(*object, "amount_capturable");
  intent.amount_received = integer(*object, "amount_received");
  if (const auto* problem = child(*object, "last_payment_error")) {
    intent.last_payment_error = read_problem(*problem);
  }
  if (const auto* action = child(*object, "next_action"))
    intent.next_action = read_next_action(*action);
  if (const auto* charge = member(*object, "latest_charge"))
    intent.latest_charge = read_charge(*charge);
  return intent;
}

std::optional<Refund> read_refund(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr || !is_kind(*object, "refund")) return std::nullopt;
  Refund refund{text(*object, "id"), word(*object, "status"), word(*object, "currency"),
                integer(*object, "amount"), word(*object, "failure_reason")};
  const bool usable =
      is_object_id(refund.id) && !refund.status.empty() && is_amount(*object, "amount");
  if (!usable) return std::nullopt;
  if (const auto* metadata = child(*object, "metadata"))
    refund.our_id = text(*metadata, "refund_id");
  return refund;
}

std::optional<RefundPage> read_refund_page(const json::value& value) {
  const auto* object = value.if_object();
  const auto* data = object == nullptr ? nullptr : member(*object, "data");
  const auto* entries = data == nullptr ? nullptr : data->if_array();
  if (entries == nullptr) return std::nullopt;
  const auto* more = member(*object, "has_more");
  RefundPage page;
  page.complete = more != nullptr && more->is_bool() && !more->get_bool();
  for (const auto& entry : *entries) {
    if (auto refund = read_refund(entry)) {
      page.refunds.push_back(std::move(*refund));
    } else {
      page.complete = false;
    }
  }
  return page;
}

std::optional<Answer> read_error(const json::value& value) {
  const auto* object = value.if_object();
  const auto* error = object == nullptr ? nullptr : child(*object, "error");
  if (error == nullptr) return std::nullopt;
  Answer answer{read_problem(*error)};
  if (const auto* intent = member(*error, "payment_intent")) answer.intent = read_intent(*intent);
  return answer;
}

std::optional<Dispute> read_dispute(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr || !is_kind(*object, "dispute")) return std::nullopt;
  Dispute dispute{text(*object, "id"),        word(*object, "status"), word(*object, "currency"),
                  integer(*object, "amount"), word(*object, "reason"), std::nullopt};
  if (!is_object_id(dispute.id) || dispute.status.empty()) return std::nullopt;
  if (const auto* details = child(*object, "evidence_details")) {
    dispute.evidence_due_by = unix_time(*details, "due_by");
  }
  return dispute;
}

}  // namespace cambist::stripe
