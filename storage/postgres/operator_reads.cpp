#include "storage/postgres/reads.hpp"

namespace cambist::storage::postgres::reads {
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
  const auto* const list = query.payment           ? sql::tasks_of_payment
                           : !query.status.empty() ? sql::tasks_of_status
                                                   : sql::tasks_of_tenant;
  return all(session.run("cannot list tasks", list, query.tenant, page_start(query.before),
                         query.status, query.payment, bounded(query.limit)),
             task_row);
}

Result<std::optional<TaskRow>> task(Session& session, const TenantId& tenant, TaskId id) {
  return one(session.run("cannot read a task", sql::task, tenant, id), task_row);
}

Result<std::vector<AuditRow>> audit(Session& session, const TenantId& tenant,
                                    std::optional<AuditId> before, std::size_t limit) {
  return all(session.run("cannot read the audit log", sql::audit, tenant, page_start(before),
                         bounded(limit)),
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

}  // namespace cambist::storage::postgres::reads
