// Bank transfers behind the provider interface: the payer is told where to pay, and the bank tells
// when money has come. Nobody is ever called.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/provider/adapter.hpp"

namespace cambist::bank_transfer {

/// Errors: invalid_request with `field` the setting: an account that is not named in full, or a
///         setting that makes no sense.
[[nodiscard]] Result<std::shared_ptr<const provider::Adapter>> make_adapter(
    const provider::Settings& settings);

[[nodiscard]] std::vector<std::string_view> setting_names();
[[nodiscard]] std::vector<std::string_view> secret_names();
/// The account that the sandbox's bank has for us.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> sandbox_values();

}  // namespace cambist::bank_transfer
