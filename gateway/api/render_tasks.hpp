// Tasks and the audit log as the API shows them, as JSON text.
#pragma once

#include <string>
#include <vector>

#include "gateway/api/list_query.hpp"
#include "storage/store.hpp"

namespace cambist::gateway {

/// Shape: `rows` has one more than the page's limit when there is more.
[[nodiscard]] std::string render_tasks(const std::vector<storage::TaskRow>& rows, const Page& page);
[[nodiscard]] std::string render_task(const storage::TaskRow& row);
[[nodiscard]] std::string render_audit(const std::vector<storage::AuditRow>& rows,
                                       const Page& page);

}  // namespace cambist::gateway
