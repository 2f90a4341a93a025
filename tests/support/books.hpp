// What stands in a store, read out once as plain values, so that it can be judged (and spoilt by a
// test) without the store.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/store.hpp"

namespace cambist::test {

/// One payment with everything that is kept of it. `due` is its timer.
struct StoredPayment {
  storage::PaymentRow row;
  std::vector<storage::StoredEvent> events;
  std::vector<storage::OperationRow> operations;
  std::vector<storage::LedgerRow> ledger;
  std::optional<TimePoint> due;
};

/// One merchant's endpoint with what is kept of its deliveries.
struct StoredEndpoint {
  storage::EndpointRow row;
  std::vector<storage::DeliveryRow> deliveries;
};

/// All of one tenant's. Shape: webhooks come without bodies; `payments` is by id.
struct Books {
  std::map<std::string, StoredPayment> payments;
  std::vector<storage::Balance> balances;
  std::vector<storage::WebhookRow> webhooks;
  std::vector<storage::StoredOutbox> outbox;
  std::vector<StoredEndpoint> endpoints;
  std::vector<storage::TaskRow> tasks;
};

/// Throws when the store cannot be read: a test has nothing to say then.
[[nodiscard]] Books read_books(storage::Store& store, const TenantId& tenant = default_tenant());
/// Of the store in a folder, or behind the URL of a database, whose server has ended.
[[nodiscard]] Books read_books(const std::string& where);

}  // namespace cambist::test
