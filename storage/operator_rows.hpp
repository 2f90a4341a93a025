// What operators must decide and what they did.
#pragma once

#include <optional>
#include <string>

#include "protocols/core/ids.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::storage {

/// Something the operators must decide; upserted.
/// Shape: `status` is "open" or "resolved"; `outcome` is "succeeded", "failed", "settled" (the
/// provider answered after all), or "reviewed" (a task about money that came by itself, whose kind
/// is one of payment::AttentionKind and which has no operation); empty while open.
struct TaskRow {
  TaskId id;
  std::string kind;  // "unknown_outcome", "overpayment", ...
  std::string status;
  PaymentId payment{};
  OperationId operation{};
  std::string operation_kind{};
  Money amount{};
  std::string provider{};
  std::string detail{};
  std::string outcome{};
  std::string reason{};
  std::string resolved_by{};
  TimePoint created_at{};
  std::optional<TimePoint> resolved_at{};
};

/// What an operator did; never changed.
struct AuditRow {
  AuditId id;
  TenantId tenant;
  TimePoint at;
  std::string actor;
  std::string action;  // "task.resolve", "breaker.trip", "webhooks.replay", "endpoint.create"
  std::string object;
  std::string detail{};  // JSON, without secrets
  std::string request_id{};
};

}  // namespace cambist::storage
