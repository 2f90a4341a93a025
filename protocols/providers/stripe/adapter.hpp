// Stripe (PaymentIntents, API v1) behind the provider interface.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "protocols/provider/adapter.hpp"

namespace cambist::stripe {

/// Errors: invalid_request with `field` the setting: a secret key that is missing or no Stripe key,
/// a base
///         URL that cannot be used, a version that is none, `multicapture` neither "true" nor
///         "false".
[[nodiscard]] Result<std::shared_ptr<const provider::Adapter>> make_adapter(
    const provider::Settings& settings);

[[nodiscard]] std::vector<std::string_view> setting_names();
[[nodiscard]] std::vector<std::string_view> secret_names();

}  // namespace cambist::stripe
