#include "protocols/providers/paypal/confirmation.hpp"

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/json.hpp>

#include "protocols/core/ids.hpp"
#include "protocols/core/overloaded.hpp"
#include "protocols/providers/paypal/fields.hpp"
#include "protocols/providers/paypal/webhooks.hpp"

namespace cambist::paypal {
namespace {

namespace json = boost::json;

using provider::AuthorizationEnded;
using provider::CaptureSeen;
using provider::DisputeSeen;
using provider::DisputeStatus;
using provider::Notice;
using provider::RefundSeen;
using provider::RefundStatus;

constexpr std::string_view authorizations = "/v2/payments/authorizations/";
constexpr std::string_view captures = "/v2/payments/captures/";
constexpr std::string_view refunds = "/v2/payments/refunds/";
constexpr std::string_view disputes = "/v1/customer/disputes/";

Error not_so() {
  return Error{ErrorCode::unauthenticated, "PayPal does not say what the webhook claims"};
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) noexcept {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_reversal(const Notice& notice) noexcept {
  return notice.type == "PAYMENT.CAPTURE.REVERSED";
}

/// PayPal tells of a reversal by the refund that it made, or by the capture itself.
bool is_by_capture(const Notice& notice, const json::object& event) {
  return is_reversal(notice) && text(event, "resource_type") == "capture";
}

/// Where the object is; empty for a hint.
std::string_view collection_of(const Notice& notice, const json::object& event) {
  return std::visit(
      Overloaded{
          [](const provider::Irrelevant&) { return std::string_view{}; },
          [](const provider::Happened&) { return std::string_view{}; },
          // Never told by PayPal.
          [](const provider::ChargeSeen&) { return std::string_view{}; },
          [](const provider::TransferSeen&) { return std::string_view{}; },
          [](const AuthorizationEnded&) { return authorizations; },
          [](const CaptureSeen&) { return captures; },
          [&](const RefundSeen&) { return is_by_capture(notice, event) ? captures : refunds; },
          [](const DisputeSeen&) { return disputes; },
      },
      notice.news);
}

// --- whether the object is in a state that bears the claim out
// -----------------------------------------------------------

// Of an authorization there may be other captures with money left, and one that we gave back
// ourselves looks the same: then PayPal must say why it is gone.
bool was_taken_back(const json::object& capture) {
  if (word(capture, "status") != "REFUNDED") return false;
  const auto* supplementary = child(capture, "supplementary_data");
  const auto* related = supplementary == nullptr ? nullptr : child(*supplementary, "related_ids");
  if (related != nullptr && !related->contains("authorization_id")) return true;
  const auto* details = child(capture, "status_details");
  return details != nullptr &&
         is_one_of(word(*details, "reason"), {"BUYER_COMPLAINT", "CHARGEBACK"});
}

/// Shape: `shown` is put into the words that the event is read by, where it has moved on.
bool stands(const Notice& claimed, const json::object& event, json::object& shown) {
  const std::string status = word(shown, "status");
  return std::visit(Overloaded{
                        [](const auto&) { return true; },
                        [&](const AuthorizationEnded&) { return status == "VOIDED"; },
                        [&](const CaptureSeen&) {
                          // What was given back since was taken before.
                          if (!is_one_of(status, {"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"}))
                            return false;
                          shown["status"] = "COMPLETED";
                          return true;
                        },
                        [&](const RefundSeen&) {
                          if (is_by_capture(claimed, event)) return was_taken_back(shown);
                          // A refund that we asked for is nobody's reversal.
                          if (is_reversal(claimed))
                            return status == "COMPLETED" &&
                                   !OperationId::parse(text(shown, "custom_id"));
                          return is_one_of(status, {"COMPLETED", "PENDING", "FAILED", "CANCELLED"});
                        },
                    },
                    claimed.news);
}

// --- whether both tell the same
// ------------------------------------------------------------------------------------------

bool agree(const RefundSeen& claimed, const RefundSeen& shown) {
  const bool same = claimed.refund == shown.refund && claimed.operation == shown.operation &&
                    claimed.amount == shown.amount;
  // What is pending moves nothing, and ends some time.
  if (claimed.status == RefundStatus::pending) return same;
  return same && claimed.status == shown.status && claimed.reason == shown.reason;
}

int progress(DisputeStatus status) noexcept {
  if (status == DisputeStatus::open) return 0;
  return status == DisputeStatus::under_review ? 1 : 2;
}

bool agree(const DisputeSeen& claimed, const DisputeSeen& shown) {
  const bool behind = progress(claimed.status) < progress(shown.status);
  return claimed.dispute == shown.dispute && claimed.amount == shown.amount &&
         (claimed.reason.empty() || claimed.reason == shown.reason) &&
         (claimed.inquiry || !shown.inquiry) && (behind || claimed.status == shown.status) &&
         // A dispute that is resolved has no such day any more.
         (behind || !claimed.evidence_due_by || claimed.evidence_due_by == shown.evidence_due_by);
}

bool same_news(const provider::News& claimed, const provider::News& shown) {
  return std::visit(
      [&shown](const auto& told) {
        using Told = std::decay_t<decltype(told)>;
        const auto* other = std::get_if<Told>(&shown);
        if (other == nullptr) return false;
        if constexpr (std::is_same_v<Told, RefundSeen> || std::is_same_v<Told, DisputeSeen>)
          return agree(told, *other);
        else
          return told == *other;
      },
      claimed);
}

// The order may go untold where the payment is told.
bool same_owner(const Notice& claimed, const Notice& shown) {
  if (claimed.payment != shown.payment) return false;
  const bool untold = shown.provider_payment_id.empty() && !shown.payment.empty();
  return claimed.provider_payment_id.empty() || untold ||
         claimed.provider_payment_id == shown.provider_payment_id;
}

}  // namespace

Result<std::optional<provider::Evidence>> confirmation_of(const AccountSettings& account,
                                                          std::string_view event) {
  const auto value = read_json(event);
  const auto notice = read_event(event, account.live);
  // What cannot be read is refused for that, and has no effect.
  if (!notice) return std::optional<provider::Evidence>{};
  const std::string_view collection = collection_of(*notice, value->as_object());
  if (collection.empty()) return std::optional<provider::Evidence>{};
  if (notice->object.empty()) return not_so();
  http::Request request;
  request.method = "GET";
  request.origin = account.base.origin;
  request.target = account.base.prefix + std::string{collection} + notice->object;
  request.headers = {{"Accept", "application/json"}};
  return std::optional{provider::Evidence{std::move(request), false, true}};
}

Result<void> confirm_event(const AccountSettings& account, std::string_view event,
                           const http::Response& answer) {
  if (answer.status == 404) return not_so();
  auto shown = read_json(answer.body);
  if (answer.status != 200 || !shown || !shown->is_object())
    return Error{ErrorCode::unavailable, "PayPal did not say whether the webhook's claim is so"};
  const auto claimed = read_event(event, account.live);
  if (!claimed) return not_so();
  json::object as_shown = read_json(event)->as_object();
  if (!stands(*claimed, as_shown, shown->as_object())) return not_so();
  as_shown["resource"] = std::move(*shown);
  const auto told = read_event(json::serialize(as_shown), account.live);
  const bool so = told && told->object == claimed->object && same_owner(*claimed, *told) &&
                  same_news(claimed->news, told->news);
  if (!so) return not_so();
  return {};
}

}  // namespace cambist::paypal
