// Writes the table of the providers' webhooks.
#pragma once

#include "storage/postgres/bulk.hpp"
#include "storage/store.hpp"

namespace cambist::storage::postgres {

class WebhookTable {
 public:
  WebhookTable();

  /// Leaves one out that is there already, and answers the ids of those that were not.
  void receive(const WebhookRow& row);
  /// Breaks the transaction when the webhook is not there or does not change any more; with
  /// `owner`, also when it is another tenant's.
  void update(const WebhookUpdate& update, const TenantId* owner);
  void replay(const WebhookReplayed& replayed);

  void send_changes(Connection& connection);
  /// True: there were some, and the statement sent last answers their ids.
  [[nodiscard]] bool send_received(Connection& connection);

 private:
  Bulk receive_, update_, update_of_, replay_;
};

}  // namespace cambist::storage::postgres
