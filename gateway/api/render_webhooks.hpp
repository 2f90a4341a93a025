// Webhooks of providers as the API shows them, as JSON text.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "actors/requests.hpp"
#include "gateway/api/list_query.hpp"
#include "storage/store.hpp"

namespace cambist::gateway {

constexpr std::chrono::hours health_window{24};

/// Shape: `rows` has one more than the page's limit when there is more.
[[nodiscard]] std::string render_webhooks(const std::vector<storage::WebhookRow>& rows,
                                          const Page& page);
/// With the raw body, as "payload".
[[nodiscard]] std::string render_webhook(const storage::WebhookRow& row);
[[nodiscard]] std::string render_replayed(const actors::WebhooksReplayed& replayed);
/// Every one of `providers`, whether or not anything came from it.
[[nodiscard]] std::string render_webhook_health(const std::vector<storage::WebhookCount>& counts,
                                                const std::vector<std::string>& providers);

}  // namespace cambist::gateway
