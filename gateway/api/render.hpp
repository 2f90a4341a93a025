// What the reading routes show, as JSON text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/health.hpp"
#include "gateway/bridge.hpp"
#include "protocols/routing/plan.hpp"

namespace cambist::gateway {

/// Shape: `rows` has one more than `limit` when there is more; `list` is what the cursor is bound
/// to.
[[nodiscard]] std::string render_list(const std::vector<storage::PaymentRow>& rows,
                                      std::size_t limit, std::string_view list);
[[nodiscard]] std::string render_story(const Story& story);
[[nodiscard]] std::string render_providers(const actors::ProvidersHealth& health);
[[nodiscard]] std::string render_provider(const actors::ProviderHealth& provider);
[[nodiscard]] std::string render_plan(const routing::Plan& plan);
[[nodiscard]] std::string render_supervision(const actors::SupervisionNode& root);

}  // namespace cambist::gateway
