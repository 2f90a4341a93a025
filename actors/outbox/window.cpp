#include "actors/outbox/window.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "protocols/core/planted.hpp"

namespace cambist::actors::outbound {

void Window::add(Item item) {
  const std::uint64_t position = item.position;
  items_.insert_or_assign(position, std::move(item));
  while (!items_.empty() && items_.begin()->second.stage == Stage::done) {
    items_.erase(items_.begin());
  }
}

Item* Window::find(std::uint64_t position) {
  const auto found = items_.find(position);
  return found == items_.end() ? nullptr : &found->second;
}

/// Shows the first unfinished event of each payment, in order, until `see` answers false.
template <class See>
void Window::heads(See see) const {
  std::set<PaymentId> seen;
  for (const auto& [position, item] : items_) {
    if (item.stage == Stage::done) continue;
    const bool first = item.payment.empty() || seen.insert(item.payment).second;
    if (!first && !planted("outbox_out_of_order")) continue;
    if (!see(item)) return;
  }
}

Item* Window::next(TimePoint now) {
  Item* found = nullptr;
  heads([&](const Item& item) {
    if (item.stage != Stage::waiting || item.due > now) return true;
    found = find(item.position);
    return false;
  });
  return found;
}

std::optional<TimePoint> Window::due() const {
  std::optional<TimePoint> earliest;
  heads([&](const Item& item) {
    if (item.stage == Stage::waiting) earliest = std::min(earliest.value_or(item.due), item.due);
    return true;
  });
  return earliest;
}

void Window::finish(std::uint64_t position) {
  if (Item* item = find(position)) {
    item->stage = Stage::done;
    item->body.clear();
  }
  while (!items_.empty() && items_.begin()->second.stage == Stage::done) {
    items_.erase(items_.begin());
  }
}

std::uint64_t Window::done_up_to(std::uint64_t read_to, std::uint64_t marked) const {
  for (const auto& [position, item] : items_) {
    const bool marks = item.stage == Stage::marking && position == marked;
    if (item.stage != Stage::done && !marks) return position - 1;
  }
  return read_to;
}

void Window::start_anew() {
  for (auto& [position, item] : items_) {
    if (item.stage != Stage::waiting) continue;
    item.attempts = 0;
    item.due = TimePoint{};
  }
}

std::size_t Window::count(Stage stage) const {
  return static_cast<std::size_t>(
      std::count_if(items_.begin(), items_.end(),
                    [&](const auto& entry) { return entry.second.stage == stage; }));
}

}  // namespace cambist::actors::outbound
