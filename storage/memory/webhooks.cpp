#include "storage/memory/webhooks.hpp"

#include <algorithm>
#include <tuple>

#include "protocols/core/planted.hpp"
#include "storage/append_rules.hpp"

namespace cambist::storage::memory {
namespace {

bool matches(const WebhookRow& row, const WebhookQuery& query) {
  const auto same = [](const std::string& wanted, const std::string& actual) {
    return wanted.empty() || wanted == actual;
  };
  return row.tenant == query.tenant && same(query.provider, row.provider) &&
         same(query.status, row.status) && same(query.type, row.type) &&
         (!query.payment || row.payment == query.payment) &&
         (!query.received_from || row.received_at >= *query.received_from) &&
         (!query.received_to || row.received_at < *query.received_to);
}

}  // namespace

std::optional<AppendResult> Webhooks::receive(const WebhookReceived& received, Undo& undo) {
  auto row = received.row;
  const auto event = std::pair{row.provider, row.event};
  if (by_event_.contains(event) && !planted("webhook_not_deduplicated")) return AlreadyThere{};
  if (rows_.contains(row.id)) return cannot_hold(Records{});
  undo.remember(last_position_);
  row.position = ++last_position_;
  row.body_bytes = row.body.size();
  row.settled_at = row.due ? std::nullopt : std::optional{row.settled_at.value_or(row.received_at)};
  undo.remember(by_event_, event);
  by_event_.emplace(event, row.id);
  put(std::move(row), undo);
  return std::nullopt;
}

std::optional<AppendResult> Webhooks::update(const WebhookUpdate& update, Undo& undo) {
  const auto found = rows_.find(update.id);
  if (found == rows_.end()) return no_such_webhook();
  auto row = found->second;
  if (is_final(row.status)) return AlreadyThere{};
  row.status = update.status;
  row.attempts = update.attempts;
  row.due = update.due;
  if (update.payment) row.payment = update.payment;
  row.error = update.error;
  row.settled_at = update.due ? std::nullopt : std::optional{update.at};
  put(std::move(row), undo);
  return std::nullopt;
}

std::optional<AppendResult> Webhooks::replay(const WebhookReplayed& replayed, Undo& undo) {
  const auto found = rows_.find(replayed.id);
  if (found == rows_.end() || found->second.tenant != replayed.tenant) return no_such_webhook();
  auto row = found->second;
  row.status = "received";
  row.attempts = 0;
  row.due = replayed.due;
  row.error.clear();
  row.settled_at.reset();
  put(std::move(row), undo);
  return std::nullopt;
}

std::optional<AppendResult> Webhooks::refusal(const TenantId& tenant,
                                              const WebhookUpdate& mark) const {
  const auto found = rows_.find(mark.id);
  if (found == rows_.end() || found->second.tenant != tenant) return no_such_webhook();
  if (is_final(found->second.status)) return AlreadyThere{};
  return std::nullopt;
}

void Webhooks::put(WebhookRow row, Undo& undo) {
  if (const auto old = rows_.find(row.id); old != rows_.end() && old->second.due) {
    auto& waiting = due_[row.provider];
    const Due place{*old->second.due, row.position};
    undo.remember(waiting, place);
    waiting.erase(place);
  }
  if (row.due) {
    auto& waiting = due_[row.provider];
    const Due place{*row.due, row.position};
    undo.remember(waiting, place);
    waiting.emplace(place, row.id);
  }
  undo.remember(rows_, row.id);
  const auto id = row.id;
  rows_.insert_or_assign(id, std::move(row));
}

std::optional<PaymentId> Webhooks::payment_of_event(std::string_view provider,
                                                    std::string_view event) const {
  const auto found = by_event_.find({std::string{provider}, std::string{event}});
  if (found == by_event_.end()) return std::nullopt;
  const auto& row = rows_.at(found->second);
  return row.status == "applied" ? row.payment : std::nullopt;
}

std::optional<WebhookRow> Webhooks::find(const TenantId& tenant, WebhookId id) const {
  const auto found = rows_.find(id);
  if (found == rows_.end() || found->second.tenant != tenant) return std::nullopt;
  return found->second;
}

std::vector<WebhookRow> Webhooks::list(const WebhookQuery& query) const {
  std::vector<WebhookRow> page;
  auto next = query.before ? rows_.lower_bound(*query.before) : rows_.end();
  while (next != rows_.begin() && page.size() < query.limit) {
    const auto& row = (--next)->second;
    if (!matches(row, query)) continue;
    page.push_back(row);
    page.back().body.clear();
  }
  return page;
}

std::vector<WebhookRow> Webhooks::due(std::string_view provider, TimePoint now,
                                      std::size_t limit) const {
  std::vector<WebhookRow> page;
  const auto waiting = due_.find(std::string{provider});
  if (waiting == due_.end()) return page;
  for (const auto& [place, id] : waiting->second) {
    if (place.first > now || page.size() == limit) break;
    page.push_back(rows_.at(id));
  }
  return page;
}

std::vector<WebhookCount> Webhooks::counts(const TenantId& tenant, TimePoint since) const {
  std::map<std::pair<std::string, std::string>, WebhookCount> groups;
  for (const auto& [id, row] : rows_) {
    if (row.tenant != tenant || row.received_at < since) continue;
    auto& group = groups[{row.provider, row.status}];
    ++group.count;
    group.last_received_at =
        group.count == 1 ? row.received_at : std::max(group.last_received_at, row.received_at);
  }
  std::vector<WebhookCount> counts;
  for (auto& [key, group] : groups) {
    std::tie(group.provider, group.status) = key;
    counts.push_back(std::move(group));
  }
  return counts;
}

std::size_t Webhooks::forget(TimePoint before, std::size_t limit) {
  std::vector<std::tuple<TimePoint, std::uint64_t, WebhookId>> old;
  for (const auto& [id, row] : rows_) {
    if (is_final(row.status) && row.settled_at < before) {
      old.emplace_back(*row.settled_at, row.position, id);
    }
  }
  std::sort(old.begin(), old.end());
  if (old.size() > limit) old.resize(limit);
  for (const auto& [settled_at, position, id] : old) {
    const auto& row = rows_.at(id);
    by_event_.erase({row.provider, row.event});
    rows_.erase(id);
  }
  return old.size();
}

}  // namespace cambist::storage::memory
