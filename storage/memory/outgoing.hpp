// Our events for merchants in the memory store: the outbox, the endpoints, and the deliveries
// between them.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "storage/memory/undo.hpp"
#include "storage/store.hpp"

namespace cambist::storage::memory {

class Outgoing {
 public:
  [[nodiscard]] bool has_event(const TenantId& tenant, EventId id) const;
  /// The event's id must be free.
  void announce(const TenantId& tenant, const OutboxRow& row, Undo& undo);
  // Each answers why it wrote nothing; nullopt when it wrote.
  [[nodiscard]] std::optional<AppendResult> put_endpoint(const EndpointPut& put, Undo& undo);
  [[nodiscard]] std::optional<AppendResult> remove_endpoint(const EndpointGone& gone, Undo& undo);
  [[nodiscard]] std::optional<AppendResult> move_cursor(const CursorMoved& moved, Undo& undo);
  [[nodiscard]] std::optional<AppendResult> put_delivery(const DeliveryPut& put, Undo& undo);

  [[nodiscard]] std::vector<EndpointRow> endpoints(const std::optional<TenantId>& tenant) const;
  [[nodiscard]] std::vector<StoredOutbox> outbox(const TenantId& tenant, std::uint64_t after,
                                                 std::size_t limit) const;
  [[nodiscard]] std::optional<StoredOutbox> event(const TenantId& tenant, EventId id) const;
  [[nodiscard]] std::vector<DeliveryRow> deliveries(const DeliveryQuery& query) const;
  [[nodiscard]] std::vector<DeliveryRow> deliveries_after(EndpointId endpoint,
                                                          std::uint64_t cursor) const;
  [[nodiscard]] std::size_t forget(TimePoint before, std::size_t limit);

 private:
  using DeliveryKey = std::pair<EndpointId, std::uint64_t>;
  struct Endpoint {
    EndpointRow row;
    std::uint64_t made = 0;  // the order of their making
  };
  [[nodiscard]] std::uint64_t outbox_end() const;
  void forget_deliveries(EndpointId endpoint, std::uint64_t after, Undo& undo);
  [[nodiscard]] std::size_t forget_outbox(TimePoint before, std::size_t limit);
  [[nodiscard]] std::size_t forget_settled(TimePoint before, std::size_t limit);

  std::map<TenantId, std::map<std::uint64_t, OutboxRow>> outbox_;
  std::map<std::pair<TenantId, EventId>, std::uint64_t> by_id_;
  std::map<EndpointId, Endpoint> endpoints_;
  std::map<DeliveryKey, DeliveryRow> deliveries_;
  std::uint64_t last_position_ = 0;
  std::uint64_t last_made_ = 0;
};

}  // namespace cambist::storage::memory
