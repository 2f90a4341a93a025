#include "gateway/api/render_tasks.hpp"

#include <boost/json.hpp>

#include "gateway/api/render_parts.hpp"

namespace cambist::gateway {
namespace {

namespace json = boost::json;

json::object task_object(const storage::TaskRow& row) {
  return {{"id", row.id.to_string()},
          {"kind", row.kind},
          {"status", row.status},
          {"payment_id", row.payment.to_string()},
          {"operation_id", id_or_null(row.operation)},
          {"operation_kind", text_or_null(row.operation_kind)},
          {"amount", money_object(row.amount)},
          {"provider", text_or_null(row.provider)},
          {"detail", text_or_null(row.detail)},
          {"outcome", text_or_null(row.outcome)},
          {"reason", text_or_null(row.reason)},
          {"resolved_by", text_or_null(row.resolved_by)},
          {"created_at", to_rfc3339(row.created_at)},
          {"resolved_at", time_or_null(row.resolved_at)}};
}

json::object audit_object(const storage::AuditRow& row) {
  json::error_code broken;
  json::value detail = json::parse(row.detail, broken);
  if (broken || !detail.is_object()) detail = nullptr;
  json::object shown{{"id", row.id.to_string()}, {"at", to_rfc3339(row.at)},
                     {"actor", row.actor},       {"action", row.action},
                     {"object", row.object},     {"request_id", text_or_null(row.request_id)}};
  shown["detail"] = std::move(detail);
  return shown;
}

}  // namespace

std::string render_tasks(const std::vector<storage::TaskRow>& rows, const Page& page) {
  return render_rows(rows, page, task_object, [](const auto& row) { return row.id.bytes; });
}

std::string render_task(const storage::TaskRow& row) {
  return json::serialize(task_object(row));
}

std::string render_audit(const std::vector<storage::AuditRow>& rows, const Page& page) {
  return render_rows(rows, page, audit_object, [](const auto& row) { return row.id.bytes; });
}

}  // namespace cambist::gateway
