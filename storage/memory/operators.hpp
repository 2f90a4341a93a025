// What operators must decide and what they did, in the memory store.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "storage/memory/undo.hpp"
#include "storage/store.hpp"

namespace cambist::storage::memory {

class Operators {
 public:
  void put_task(const TenantId& tenant, const TaskRow& row);
  [[nodiscard]] bool has_audit(const TenantId& tenant, AuditId id) const;
  /// The row's id must be free.
  void put_audit(const AuditRow& row, Undo& undo);

  [[nodiscard]] std::optional<TaskRow> task(const TenantId& tenant, TaskId id) const;
  [[nodiscard]] std::vector<TaskRow> tasks(const TaskQuery& query) const;
  [[nodiscard]] std::vector<AuditRow> audit(const TenantId& tenant, std::optional<AuditId> before,
                                            std::size_t limit) const;

 private:
  std::map<TenantId, std::map<TaskId, TaskRow>> tasks_;
  std::map<TenantId, std::map<AuditId, AuditRow>> audit_;
};

}  // namespace cambist::storage::memory
