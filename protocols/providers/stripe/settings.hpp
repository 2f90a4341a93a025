// What an account at Stripe is configured with, checked once.
#pragma once

#include <string>
#include <string_view>

#include "protocols/core/secret.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/provider/base_url.hpp"

namespace cambist::stripe {

/// The version these shapes were read from.
/// Source: facts/stripe.md, "Transport".
constexpr std::string_view default_api_version = "2026-10-28.endive";

struct AccountSettings {
  provider::BaseUrl base;
  Secret secret_key;
  std::string api_version{default_api_version};
  bool multicapture = true;
};

/// Errors: invalid_request with `field` the setting; no value of a secret is repeated.
[[nodiscard]] Result<AccountSettings> read_settings(const provider::Settings& settings);

}  // namespace cambist::stripe
