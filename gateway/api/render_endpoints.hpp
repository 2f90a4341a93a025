// Merchants' endpoints and deliveries as the API shows them, as JSON text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/api/list_query.hpp"
#include "storage/store.hpp"

namespace cambist::gateway {

/// Shape: `rows` has one more than the page's limit when there is more. No secret is shown, only
/// its last four characters.
[[nodiscard]] std::string render_endpoints(const std::vector<storage::EndpointRow>& rows,
                                           const Page& page);
/// `secret`, when not empty, is shown: this once.
[[nodiscard]] std::string render_endpoint(const storage::EndpointRow& row,
                                          const std::string& secret = {});
[[nodiscard]] std::string render_deliveries(const std::vector<storage::DeliveryRow>& rows,
                                            const Page& page);
[[nodiscard]] std::string render_delivery(const storage::DeliveryRow& row);

}  // namespace cambist::gateway
