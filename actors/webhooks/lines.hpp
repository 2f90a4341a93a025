// The webhooks that a stream has in memory: in line behind each other per payment, in the order of
// their receipt, one per payment under way. Pure: no clock, no messages.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "protocols/core/ids.hpp"
#include "protocols/provider/notice.hpp"
#include "storage/store.hpp"

namespace cambist::actors::webhooks {

/// A stored webhook on its way to its payment. `row` is without its body.
struct Item {
  storage::WebhookRow row;
  provider::Notice notice;
};

/// An item arrives; its payment is known or has to be looked up; then it stands in its payment's
/// line, but never before an item that arrived earlier: the order of receipt is kept even between
/// two that name their payment differently.
/// Whoever adds bounds it by `size`.
class Lines {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
  [[nodiscard]] bool holds(const WebhookId& id) const { return places_.contains(id); }

  /// Null: it has left, or was never here.
  [[nodiscard]] const Item* find(const WebhookId& id) const;
  /// `payment` nullopt: it must be looked up.
  void arrive(Item item, std::optional<PaymentId> payment);
  /// The next item whose payment must be looked up; each is given once. Null: none.
  [[nodiscard]] const Item* next_to_look_up();
  void found(const WebhookId& id, const PaymentId& payment);

  struct Ready {
    PaymentId payment;
    const Item* item = nullptr;
  };
  /// The next item whose payment has none under way; from now on it has this one.
  [[nodiscard]] std::optional<Ready> next();
  /// It leaves, whatever it was waiting for; the next of its payment may go on.
  [[nodiscard]] std::optional<Item> take(const WebhookId& id);

 private:
  struct Place {
    Item item;
    std::optional<PaymentId> payment;
    bool under_way = false;
  };
  void line_up();

  std::unordered_map<WebhookId, Place> places_{};
  std::deque<WebhookId> arrivals_{};  // not in a line yet
  std::deque<WebhookId> to_look_up_{};
  std::unordered_map<PaymentId, std::deque<WebhookId>> lines_{};
  std::unordered_set<PaymentId> busy_{};
  std::deque<PaymentId> ready_{};  // each with a line, and nothing under way
};

}  // namespace cambist::actors::webhooks
