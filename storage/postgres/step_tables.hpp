// Writes what one step of a payment leaves in the payment's own tables. Checks by failing: a
// version that is not the expected one and a key that is taken break the statement, and with it
// the transaction.
#pragma once

#include "storage/postgres/bulk.hpp"
#include "storage/store.hpp"

namespace cambist::storage::postgres {

class StepTables {
 public:
  StepTables();
  void add(const Append& append);
  void send(Connection& connection);

 private:
  void add_events(const Append& append);
  void add_row(const Append& append);
  void add_details(const Append& append);
  void add_key(const Append& append);

  Bulk claim_keys_, insert_payments_, update_payments_, check_versions_;
  Bulk insert_events_, insert_operations_, put_operations_, insert_ledger_;
  Bulk insert_timers_, put_timers_, delete_timers_, answer_keys_, release_keys_;
};

}  // namespace cambist::storage::postgres
