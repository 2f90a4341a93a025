#include "storage/sqlite/reads.hpp"

namespace cambist::storage::sqlite::reads {
namespace {

TaskRow task_row(Rows& rows) {
  return TaskRow{.id = rows.id<TaskId>(0),
                 .kind = rows.text(1),
                 .status = rows.text(2),
                 .payment = rows.id<PaymentId>(3),
                 .operation = rows.id<OperationId>(4),
                 .operation_kind = rows.text(5),
                 .amount = rows.money(6, 7),
                 .provider = rows.text(8),
                 .detail = rows.text(9),
                 .outcome = rows.text(10),
                 .reason = rows.text(11),
                 .resolved_by = rows.text(12),
                 .created_at = rows.time(13),
                 .resolved_at = rows.time_if_any(14)};
}

}  // namespace

Result<std::vector<TaskRow>> tasks(Session& session, const TaskQuery& query) {
  auto& list = query.payment           ? session.tasks_of_payment
               : !query.status.empty() ? session.tasks_of_status
                                       : session.tasks_of_tenant;
  const PageStart before{query.before};
  return all(
      list.run(query.tenant, before.bytes(), query.status, query.payment, bounded(query.limit)),
      "cannot list tasks", task_row);
}

Result<std::optional<TaskRow>> task(Session& session, const TenantId& tenant, TaskId id) {
  return one(session.task.run(tenant, id), "cannot read a task", task_row);
}

Result<std::vector<AuditRow>> audit(Session& session, const TenantId& tenant,
                                    std::optional<AuditId> before, std::size_t limit) {
  const PageStart start{before};
  return all(session.audit.run(tenant, start.bytes(), bounded(limit)), "cannot read the audit log",
             [](Rows& row) {
               return AuditRow{.id = row.id<AuditId>(1),
                               .tenant = TenantId{row.text(0)},
                               .at = row.time(2),
                               .actor = row.text(3),
                               .action = row.text(4),
                               .object = row.text(5),
                               .detail = row.text(6),
                               .request_id = row.text(7)};
             });
}

}  // namespace cambist::storage::sqlite::reads
