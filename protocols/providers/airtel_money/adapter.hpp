// Airtel Money (Airtel Africa's open API, collections) behind the provider interface.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/provider/adapter.hpp"

namespace cambist::airtel_money {

/// Errors: invalid_request with `field` the setting that is missing or wrong.
[[nodiscard]] Result<std::shared_ptr<const provider::Adapter>> make_adapter(
    const provider::Settings& settings);

[[nodiscard]] std::vector<std::string_view> setting_names();
[[nodiscard]] std::vector<std::string_view> secret_names();
/// What the sandbox's emulator goes with.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> sandbox_settings();

}  // namespace cambist::airtel_money
