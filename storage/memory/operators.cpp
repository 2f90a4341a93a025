#include "storage/memory/operators.hpp"

namespace cambist::storage::memory {

void Operators::put_task(const TenantId& tenant, const TaskRow& row) {
  tasks_[tenant].insert_or_assign(row.id, row);
}

bool Operators::has_audit(const TenantId& tenant, AuditId id) const {
  const auto rows = audit_.find(tenant);
  return rows != audit_.end() && rows->second.contains(id);
}

void Operators::put_audit(const AuditRow& row, Undo& undo) {
  auto& rows = audit_[row.tenant];
  undo.remember(rows, row.id);
  rows.emplace(row.id, row);
}

std::optional<TaskRow> Operators::task(const TenantId& tenant, TaskId id) const {
  const auto rows = tasks_.find(tenant);
  if (rows == tasks_.end()) return std::nullopt;
  const auto found = rows->second.find(id);
  return found == rows->second.end() ? std::nullopt : std::optional{found->second};
}

std::vector<TaskRow> Operators::tasks(const TaskQuery& query) const {
  std::vector<TaskRow> page;
  const auto rows = tasks_.find(query.tenant);
  if (rows == tasks_.end()) return page;
  auto next = query.before ? rows->second.lower_bound(*query.before) : rows->second.end();
  while (next != rows->second.begin() && page.size() < query.limit) {
    const auto& row = (--next)->second;
    if (!query.status.empty() && row.status != query.status) continue;
    if (!query.payment || row.payment == *query.payment) page.push_back(row);
  }
  return page;
}

std::vector<AuditRow> Operators::audit(const TenantId& tenant, std::optional<AuditId> before,
                                       std::size_t limit) const {
  std::vector<AuditRow> page;
  const auto rows = audit_.find(tenant);
  if (rows == audit_.end()) return page;
  auto next = before ? rows->second.lower_bound(*before) : rows->second.end();
  while (next != rows->second.begin() && page.size() < limit) page.push_back((--next)->second);
  return page;
}

}  // namespace cambist::storage::memory
