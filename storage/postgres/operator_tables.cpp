#include "storage/postgres/operator_tables.hpp"

namespace cambist::storage::postgres {
namespace {

constexpr const char* on_known_task = R"(
  ON CONFLICT (tenant, id) DO UPDATE SET kind = excluded.kind, status = excluded.status,
    payment = excluded.payment, operation = excluded.operation, operation_kind = excluded.operation_kind,
    amount_minor = excluded.amount_minor, currency = excluded.currency, provider = excluded.provider,
    detail = excluded.detail, outcome = excluded.outcome, reason = excluded.reason,
    resolved_by = excluded.resolved_by, created_at = excluded.created_at, resolved_at = excluded.resolved_at)";

}  // namespace

OperatorTables::OperatorTables()
    : put_tasks_(insert_into("tasks",
                             {{"tenant", Type::text},
                              {"id", Type::uuid},
                              {"kind", Type::text},
                              {"status", Type::text},
                              {"payment", Type::uuid},
                              {"operation", Type::uuid},
                              {"operation_kind", Type::text},
                              {"amount_minor", Type::int8},
                              {"currency", Type::text},
                              {"provider", Type::text},
                              {"detail", Type::bytes},
                              {"outcome", Type::text},
                              {"reason", Type::bytes},
                              {"resolved_by", Type::text},
                              {"created_at", Type::int8},
                              {"resolved_at", Type::int8}},
                             on_known_task)),
      insert_audit_(insert_into("audit_log", {{"tenant", Type::text},
                                              {"id", Type::uuid},
                                              {"at", Type::int8},
                                              {"actor", Type::text},
                                              {"action", Type::text},
                                              {"object", Type::bytes},
                                              {"detail", Type::bytes},
                                              {"request_id", Type::text}})) {}

void OperatorTables::put_task(const TenantId& tenant, PaymentId payment, const TaskRow& row) {
  put_tasks_.add(tenant, row.id, row.kind, row.status, payment, row.operation, row.operation_kind,
                 row.amount.minor, row.amount.currency, row.provider, row.detail, row.outcome,
                 row.reason, row.resolved_by, row.created_at, row.resolved_at);
}

void OperatorTables::put_audit(const TenantId& tenant, const AuditRow& row) {
  insert_audit_.add(tenant, row.id, row.at, row.actor, row.action, row.object, row.detail,
                    row.request_id);
}

void OperatorTables::send(Connection& connection) {
  put_tasks_.send(connection);
  insert_audit_.send(connection);
}

}  // namespace cambist::storage::postgres
