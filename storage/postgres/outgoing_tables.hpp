// Writes the tables of our events for merchants: the outbox, the endpoints, and the deliveries
// between them.
#pragma once

#include "storage/postgres/bulk.hpp"
#include "storage/store.hpp"

namespace cambist::storage::postgres {

class OutgoingTables {
 public:
  OutgoingTables();

  void announce(const TenantId& tenant, PaymentId payment, const OutboxRow& row);
  void put_endpoint(const EndpointRow& row);
  void remove_endpoint(EndpointId id);
  /// Breaks the transaction when the endpoint is not there.
  void move_cursor(const CursorMoved& moved);
  /// Breaks the transaction when the endpoint is not there.
  void put_delivery(const DeliveryPut& put);

  void send_changes(Connection& connection);
  /// Last of a transaction: from here to the commit, other processes wait to announce theirs.
  void send_announced(Connection& connection);

 private:
  Bulk announce_, put_endpoints_, delete_endpoints_, set_cursors_, delete_deliveries_;
  Bulk put_deliveries_, advance_cursors_;
};

}  // namespace cambist::storage::postgres
