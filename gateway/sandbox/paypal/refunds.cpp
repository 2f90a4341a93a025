// Captures once the money is there, and their way back.
#include "gateway/sandbox/paypal/refunds.hpp"

#include "gateway/sandbox/paypal/endpoints.hpp"
#include "gateway/sandbox/paypal/events.hpp"
#include "gateway/sandbox/paypal/reader.hpp"
#include "gateway/sandbox/paypal/units.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace {

constexpr std::size_t refunds_max = 10'000;

std::optional<Failure> cannot_be_refunded(const Capture& capture, TimePoint now) {
  if (capture.status == CaptureStatus::pending) return refuse("PENDING_CAPTURE");
  if (capture.status == CaptureStatus::declined) return refuse("REFUND_NOT_ALLOWED");
  if (capture.refunded_minor >= capture.amount.minor) return refuse("CAPTURE_FULLY_REFUNDED");
  if (capture.charged_back_minor > 0) return refuse("TRANSACTION_DISPUTED");
  if (now >= capture.created + refundable_for) return refuse("REFUND_TIME_LIMIT_EXCEEDED");
  return std::nullopt;
}

// What a refund leaves of its capture, and brings back when it fails.
void add_refunded(Capture& capture, std::int64_t minor, TimePoint now) {
  capture.refunded_minor += minor;
  capture.updated = now;
  capture.status = capture.refunded_minor == 0 ? CaptureStatus::completed
                   : capture.refunded_minor >= capture.amount.minor
                       ? CaptureStatus::refunded
                       : CaptureStatus::partially_refunded;
}

}  // namespace

Outcome show_capture(Bench& bench, const Call& call) {
  if (bench.books.captures.find(call.id) == nullptr) return missing(call.id);
  return Made{What::capture, std::string{call.id}, 200};
}

Outcome show_refund(Bench& bench, const Call& call) {
  if (bench.books.refunds.find(call.id) == nullptr) return missing(call.id);
  return Made{What::refund, std::string{call.id}, 200};
}

Outcome refund_capture(Bench& bench, const Call& call) {
  auto* capture = bench.books.captures.find(call.id);
  auto* order = capture == nullptr ? nullptr : bench.books.orders.find(capture->order);
  if (order == nullptr) return missing(call.id);
  Reader reader{call.body};
  const auto given = reader.money(reader.root(), "amount");
  Refund made;
  made.invoice_id = reader.text(reader.root(), "invoice_id", invoice_id_max);
  made.custom_id = reader.text(reader.root(), "custom_id", custom_id_max);
  made.note = reader.text(reader.root(), "note_to_payer", 255);
  if (auto failure = reader.failure()) return *failure;
  if (auto failure = cannot_be_refunded(*capture, call.now)) return *failure;
  if (order->refunds.size() >= refunds_max) return refuse("MAX_NUMBER_OF_REFUNDS_EXCEEDED");
  const Money left{capture->amount.minor - capture->refunded_minor, capture->amount.currency};
  made.amount = given.value_or(left);
  if (made.amount.currency != left.currency)
    return refuse("REFUND_CAPTURE_CURRENCY_MISMATCH", "/amount/currency_code");
  if (made.amount.minor > left.minor) return refuse("REFUND_AMOUNT_EXCEEDED", "/amount/value");
  if (!invoice_is_free(bench.books, made.invoice_id, {}))
    return refuse("DUPLICATE_INVOICE_ID", "/invoice_id", made.invoice_id);
  made.id = make_id(id_size, bench.world.random);
  made.order = order->id;
  made.capture = capture->id;
  made.key = call.key;
  made.by_dashboard = bench.at_dashboard;
  made.refunded_before_minor = capture->refunded_minor;
  made.created = made.updated = call.now;
  const auto wish = wish_of(*order);
  made.fails_later = wish == "REFUND_FAILED";
  if (wish == "REFUND_PENDING" || made.fails_later) made.status = RefundStatus::pending;
  claim_invoice(bench.books, made.invoice_id, made.id);
  add_refunded(*capture, made.amount.minor, call.now);
  order->refunds.push_back(made.id);
  auto& kept = bench.books.refunds.add(std::move(made));
  if (kept.status == RefundStatus::pending) {
    bench.books.settlements_due.push_back(Due{call.now + settles_after, kept.id});
    announce(bench, "PAYMENT.REFUND.PENDING", kept);
  } else {
    complete(bench, *order, kept);
  }
  return Made{What::refund, kept.id, 201};
}

void complete(Bench& bench, const Order& order, Refund& refund) {
  refund.status = RefundStatus::completed;
  record(bench, order, EffectKind::refund, refund.id, refund.amount, refund.key,
         refund.by_dashboard);
  announce(bench, "PAYMENT.CAPTURE.REFUNDED", refund);
}

void fail(Bench& bench, Refund& refund, TimePoint now) {
  refund.status = RefundStatus::failed;
  if (auto* capture = bench.books.captures.find(refund.capture))
    add_refunded(*capture, -refund.amount.minor, now);
  announce(bench, "PAYMENT.REFUND.FAILED", refund);
}

}  // namespace cambist::gateway::sandbox::paypal
