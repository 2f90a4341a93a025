#include "protocols/providers/stripe/webhooks.hpp"

#include <algorithm>
#include <array>

#include "protocols/core/ids.hpp"
#include "protocols/http/syntax.hpp"
#include "protocols/providers/stripe/objects.hpp"

namespace cambist::stripe {
namespace {

namespace json = boost::json;
using provider::Happened;
using provider::Irrelevant;
using provider::News;

// --- what each object says
// ------------------------------------------------------------------------
// Each reader answers Happened for an object that it does not understand: to ask the provider is
// always right.

News happened(const json::value&) {
  return Happened{};
}

News intent_succeeded(const json::value& value) {
  const auto intent = read_intent(value);
  if (!intent || intent->status != "succeeded") return Happened{};
  const auto total = amount_of(intent->amount_received, intent->currency);
  if (!total) return Happened{};
  return provider::CaptureSeen{*total};
}

News intent_canceled(const json::value& value) {
  const auto intent = read_intent(value);
  // Canceled after a partial capture: the money that was taken stays taken.
  if (!intent || intent->status != "canceled" || intent->amount_received != 0) return Happened{};
  const std::string reason = word(value.get_object(), "cancellation_reason");
  return provider::AuthorizationEnded{reason == "automatic" || reason == "expired"};
}

std::optional<provider::RefundStatus> refund_status(std::string_view status) noexcept {
  if (status == "succeeded") return provider::RefundStatus::succeeded;
  if (status == "pending" || status == "requires_action") return provider::RefundStatus::pending;
  if (status == "failed" || status == "canceled") return provider::RefundStatus::failed;
  return std::nullopt;
}

News refund(const json::value& value) {
  const auto read = read_refund(value);
  const auto status = read ? refund_status(read->status) : std::nullopt;
  const auto amount = read ? amount_of(read->amount, read->currency) : std::nullopt;
  if (!status || !amount) return Happened{};
  provider::RefundSeen seen{read->id, {}, *amount, *status};
  // Metadata is the merchant's too: only what is an id of ours counts as one.
  if (OperationId::parse(read->our_id)) seen.operation = read->our_id;
  if (*status == provider::RefundStatus::failed) {
    seen.reason = read->failure_reason.empty() ? read->status : read->failure_reason;
  }
  return seen;
}

struct Standing {
  provider::DisputeStatus status;
  bool inquiry = false;
};

// The newer appeal_* and prevented are left to Happened: what they do to the money is not said.
std::optional<Standing> dispute_standing(std::string_view status) noexcept {
  using provider::DisputeStatus;
  if (status == "warning_needs_response") return Standing{DisputeStatus::open, true};
  if (status == "warning_under_review") return Standing{DisputeStatus::under_review, true};
  // A bank's question that was closed without a dispute: the money never moved.
  if (status == "warning_closed") return Standing{DisputeStatus::won, true};
  if (status == "needs_response") return Standing{DisputeStatus::open};
  if (status == "under_review") return Standing{DisputeStatus::under_review};
  if (status == "won") return Standing{DisputeStatus::won};
  if (status == "lost") return Standing{DisputeStatus::lost};
  return std::nullopt;
}

News dispute(const json::value& value) {
  const auto read = read_dispute(value);
  const auto standing = read ? dispute_standing(read->status) : std::nullopt;
  const auto amount = read ? amount_of(read->amount, read->currency) : std::nullopt;
  if (!standing || !amount) return Happened{};
  return provider::DisputeSeen{read->id,         *amount,           read->reason,
                               standing->status, standing->inquiry, read->evidence_due_by};
}

// --- which event is about which object
// -------------------------------------------------------------

struct Known {
  std::string_view type;
  std::string_view object;  // Stripe's name of what it is about
  News (*read)(const json::value& object);
};

constexpr std::array known_types{
    Known{"payment_intent.created", "payment_intent", &happened},
    Known{"payment_intent.succeeded", "payment_intent", &intent_succeeded},
    Known{"payment_intent.payment_failed", "payment_intent", &happened},
    Known{"payment_intent.canceled", "payment_intent", &intent_canceled},
    Known{"payment_intent.amount_capturable_updated", "payment_intent", &happened},
    Known{"payment_intent.requires_action", "payment_intent", &happened},
    Known{"payment_intent.processing", "payment_intent", &happened},
    Known{"charge.succeeded", "charge", &happened},
    Known{"charge.failed", "charge", &happened},
    Known{"charge.captured", "charge", &happened},
    Known{"charge.expired", "charge", &happened},
    // Cumulative, and silent about which refund it was: refund.* says it exactly.
    Known{"charge.refunded", "charge", &happened},
    Known{"charge.dispute.created", "dispute", &dispute},
    Known{"charge.dispute.updated", "dispute", &dispute},
    Known{"charge.dispute.funds_withdrawn", "dispute", &dispute},
    Known{"charge.dispute.funds_reinstated", "dispute", &dispute},
    Known{"charge.dispute.closed", "dispute", &dispute},
    Known{"refund.created", "refund", &refund},
    Known{"refund.updated", "refund", &refund},
    Known{"refund.failed", "refund", &refund},
};

const Known* find_known(std::string_view type) noexcept {
  const auto* const found = std::find_if(known_types.begin(), known_types.end(),
                                         [type](const Known& known) { return known.type == type; });
  return found == known_types.end() ? nullptr : &*found;
}

// --- the envelope
// ------------------------------------------------------------------------------------

Error wrong(std::string_view field, std::string detail) {
  return Error{ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

// It is listed, filtered by and logged.
bool is_type(std::string_view type) noexcept {
  return !type.empty() && type.size() <= 255 && std::all_of(type.begin(), type.end(), [](char c) {
    return http::is_digit(c) || http::is_alpha(c) || c == '_' || c == '.';
  });
}

Result<provider::Notice> read_envelope(const json::object& event) {
  provider::Notice notice;
  notice.id = text(event, "id");
  if (!is_object_id(notice.id)) return wrong("id", "is no id of an event of Stripe");
  notice.type = text(event, "type");
  if (!is_type(notice.type)) return wrong("type", "is no type of an event of Stripe");
  if (!is_kind(event, "event")) return wrong("object", "is not an event of Stripe's API v1");
  const auto* mode = event.if_contains("livemode");
  if (mode != nullptr && !mode->is_bool()) return wrong("livemode", "is neither true nor false");
  notice.livemode = mode != nullptr && mode->get_bool();
  notice.created_at = unix_time(event, "created").value_or(TimePoint{});
  return notice;
}

// Our id is believed only in our spelling; the intent's only in an object of the kind that has it.
void name_payment(provider::Notice& notice, const Known& known, const json::object& object) {
  if (const auto* metadata = child(object, "metadata")) {
    std::string ours = text(*metadata, "payment_id");
    if (PaymentId::parse(ours)) notice.payment = std::move(ours);
  }
  if (!is_kind(object, known.object)) return;
  notice.provider_payment_id =
      known.object == "payment_intent" ? notice.object : reference(object, "payment_intent");
}

// Charges that were made without an intent: not by us, on the same account.
bool has_no_intent(const Known& known, const json::object& object) {
  if (known.object == "payment_intent" || !is_kind(object, known.object)) return false;
  const auto* intent = object.if_contains("payment_intent");
  return intent == nullptr || intent->is_null();
}

}  // namespace

Result<provider::Notice> read_event(std::string_view body, std::optional<bool> livemode) {
  const auto value = read_json(body);
  const auto* event = value ? value->if_object() : nullptr;
  if (event == nullptr) return wrong("body", "is no JSON object");
  auto notice = read_envelope(*event);
  if (!notice) return notice.error();

  const auto* data = child(*event, "data");
  const auto* object = data == nullptr ? nullptr : child(*data, "object");
  if (object != nullptr) notice->object = reference(*data, "object");
  const Known* known = find_known(notice->type);
  const bool other_mode = livemode && *livemode != notice->livemode;
  if (known == nullptr || other_mode) return notice;  // Irrelevant

  if (object == nullptr) return wrong("data.object", "is missing");
  name_payment(*notice, *known, *object);
  if (notice->payment.empty() && notice->provider_payment_id.empty()) {
    if (has_no_intent(*known, *object)) return notice;
    return wrong("data.object", "does not tell which payment it is about");
  }
  notice->news = known->read(data->at("object"));
  return notice;
}

}  // namespace cambist::stripe
