#include "storage/memory/outgoing.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "storage/append_rules.hpp"

namespace cambist::storage::memory {

bool Outgoing::has_event(const TenantId& tenant, EventId id) const {
  return by_id_.contains({tenant, id});
}

void Outgoing::announce(const TenantId& tenant, const OutboxRow& row, Undo& undo) {
  auto& rows = outbox_[tenant];
  undo.remember(last_position_);
  const auto position = ++last_position_;
  undo.remember(rows, position);
  undo.remember(by_id_, {tenant, row.id});
  rows.emplace(position, row);
  by_id_.emplace(std::pair{tenant, row.id}, position);
}

std::optional<AppendResult> Outgoing::put_endpoint(const EndpointPut& put, Undo& undo) {
  const auto found = endpoints_.find(put.row.id);
  const bool is_new = found == endpoints_.end();
  if (!is_new && found->second.row.tenant != put.row.tenant) return no_such_endpoint();
  undo.remember(last_made_);
  Endpoint endpoint{put.row, is_new ? ++last_made_ : found->second.made};
  endpoint.row.cursor = is_new ? outbox_end() : found->second.row.cursor;
  undo.remember(endpoints_, put.row.id);
  endpoints_.insert_or_assign(put.row.id, std::move(endpoint));
  return std::nullopt;
}

std::optional<AppendResult> Outgoing::remove_endpoint(const EndpointGone& gone, Undo& undo) {
  const auto found = endpoints_.find(gone.id);
  if (found == endpoints_.end() || found->second.row.tenant != gone.tenant) {
    return no_such_endpoint();
  }
  undo.remember(endpoints_, gone.id);
  endpoints_.erase(found);
  forget_deliveries(gone.id, 0, undo);
  return std::nullopt;
}

std::optional<AppendResult> Outgoing::move_cursor(const CursorMoved& moved, Undo& undo) {
  const auto found = endpoints_.find(moved.endpoint);
  if (found == endpoints_.end()) return no_such_endpoint();
  undo.remember(endpoints_, moved.endpoint);
  found->second.row.cursor = moved.cursor;
  forget_deliveries(moved.endpoint, moved.cursor, undo);
  return std::nullopt;
}

std::optional<AppendResult> Outgoing::put_delivery(const DeliveryPut& put, Undo& undo) {
  const auto found = endpoints_.find(put.row.endpoint);
  if (found == endpoints_.end()) return no_such_endpoint();
  const DeliveryKey key{put.row.endpoint, put.row.position};
  undo.remember(deliveries_, key);
  deliveries_.insert_or_assign(key, put.row);
  if (put.cursor && *put.cursor > found->second.row.cursor) {
    undo.remember(endpoints_, put.row.endpoint);
    found->second.row.cursor = *put.cursor;
  }
  return std::nullopt;
}

std::uint64_t Outgoing::outbox_end() const {
  std::uint64_t end = 0;
  for (const auto& [tenant, rows] : outbox_) {
    if (!rows.empty()) end = std::max(end, rows.rbegin()->first);
  }
  return end;
}

void Outgoing::forget_deliveries(EndpointId endpoint, std::uint64_t after, Undo& undo) {
  auto next = deliveries_.upper_bound({endpoint, after});
  while (next != deliveries_.end() && next->first.first == endpoint) {
    undo.remember(deliveries_, next->first);
    next = deliveries_.erase(next);
  }
}

std::vector<EndpointRow> Outgoing::endpoints(const std::optional<TenantId>& tenant) const {
  std::map<std::uint64_t, EndpointRow> in_order;
  for (const auto& [id, endpoint] : endpoints_) {
    if (!tenant || endpoint.row.tenant == *tenant) in_order.emplace(endpoint.made, endpoint.row);
  }
  std::vector<EndpointRow> rows;
  for (auto& [made, row] : in_order) rows.push_back(std::move(row));
  return rows;
}

std::vector<StoredOutbox> Outgoing::outbox(const TenantId& tenant, std::uint64_t after,
                                           std::size_t limit) const {
  std::vector<StoredOutbox> page;
  const auto rows = outbox_.find(tenant);
  if (rows == outbox_.end()) return page;
  auto next = rows->second.upper_bound(after);
  for (; next != rows->second.end() && page.size() < limit; ++next) {
    page.push_back({next->first, next->second});
  }
  return page;
}

std::optional<StoredOutbox> Outgoing::event(const TenantId& tenant, EventId id) const {
  const auto found = by_id_.find({tenant, id});
  if (found == by_id_.end()) return std::nullopt;
  return StoredOutbox{found->second, outbox_.at(tenant).at(found->second)};
}

std::vector<DeliveryRow> Outgoing::deliveries(const DeliveryQuery& query) const {
  std::vector<DeliveryRow> page;
  constexpr auto end = std::numeric_limits<std::uint64_t>::max();
  auto next = deliveries_.lower_bound({query.endpoint, query.before.value_or(end)});
  while (next != deliveries_.begin() && page.size() < query.limit) {
    const auto& row = (--next)->second;
    if (row.endpoint != query.endpoint) break;
    if (query.status.empty() || row.status == query.status) page.push_back(row);
  }
  return page;
}

std::vector<DeliveryRow> Outgoing::deliveries_after(EndpointId endpoint,
                                                    std::uint64_t cursor) const {
  std::vector<DeliveryRow> rows;
  auto next = deliveries_.upper_bound({endpoint, cursor});
  for (; next != deliveries_.end() && next->first.first == endpoint; ++next) {
    rows.push_back(next->second);
  }
  return rows;
}

std::size_t Outgoing::forget(TimePoint before, std::size_t limit) {
  return forget_outbox(before, limit) + forget_settled(before, limit);
}

std::size_t Outgoing::forget_outbox(TimePoint before, std::size_t limit) {
  std::size_t gone = 0;
  for (auto& [tenant, rows] : outbox_) {
    auto behind = std::numeric_limits<std::uint64_t>::max();
    for (const auto& [id, endpoint] : endpoints_) {
      if (endpoint.row.tenant == tenant) behind = std::min(behind, endpoint.row.cursor);
    }
    // From the start: what is behind a younger one waits for it.
    auto next = rows.begin();
    while (gone < limit && next != rows.end() && next->first <= behind &&
           next->second.at < before) {
      by_id_.erase({tenant, next->second.id});
      next = rows.erase(next);
      ++gone;
    }
  }
  return gone;
}

std::size_t Outgoing::forget_settled(TimePoint before, std::size_t limit) {
  std::vector<std::tuple<TimePoint, EndpointId, std::uint64_t>> old;
  for (const auto& [key, row] : deliveries_) {
    const bool done = key.second <= endpoints_.at(key.first).row.cursor;
    if (done && row.status != "pending" && row.updated_at < before) {
      old.emplace_back(row.updated_at, key.first, key.second);
    }
  }
  std::sort(old.begin(), old.end());
  if (old.size() > limit) old.resize(limit);
  for (const auto& [updated_at, endpoint, position] : old) deliveries_.erase({endpoint, position});
  return old.size();
}

}  // namespace cambist::storage::memory
