// M-Pesa of Vodacom Tanzania (OpenAPI) behind the provider interface.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/provider/adapter.hpp"

namespace cambist::mpesa_openapi_tz {

constexpr std::string_view name = "mpesa_openapi_tz";

/// Errors: invalid_request with `field` the setting that is missing or cannot be used.
[[nodiscard]] Result<std::shared_ptr<const provider::Adapter>> make_adapter(
    const provider::Settings& settings);

[[nodiscard]] std::vector<std::string_view> setting_names();
[[nodiscard]] std::vector<std::string_view> secret_names();
/// What the sandbox's emulator goes with.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> sandbox_settings();

}  // namespace cambist::mpesa_openapi_tz
