#include "actors/webhooks/lines.hpp"

#include <utility>

namespace cambist::actors::webhooks {

void Lines::arrive(Item item, std::optional<PaymentId> payment) {
  const WebhookId id = item.row.id;
  if (!payment) to_look_up_.push_back(id);
  places_.emplace(id, Place{std::move(item), payment});
  arrivals_.push_back(id);
  line_up();
}

const Item* Lines::find(const WebhookId& id) const {
  const auto place = places_.find(id);
  return place == places_.end() ? nullptr : &place->second.item;
}

const Item* Lines::next_to_look_up() {
  while (!to_look_up_.empty()) {
    const auto found = places_.find(to_look_up_.front());
    to_look_up_.pop_front();
    if (found != places_.end()) return &found->second.item;
  }
  return nullptr;
}

void Lines::found(const WebhookId& id, const PaymentId& payment) {
  const auto place = places_.find(id);
  if (place == places_.end()) return;
  place->second.payment = payment;
  line_up();
}

/// Whoever arrived first goes first, even when it has to be looked up and those behind it have not.
void Lines::line_up() {
  while (!arrivals_.empty()) {
    const auto found = places_.find(arrivals_.front());
    if (found != places_.end()) {
      if (!found->second.payment) return;
      const PaymentId payment = *found->second.payment;
      auto& line = lines_[payment];
      if (line.empty() && !busy_.contains(payment)) ready_.push_back(payment);
      line.push_back(arrivals_.front());
    }
    arrivals_.pop_front();
  }
}

std::optional<Lines::Ready> Lines::next() {
  if (ready_.empty()) return std::nullopt;
  const PaymentId payment = ready_.front();
  ready_.pop_front();
  const auto line = lines_.find(payment);
  const WebhookId id = line->second.front();
  line->second.pop_front();
  if (line->second.empty()) lines_.erase(line);
  busy_.insert(payment);
  Place& place = places_.at(id);
  place.under_way = true;
  return Ready{payment, &place.item};
}

std::optional<Item> Lines::take(const WebhookId& id) {
  const auto found = places_.find(id);
  if (found == places_.end()) return std::nullopt;
  Place place = std::move(found->second);
  places_.erase(found);
  if (place.under_way) {
    busy_.erase(*place.payment);
    if (lines_.contains(*place.payment)) ready_.push_back(*place.payment);
  }
  line_up();  // it may have held up the others
  return std::move(place.item);
}

}  // namespace cambist::actors::webhooks
