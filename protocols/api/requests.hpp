// The bodies of our own API as commands of the payment machine. Fields are exactly those of
// design.md; anything else is refused by name. Ids and the tenant are given by the caller: nothing
// here makes them up.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "protocols/core/error.hpp"
#include "protocols/payment/machine.hpp"

namespace cambist::api {

/// Source: facts/security.md section 5 for metadata.
struct FieldLimits {
  std::size_t reference = 128;
  std::size_t customer_id = 128;
  std::size_t description = 500;
  std::size_t reason = 500;
  std::size_t provider_object = 255;
  std::size_t return_url = 2'048;
  std::size_t token = 255;
  std::size_t method_fields = 20;
  std::size_t metadata_entries = 50;
  std::size_t metadata_name = 40;
  std::size_t metadata_value = 500;
};

// Errors of every reader: invalid_request with the field's path. A null stands for a field that is
// not there. `idempotency_key` may stand in each body; `idempotency_key_of` in keys.hpp reads it.

/// Shape: `providers` are the enabled ones. Where none is named, the provider is left empty:
/// routing
///        chooses it. The payer's country is the method's field "country".
[[nodiscard]] Result<payment::Details> read_create(const boost::json::object& body,
                                                   const std::vector<std::string>& providers);
[[nodiscard]] Result<payment::Capture> read_capture(const boost::json::object& body,
                                                    OperationId operation);
[[nodiscard]] Result<payment::Cancel> read_cancel(const boost::json::object& body,
                                                  OperationId operation);
[[nodiscard]] Result<payment::Refund> read_refund(const boost::json::object& body,
                                                  OperationId operation);
[[nodiscard]] Result<payment::Confirm> read_confirm(const boost::json::object& body);
/// `capture_at` must stand there: a time, or null to take the schedule back.
[[nodiscard]] Result<payment::ScheduleCapture> read_capture_schedule(
    const boost::json::object& body);

/// What the operators found out about an operation that stayed unknown.
struct TaskResolution {
  std::optional<bool> succeeded{};  // "outcome": "succeeded" or "failed"; a task may need none
  std::string reason;
  std::string provider_object{};
};
[[nodiscard]] Result<TaskResolution> read_task_resolution(const boost::json::object& body);

}  // namespace cambist::api
