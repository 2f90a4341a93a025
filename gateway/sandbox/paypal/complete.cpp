#include "gateway/sandbox/paypal/complete.hpp"

#include "gateway/sandbox/paypal/disputes.hpp"
#include "gateway/sandbox/paypal/endpoints.hpp"
#include "gateway/sandbox/paypal/events.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace {

// Whether the order can be completed as `intent` says; what the payer or a test wants comes last.
std::optional<Failure> refusal(Bench& bench, const Order& order, Intent intent) {
  if (order.expired) return refuse("ORDER_EXPIRED");
  if (order.intent != intent) return refuse("ACTION_DOES_NOT_MATCH_INTENT");
  if (order.status == OrderStatus::completed)
    return refuse(intent == Intent::capture ? "ORDER_ALREADY_CAPTURED"
                                            : "ORDER_ALREADY_AUTHORIZED");
  if (order.status != OrderStatus::approved) {
    auto failure = refuse("ORDER_NOT_APPROVED");
    failure.order = order.id;
    return failure;
  }
  if (!invoice_is_free(bench.books, order.invoice_id, order.id))
    return refuse("DUPLICATE_INVOICE_ID", {}, order.invoice_id);
  // A denied authorization is made, and is called as the issue that it meets afterwards.
  const auto wish = wish_of(order);
  const auto wished = wish == "AUTHORIZATION_DENIED" ? std::string_view{} : known_issue(wish);
  if (wished.empty() && !order.declines) return std::nullopt;
  // Processed and refused: the same request id gets the same refusal, another one tries again.
  auto failure = refuse(order.declines ? std::string_view{"INSTRUMENT_DECLINED"} : wished);
  failure.stored = true;
  failure.order = order.id;
  return failure;
}

void settle_later(Bench& bench, const std::string& id, TimePoint now) {
  bench.books.settlements_due.push_back(Due{now + settles_after, id});
}

}  // namespace

Authorization& hold(Bench& bench, Order& order, const Money& amount, TimePoint expires,
                    std::string_view key, TimePoint now) {
  Authorization made;
  made.id = make_id(id_size, bench.world.random);
  made.order = order.id;
  made.amount = amount;
  made.invoice_id = order.invoice_id;
  made.key = key;
  made.created = made.updated = now;
  made.expires = expires;
  const auto wish = wish_of(order);
  if (wish == "AUTHORIZATION_DENIED") made.status = AuthorizationStatus::denied;
  if (wish == "AUTHORIZATION_PENDING") made.status = AuthorizationStatus::pending;
  order.authorizations.push_back(made.id);
  auto& kept = bench.books.authorizations.add(std::move(made));
  if (kept.status == AuthorizationStatus::pending) settle_later(bench, kept.id, now);
  if (kept.status != AuthorizationStatus::created) return kept;
  record(bench, order, EffectKind::authorize, kept.id, amount, key, bench.at_dashboard);
  announce(bench, "PAYMENT.AUTHORIZATION.CREATED", kept);
  return kept;
}

Capture& take(Bench& bench, Order& order, CaptureOrder asked, TimePoint now) {
  Capture made;
  made.id = make_id(id_size, bench.world.random);
  made.order = order.id;
  made.amount = asked.amount;
  made.final_capture = asked.final_capture;
  made.invoice_id = std::move(asked.invoice_id);
  made.key = std::move(asked.key);
  made.created = made.updated = now;
  const auto wish = wish_of(order);
  made.denied_later = wish == "PENDING_DENIED";
  if (wish == "PENDING" || made.denied_later) made.status = CaptureStatus::pending;
  if (wish == "CAPTURE_DECLINED") made.status = CaptureStatus::declined;
  if (auto* authorization = asked.authorization; authorization != nullptr) {
    made.authorization = authorization->id;
    authorization->updated = now;
    ++authorization->captures;
    if (made.status != CaptureStatus::declined) {
      authorization->captured_minor += asked.amount.minor;
      const bool all =
          asked.final_capture || authorization->captured_minor >= authorization->amount.minor;
      authorization->status =
          all ? AuthorizationStatus::captured : AuthorizationStatus::partially_captured;
    }
  }
  order.captures.push_back(made.id);
  order.updated = now;
  auto& kept = bench.books.captures.add(std::move(made));
  if (kept.status == CaptureStatus::completed) complete(bench, order, kept);
  if (kept.status == CaptureStatus::declined) announce(bench, "PAYMENT.CAPTURE.DECLINED", kept);
  if (kept.status == CaptureStatus::pending) {
    settle_later(bench, kept.id, now);
    announce(bench, "PAYMENT.CAPTURE.PENDING", kept);
  }
  return kept;
}

void complete(Bench& bench, Order& order, Capture& capture) {
  capture.status = CaptureStatus::completed;
  const auto kind = capture.authorization.empty() ? EffectKind::charge : EffectKind::capture;
  record(bench, order, kind, capture.id, capture.amount, capture.key, bench.at_dashboard);
  announce(bench, "PAYMENT.CAPTURE.COMPLETED", capture);
  if (wish_of(order) == "DISPUTE") dispute_by_wish(bench, capture);
}

void deny(Bench& bench, Capture& capture) {
  capture.status = CaptureStatus::declined;
  if (auto* authorization = bench.books.authorizations.find(capture.authorization)) {
    // The hold is as it was before.
    authorization->captured_minor -= capture.amount.minor;
    if (authorization->status != AuthorizationStatus::voided) {
      authorization->status = authorization->captured_minor > 0
                                  ? AuthorizationStatus::partially_captured
                                  : AuthorizationStatus::created;
    }
  }
  announce(bench, "PAYMENT.CAPTURE.DENIED", capture);
}

void release(Bench& bench, Order& order, Authorization& authorization, std::string_view key,
             TimePoint now) {
  const Money rest{authorization.amount.minor - authorization.captured_minor,
                   authorization.amount.currency};
  authorization.status = AuthorizationStatus::voided;
  authorization.updated = now;
  record(bench, order, EffectKind::void_authorization, authorization.id, rest, key,
         bench.at_dashboard);
  announce(bench, "PAYMENT.AUTHORIZATION.VOIDED", authorization);
}

Outcome authorize_order(Bench& bench, const Call& call) {
  auto* order = bench.books.orders.find(call.id);
  if (order == nullptr) return missing(call.id);
  if (auto failure = refusal(bench, *order, Intent::authorize)) return *failure;
  claim_invoice(bench.books, order->invoice_id, order->id);
  order->status = OrderStatus::completed;
  order->updated = call.now;
  const auto expires = call.now + authorization_lifetime;
  const auto& made = hold(bench, *order, order->amount, expires, call.key, call.now);
  bench.books.authorizations_due.push_back(Due{expires, made.id});
  return Made{What::order, order->id, 201};
}

Outcome capture_order(Bench& bench, const Call& call) {
  auto* order = bench.books.orders.find(call.id);
  if (order == nullptr) return missing(call.id);
  if (auto failure = refusal(bench, *order, Intent::capture)) return *failure;
  claim_invoice(bench.books, order->invoice_id, order->id);
  order->status = OrderStatus::completed;
  CaptureOrder asked;
  asked.amount = order->amount;
  asked.invoice_id = order->invoice_id;
  asked.key = call.key;
  take(bench, *order, std::move(asked), call.now);
  return Made{What::order, order->id, 201};
}

}  // namespace cambist::gateway::sandbox::paypal
