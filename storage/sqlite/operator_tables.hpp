// Writes what operators must decide and what they did.
#pragma once

#include "storage/sqlite/chain.hpp"
#include "storage/store.hpp"

namespace cambist::storage::sqlite {

class OperatorTables {
 public:
  explicit OperatorTables(Database& database);

  void put_task(Chain& chain, const TenantId& tenant, PaymentId payment, const TaskRow& row);
  void put_audit(Chain& chain, const TenantId& tenant, const AuditRow& row);
  [[nodiscard]] bool has_audit(Chain& chain, const TenantId& tenant, AuditId id);

 private:
  Statement put_task_, insert_audit_, find_audit_;
};

}  // namespace cambist::storage::sqlite
