// Writes what operators must decide and what they did.
#pragma once

#include "storage/postgres/bulk.hpp"
#include "storage/store.hpp"

namespace cambist::storage::postgres {

class OperatorTables {
 public:
  OperatorTables();
  void put_task(const TenantId& tenant, PaymentId payment, const TaskRow& row);
  void put_audit(const TenantId& tenant, const AuditRow& row);
  void send(Connection& connection);

 private:
  Bulk put_tasks_, insert_audit_;
};

}  // namespace cambist::storage::postgres
