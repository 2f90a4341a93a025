// What time alone does: holds end, refunds settle or come back.
#include <algorithm>

#include "gateway/sandbox/stripe/events.hpp"
#include "gateway/sandbox/stripe/model.hpp"

namespace cambist::gateway::sandbox::stripe {
namespace {

// As many as payment intents are kept.
constexpr std::size_t due_max = 1'000'000;

template <class T>
void settle_front(Bench& bench, std::deque<Due>& due, Shelf<T>& shelf, TimePoint now) {
  while (due.size() > due_max) due.pop_front();
  while (!due.empty() && due.front().at <= now) {
    const auto id = std::move(due.front().id);
    due.pop_front();
    if (auto* object = shelf.find(id)) settle_time(bench, *object, now);
  }
}

}  // namespace

void settle_time(Bench& bench, Intent& intent, TimePoint now) {
  if (intent.status != IntentStatus::requires_capture || now < intent.capture_before) return;
  const ByItself nobody{bench};
  // The hold ends by itself: no operation of anybody, hence nothing in the ledger.
  intent.capturable = 0;
  auto* charge = bench.books.charges.find(intent.latest_charge);
  if (intent.received > 0) {
    intent.status = IntentStatus::succeeded;
    if (charge != nullptr) charge->captured = true;
    announce(bench, "payment_intent.succeeded", intent);
    return;
  }
  intent.status = IntentStatus::canceled;
  intent.cancellation_reason = "automatic";
  intent.canceled_at = intent.capture_before;
  if (charge != nullptr) {
    charge->released = true;
    announce(bench, "charge.expired", *charge);
  }
  announce(bench, "payment_intent.canceled", intent);
}

void settle_time(Bench& bench, Refund& refund, TimePoint now) {
  if (refund.afterwards == Afterwards::nothing || now < refund.created + refund_settles_after)
    return;
  const ByItself nobody{bench};
  const bool succeeds = refund.afterwards == Afterwards::refund_pending;
  refund.afterwards = Afterwards::nothing;
  if (succeeds) {
    refund.status = RefundStatus::succeeded;
    announce(bench, "refund.updated", refund, {{"status", "pending"}});
    return;
  }
  refund.status = RefundStatus::failed;
  if (auto* charge = bench.books.charges.find(refund.charge))
    charge->refunded_amount -= refund.amount;
  bench.books.balance[std::string{refund.currency.code()}] += refund.amount;
  bench.world.ledger.take_back(refund.effect);
  announce(bench, "refund.updated", refund, {{"status", "succeeded"}});
  announce(bench, "refund.failed", refund);
}

std::optional<TimePoint> settle_all(Bench& bench, TimePoint now) {
  auto& books = bench.books;
  settle_front(bench, books.holds_due, books.intents, now);
  settle_front(bench, books.refunds_due, books.refunds, now);
  std::optional<TimePoint> next;
  for (const auto* due : {&books.holds_due, &books.refunds_due}) {
    if (!due->empty() && (!next || due->front().at < *next)) next = due->front().at;
  }
  return next;
}

}  // namespace cambist::gateway::sandbox::stripe
