// What time alone does: approvals and holds end, what is pending settles.
#include "gateway/sandbox/paypal/complete.hpp"
#include "gateway/sandbox/paypal/events.hpp"
#include "gateway/sandbox/paypal/refunds.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace {

// As many as orders are kept, twice: an approval renews an order's time.
constexpr std::size_t due_max = 2'000'000;

void end_order(Bench& bench, const std::string& id, TimePoint now) {
  auto* order = bench.books.orders.find(id);
  if (order == nullptr || now < order->open_until || order->status == OrderStatus::completed ||
      order->status == OrderStatus::voided)
    return;
  const bool approved = order->status == OrderStatus::approved;
  order->status = OrderStatus::voided;
  order->expired = true;
  order->updated = order->open_until;
  if (approved) announce_reversed_approval(bench, *order);
}

// Nobody's operation: the hold ends without an effect. A renewed one ends in the place of the
// first.
void end_authorization(Bench& bench, const std::string& id) {
  auto* authorization = bench.books.authorizations.find(id);
  while (authorization != nullptr && !authorization->replaced_by.empty())
    authorization = bench.books.authorizations.find(authorization->replaced_by);
  if (authorization == nullptr) return;
  const bool open = authorization->holds() || authorization->status == AuthorizationStatus::pending;
  if (!open) return;
  authorization->status = AuthorizationStatus::voided;
  authorization->expired = true;
  authorization->updated = authorization->expires;
  announce(bench, "PAYMENT.AUTHORIZATION.VOIDED", *authorization);
}

void settle(Bench& bench, const std::string& id, TimePoint now) {
  auto& books = bench.books;
  if (auto* capture = books.captures.find(id)) {
    auto* order = books.orders.find(capture->order);
    if (order == nullptr || capture->status != CaptureStatus::pending) return;
    capture->updated = now;
    return capture->denied_later ? deny(bench, *capture) : complete(bench, *order, *capture);
  }
  if (auto* refund = books.refunds.find(id)) {
    auto* order = books.orders.find(refund->order);
    if (order == nullptr || refund->status != RefundStatus::pending) return;
    refund->updated = now;
    return refund->fails_later ? fail(bench, *refund, now) : complete(bench, *order, *refund);
  }
  auto* authorization = books.authorizations.find(id);
  auto* order = authorization == nullptr ? nullptr : books.orders.find(authorization->order);
  if (order == nullptr || authorization->status != AuthorizationStatus::pending) return;
  authorization->status = AuthorizationStatus::created;
  authorization->updated = now;
  record(bench, *order, EffectKind::authorize, authorization->id, authorization->amount,
         authorization->key, false);
  announce(bench, "PAYMENT.AUTHORIZATION.CREATED", *authorization);
}

template <class Act>
void settle_front(std::deque<Due>& due, TimePoint now, const Act& act) {
  while (due.size() > due_max) due.pop_front();
  while (!due.empty() && due.front().at <= now) {
    const auto id = std::move(due.front().id);
    due.pop_front();
    act(id);
  }
}

}  // namespace

std::optional<TimePoint> settle_all(Bench& bench, TimePoint now) {
  auto& books = bench.books;
  settle_front(books.settlements_due, now, [&](const auto& id) { settle(bench, id, now); });
  settle_front(books.orders_due, now, [&](const auto& id) { end_order(bench, id, now); });
  settle_front(books.authorizations_due, now,
               [&](const auto& id) { end_authorization(bench, id); });
  std::optional<TimePoint> next;
  for (const auto* due : {&books.orders_due, &books.authorizations_due, &books.settlements_due}) {
    if (!due->empty() && (!next || due->front().at < *next)) next = due->front().at;
  }
  return next;
}

}  // namespace cambist::gateway::sandbox::paypal
