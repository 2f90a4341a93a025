// The tables of the memory store and the one way to change them. Knows nothing of threads: the
// store locks.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "storage/memory/operators.hpp"
#include "storage/memory/outgoing.hpp"
#include "storage/memory/webhooks.hpp"
#include "storage/store.hpp"

namespace cambist::storage::memory {

/// Everything that is kept about one payment.
struct Payment {
  PaymentRow row;
  std::vector<EventRow> events;
  std::vector<OperationRow> operations;  // by start, then id
  std::vector<LedgerRow> ledger;         // in the order of writing
};

using KeyName = std::pair<TenantId, std::string>;

struct Tables {
  std::unordered_map<PaymentId, Payment> payments;
  std::map<TenantId, std::set<PaymentId>> by_tenant;
  std::map<std::pair<std::string, std::string>, std::set<PaymentId>> by_provider;
  std::set<PaymentId> open;
  std::map<KeyName, KeyRecord> keys;
  std::unordered_map<PaymentId, DueTimer> timers;
  std::set<std::pair<TimePoint, PaymentId>> timers_due;
  std::map<std::string, ApiKeyRow> api_keys;
  Webhooks webhooks;
  Outgoing outgoing;
  Operators operators;

  [[nodiscard]] AppendResult append(const Append& append);
  [[nodiscard]] AppendResult write(const Records& records);
  [[nodiscard]] std::size_t expire_keys(TimePoint now, std::size_t limit);
  /// The wake-up of `payment`, at the epoch when it has none.
  [[nodiscard]] DueTimer timer_of(const Payment& payment) const;
  /// The newest payment that `provider` knows by this name.
  [[nodiscard]] std::optional<PaymentId> at_provider(std::string_view provider,
                                                     std::string_view name) const;

 private:
  [[nodiscard]] bool has_free_ids(const Append& append) const;
  [[nodiscard]] std::optional<AppendResult> write(const Record& record, Undo& undo);
  void write(const Append& append, Payment& payment);
  void write_operation(const OperationRow& operation, Payment& payment);
  void write_timer(const Append& append);
  void write_beside(const Append& append);
  void write_key(const Append& append);
};

}  // namespace cambist::storage::memory
