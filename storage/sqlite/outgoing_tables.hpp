// Writes the tables of our events for merchants: the outbox, the endpoints, and the deliveries
// between them. Checks nothing: whoever calls has looked first.
#pragma once

#include <optional>

#include "storage/sqlite/chain.hpp"
#include "storage/store.hpp"

namespace cambist::storage::sqlite {

class OutgoingTables {
 public:
  explicit OutgoingTables(Database& database);

  [[nodiscard]] bool has_event(Chain& chain, const TenantId& tenant, EventId id);
  void announce(Chain& chain, const TenantId& tenant, PaymentId payment, const OutboxRow& row);

  /// Whose endpoint it is.
  [[nodiscard]] std::optional<TenantId> owner(Chain& chain, EndpointId id);
  void put_endpoint(Chain& chain, const EndpointRow& row);
  void remove_endpoint(Chain& chain, EndpointId id);
  void move_cursor(Chain& chain, const CursorMoved& moved);
  void put_delivery(Chain& chain, const DeliveryPut& put);

 private:
  Statement find_event_, insert_event_;
  Statement find_endpoint_, put_endpoint_, delete_endpoint_, set_cursor_, advance_cursor_;
  Statement put_delivery_, delete_deliveries_;
};

}  // namespace cambist::storage::sqlite
