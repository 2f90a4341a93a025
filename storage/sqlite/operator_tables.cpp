#include "storage/sqlite/operator_tables.hpp"

namespace cambist::storage::sqlite {
namespace sql {
namespace {

constexpr const char* put_task = R"(
  INSERT OR REPLACE INTO tasks (tenant, id, kind, status, payment, operation, operation_kind, amount_minor,
    currency, provider, detail, outcome, reason, resolved_by, created_at, resolved_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16))";
constexpr const char* insert_audit = R"(
  INSERT INTO audit_log (tenant, id, at, actor, action, object, detail, request_id)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))";
constexpr const char* find_audit = "SELECT 1 FROM audit_log WHERE tenant = ?1 AND id = ?2";

}  // namespace
}  // namespace sql

OperatorTables::OperatorTables(Database& database)
    : put_task_(database.prepare(sql::put_task)),
      insert_audit_(database.prepare(sql::insert_audit)),
      find_audit_(database.prepare(sql::find_audit)) {}

void OperatorTables::put_task(Chain& chain, const TenantId& tenant, PaymentId payment,
                              const TaskRow& row) {
  chain.run(put_task_, tenant, row.id, row.kind, row.status, payment, row.operation,
            row.operation_kind, row.amount.minor, row.amount.currency, row.provider, row.detail,
            row.outcome, row.reason, row.resolved_by, row.created_at, row.resolved_at);
}

void OperatorTables::put_audit(Chain& chain, const TenantId& tenant, const AuditRow& row) {
  chain.run(insert_audit_, tenant, row.id, row.at, row.actor, row.action, row.object, row.detail,
            row.request_id);
}

bool OperatorTables::has_audit(Chain& chain, const TenantId& tenant, AuditId id) {
  return chain.any(find_audit_, tenant, id);
}

}  // namespace cambist::storage::sqlite
