#include "gateway/sandbox/paypal/disputes.hpp"

#include <algorithm>
#include <array>

#include "gateway/sandbox/paypal/events.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace json = boost::json;
namespace {

// Source: facts/paypal.md section 7.
constexpr std::array<std::string_view, 10> reasons{"MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
                                                   "MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED",
                                                   "UNAUTHORISED",
                                                   "CREDIT_NOT_PROCESSED",
                                                   "DUPLICATE_TRANSACTION",
                                                   "INCORRECT_AMOUNT",
                                                   "PAYMENT_BY_OTHER_MEANS",
                                                   "CANCELED_RECURRING_BILLING",
                                                   "PROBLEM_WITH_REMITTANCE",
                                                   "OTHER"};

std::int64_t disputable(const Capture& capture) noexcept {
  const bool there =
      capture.status != CaptureStatus::pending && capture.status != CaptureStatus::declined;
  return there ? capture.amount.minor - capture.refunded_minor - capture.charged_back_minor : 0;
}

Dispute& open(Bench& bench, Capture& capture, const Money& amount, std::string_view reason,
              bool inquiry) {
  Dispute made;
  made.id = "PP-D-" + std::to_string(10'000 + bench.world.random() % 1'000'000'000);
  while (bench.books.disputes.find(made.id) != nullptr) made.id += "1";
  made.order = capture.order;
  made.capture = capture.id;
  made.amount = amount;
  made.reason = reason;
  made.inquiry = inquiry;
  made.created = made.updated = bench.world.now();
  // PayPal holds the money while it is disputed; an inquiry only asks.
  if (!inquiry) capture.charged_back_minor += amount.minor;
  auto& kept = bench.books.disputes.add(std::move(made));
  announce(bench, "CUSTOMER.DISPUTE.CREATED", kept);
  return kept;
}

std::string_view status_for_ledger(const Dispute& dispute) {
  if (dispute.status != DisputeStatus::resolved) return to_string(dispute.status);
  return dispute.outcome;
}

json::object for_ledger(Bench& bench, const Dispute& dispute) {
  const auto* order = bench.books.orders.find(dispute.order);
  return json::object{
      {"provider", "paypal"},
      {"id", dispute.id},
      {"object", dispute.order},
      {"payment", order == nullptr ? std::string_view{} : std::string_view{order->custom_id}},
      {"amount", json::object{{"value", to_decimal(dispute.amount)},
                              {"currency", dispute.amount.currency.code()}}},
      {"status", status_for_ledger(dispute)},
      {"inquiry", dispute.inquiry}};
}

// The capture that is named, or the first of the order of which something is left.
Capture* find_capture(Bench& bench, std::string_view object) {
  if (auto* capture = bench.books.captures.find(object)) return capture;
  const auto* order = bench.books.orders.find(object);
  Capture* found = nullptr;
  for (const auto& id : order == nullptr ? std::vector<std::string>{} : order->captures) {
    auto* capture = bench.books.captures.find(id);
    if (capture != nullptr && (found == nullptr || disputable(*found) <= 0)) found = capture;
  }
  return found;
}

}  // namespace

void dispute_by_wish(Bench& bench, Capture& capture) {
  open(bench, capture, capture.amount, reasons.front(), false);
}

Result<json::object> open_dispute(Bench& bench, const DisputeOrder& order) {
  if (bench.books.orders.find(order.object) == nullptr &&
      bench.books.captures.find(order.object) == nullptr)
    return Error{ErrorCode::not_found, "no such order or capture", "object"};
  const auto wanted = order.reason.empty() ? reasons.front() : std::string_view{order.reason};
  const auto* reason = std::find(reasons.begin(), reasons.end(), wanted);
  if (reason == reasons.end())
    return Error{ErrorCode::invalid_request, "PayPal knows no such reason", "reason"};
  auto* capture = find_capture(bench, order.object);
  const auto left = capture == nullptr ? 0 : disputable(*capture);
  if (left <= 0) {
    return Error{ErrorCode::illegal_transition,
                 "nothing is captured that is neither refunded nor disputed"};
  }
  const auto amount = order.amount.value_or(Money{left, capture->amount.currency});
  if (amount.currency != capture->amount.currency) {
    return Error{ErrorCode::invalid_request, "the amount must be one of the payment's own currency",
                 "amount"};
  }
  if (amount.minor > left)
    return Error{ErrorCode::amount_too_large, "not so much is captured and still there", "amount"};
  return for_ledger(bench, open(bench, *capture, amount, *reason, order.inquiry));
}

Result<json::object> close_dispute(Bench& bench, std::string_view id, bool won) {
  auto* dispute = bench.books.disputes.find(id);
  if (dispute == nullptr) return Error{ErrorCode::not_found, "no such dispute"};
  if (dispute->status == DisputeStatus::resolved)
    return Error{ErrorCode::illegal_transition, "this dispute is closed already"};
  resolve(bench, *dispute, won);
  return for_ledger(bench, *dispute);
}

void list_for_ledger(Bench& bench, std::string_view payment, json::array& out) {
  auto& disputes = bench.books.disputes;
  for (std::size_t i = 0; i < disputes.size(); ++i) {
    auto shown = for_ledger(bench, disputes.at(i));
    if (payment.empty() || shown.at("payment").as_string() == payment)
      out.push_back(std::move(shown));
  }
}

void resolve(Bench& bench, Dispute& dispute, bool won) {
  dispute.status = DisputeStatus::resolved;
  dispute.updated = bench.world.now();
  // An inquiry moves no money, however it ends.
  dispute.outcome = dispute.inquiry ? "NONE"
                    : won           ? "RESOLVED_SELLER_FAVOUR"
                                    : "RESOLVED_BUYER_FAVOUR";
  auto* capture = bench.books.captures.find(dispute.capture);
  if (capture != nullptr && won && !dispute.inquiry)
    capture->charged_back_minor -= dispute.amount.minor;
  if (capture != nullptr && !won && !dispute.inquiry)
    announce_reversal(bench, *capture, dispute.amount);
  announce(bench, "CUSTOMER.DISPUTE.RESOLVED", dispute);
}

}  // namespace cambist::gateway::sandbox::paypal
