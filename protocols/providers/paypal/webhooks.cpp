#include "protocols/providers/paypal/webhooks.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <boost/json.hpp>

#include "protocols/core/ids.hpp"
#include "protocols/http/syntax.hpp"
#include "protocols/providers/paypal/fields.hpp"
#include "protocols/providers/paypal/objects.hpp"

namespace cambist::paypal {
namespace {

namespace json = boost::json;

using provider::DisputeSeen;
using provider::DisputeStatus;
using provider::Happened;
using provider::News;
using provider::RefundSeen;
using provider::RefundStatus;

Error wrong(std::string_view field, std::string detail) {
  return Error{ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

/// Whose an object is, as far as it says.
/// Shape: `foreign`: it says, in words that are not ours.
struct Names {
  std::string payment{};
  std::string operation{};
  std::string order{};
  bool foreign = false;
};

// "pay_…", "op_…", or "pay_…:op_…": ids count in our own spelling only, because whoever else uses
// this account may write anything there.
void read_name(std::string_view text, Names& names) {
  if (text.empty()) return;
  const std::size_t colon = text.find(':');
  const std::string_view first = text.substr(0, colon);
  const std::string_view second =
      colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  if (PaymentId::parse(first) && (second.empty() || OperationId::parse(second))) {
    if (names.payment.empty()) names.payment = std::string{first};
    if (names.operation.empty()) names.operation = std::string{second};
  } else if (OperationId::parse(text)) {
    names.operation = std::string{text};
  } else {
    names.foreign = true;
  }
}

// --- what each kind of object tells
// ---------------------------------------------------------------------------------

struct Event {
  const json::object& resource;
  std::string_view type;
  TimePoint created_at;
};

News happened(const Event&) {
  return Happened{};
}

const json::object* related_ids(const json::object& resource) noexcept {
  const auto* supplementary = child(resource, "supplementary_data");
  return supplementary == nullptr ? nullptr : child(*supplementary, "related_ids");
}

// The capture of an order without an authorization is the only one, so its amount is all that was
// received. Of an authorization there may have been captures before.
News capture_completed(const Event& event) {
  const auto seen = read_effect(json::value(event.resource));
  const auto* related = related_ids(event.resource);
  const bool only = related != nullptr && !object_id(*related, "order_id").empty() &&
                    !related->contains("authorization_id");
  if (!only || !seen || !seen->amount || seen->status != "COMPLETED") return Happened{};
  return provider::CaptureSeen{*seen->amount};
}

// By a call, ours or somebody's, or because its time was up.
News authorization_voided(const Event& event) {
  const auto expires_at = time(event.resource, "expiration_time");
  return provider::AuthorizationEnded{expires_at && *expires_at <= event.created_at};
}

RefundStatus refund_status(std::string_view status, std::string_view type) noexcept {
  if (status == "COMPLETED") return RefundStatus::succeeded;
  if (status == "PENDING") return RefundStatus::pending;
  if (status == "FAILED" || status == "CANCELLED") return RefundStatus::failed;
  if (type == "PAYMENT.REFUND.PENDING") return RefundStatus::pending;
  return type == "PAYMENT.REFUND.FAILED" ? RefundStatus::failed : RefundStatus::succeeded;
}

News refund(const Event& event) {
  const auto seen = read_effect(json::value(event.resource));
  if (!seen || !seen->amount) return Happened{};
  const RefundStatus status = refund_status(seen->status, event.type);
  RefundSeen news{seen->id, {}, *seen->amount, status, {}};
  // The operation of a refund is in its custom_id. One that was made by hand carries the capture's
  // own words, which name the payment and perhaps another operation.
  if (OperationId::parse(seen->custom_id)) news.operation = seen->custom_id;
  if (status == RefundStatus::failed)
    news.reason = seen->reason.empty() ? seen->status : seen->reason;
  return news;
}

// PayPal took the money back, without a refund of the merchant's: it is gone like one.
News reversal(const Event& event) {
  const auto seen = read_effect(json::value(event.resource));
  if (!seen || !seen->amount) return Happened{};
  return RefundSeen{seen->id, {}, *seen->amount, RefundStatus::succeeded, {}};
}

// An outcome that is not known leaves the dispute as open as it was: nothing is given up by a word.
DisputeStatus dispute_status(const json::object& dispute) {
  const std::string status = word(dispute, "status");
  if (status == "UNDER_REVIEW") return DisputeStatus::under_review;
  if (status != "RESOLVED") return DisputeStatus::open;
  const auto* outcome = child(dispute, "dispute_outcome");
  const std::string code = outcome == nullptr ? std::string{} : word(*outcome, "outcome_code");
  for (const std::string_view won :
       {"RESOLVED_SELLER_FAVOUR", "RESOLVED_WITH_PAYOUT", "CANCELED_BY_BUYER", "DENIED"}) {
    if (code == won) return DisputeStatus::won;
  }
  if (code == "RESOLVED_BUYER_FAVOUR" || code == "ACCEPTED") return DisputeStatus::lost;
  return DisputeStatus::under_review;
}

News dispute(const Event& event) {
  const json::object& resource = event.resource;
  const std::string id = object_id(resource, "dispute_id");
  const Amount taken = amount(resource, "dispute_amount");
  if (id.empty() || !taken.money) return Happened{};
  std::string reason = word(resource, "reason");
  std::transform(reason.begin(), reason.end(), reason.begin(), http::to_lower);
  // Before it is escalated PayPal only holds what the parties talk about.
  const bool inquiry = word(resource, "dispute_life_cycle_stage") == "INQUIRY";
  return DisputeSeen{id,
                     *taken.money,
                     std::move(reason),
                     dispute_status(resource),
                     inquiry,
                     time(resource, "seller_response_due_date")};
}

// --- whose it is
// --------------------------------------------------------------------------------------------

void name_by_fields(const json::object& resource, Names& names) {
  read_name(text(resource, "custom_id"), names);
  read_name(text(resource, "invoice_id"), names);
  const auto* related = related_ids(resource);
  if (related != nullptr) names.order = object_id(*related, "order_id");
}

const json::object* first_of(const json::object& object, std::string_view key) noexcept {
  const auto* entries = list(object, key);
  return entries == nullptr || entries->empty() ? nullptr : entries->front().if_object();
}

void name_by_order(const json::object& resource, Names& names) {
  names.order = object_id(resource, resource.contains("order_id") ? "order_id" : "id");
  const auto* unit = first_of(resource, "purchase_units");
  if (unit == nullptr) return;
  read_name(text(*unit, "custom_id"), names);
}

void name_by_transaction(const json::object& resource, Names& names) {
  const auto* transaction = first_of(resource, "disputed_transactions");
  if (transaction == nullptr) return;
  read_name(text(*transaction, "custom"), names);
  read_name(text(*transaction, "invoice_number"), names);
}

/// Shape: `id` is the field with the id of what the event is about.
struct Known {
  std::string_view type;
  News (*read)(const Event& event);
  void (*name)(const json::object& resource, Names& names);
  std::string_view id = "id";
};

constexpr std::array known_types{
    Known{"CHECKOUT.ORDER.APPROVED", &happened, &name_by_order},
    Known{"CHECKOUT.PAYMENT-APPROVAL.REVERSED", &happened, &name_by_order, "order_id"},
    Known{"PAYMENT.AUTHORIZATION.CREATED", &happened, &name_by_fields},
    Known{"PAYMENT.AUTHORIZATION.VOIDED", &authorization_voided, &name_by_fields},
    Known{"PAYMENT.CAPTURE.COMPLETED", &capture_completed, &name_by_fields},
    Known{"PAYMENT.CAPTURE.PENDING", &happened, &name_by_fields},
    Known{"PAYMENT.CAPTURE.DENIED", &happened, &name_by_fields},
    Known{"PAYMENT.CAPTURE.DECLINED", &happened, &name_by_fields},
    Known{"PAYMENT.CAPTURE.REFUNDED", &refund, &name_by_fields},
    Known{"PAYMENT.CAPTURE.REVERSED", &reversal, &name_by_fields},
    Known{"PAYMENT.REFUND.PENDING", &refund, &name_by_fields},
    Known{"PAYMENT.REFUND.FAILED", &refund, &name_by_fields},
    Known{"CUSTOMER.DISPUTE.CREATED", &dispute, &name_by_transaction, "dispute_id"},
    Known{"CUSTOMER.DISPUTE.UPDATED", &dispute, &name_by_transaction, "dispute_id"},
    Known{"CUSTOMER.DISPUTE.RESOLVED", &dispute, &name_by_transaction, "dispute_id"},
};

const Known* find_known(std::string_view type) noexcept {
  const auto* const found = std::find_if(known_types.begin(), known_types.end(),
                                         [type](const Known& known) { return known.type == type; });
  return found == known_types.end() ? nullptr : &*found;
}

// It is listed, filtered by and logged.
bool is_type(std::string_view type) noexcept {
  return !type.empty() && type.size() <= 255 && std::all_of(type.begin(), type.end(), [](char c) {
    return http::is_digit(c) || http::is_alpha(c) || c == '_' || c == '.' || c == '-';
  });
}

}  // namespace

Result<provider::Notice> read_event(std::string_view body, bool live) {
  const auto value = read_json(body);
  const auto* event = value ? value->if_object() : nullptr;
  if (event == nullptr) return wrong("body", "is no JSON object");
  provider::Notice notice;
  notice.id = object_id(*event, "id");
  if (notice.id.empty()) return wrong("id", "is no id of an event of PayPal");
  notice.type = text(*event, "event_type");
  if (!is_type(notice.type)) return wrong("event_type", "is no type of an event of PayPal");
  notice.created_at = time(*event, "create_time").value_or(TimePoint{});
  notice.livemode = live;

  const Known* known = find_known(notice.type);
  const auto* resource = child(*event, "resource");
  if (resource != nullptr) notice.object = object_id(*resource, known ? known->id : "id");
  if (known == nullptr) return notice;  // Irrelevant
  if (resource == nullptr) return wrong("resource", "is missing");

  Names names;
  known->name(*resource, names);
  // Of the same account, and not made by us.
  if (names.foreign && names.payment.empty()) return notice;
  if (names.payment.empty() && names.order.empty())
    return wrong("resource", "does not tell which payment it is about");
  notice.payment = names.payment;
  notice.provider_payment_id = names.order;
  notice.news = known->read(Event{*resource, notice.type, notice.created_at});
  return notice;
}

}  // namespace cambist::paypal
