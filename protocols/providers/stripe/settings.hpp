// What an account at Stripe is configured with, checked once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
  std::vector<Secret> webhook_secrets{};  // any of them may have signed; none: no webhooks
  std::string api_version{default_api_version};
  bool multicapture = true;
};

/// Whether a key is one of live or of test mode; nullopt for one that does not say.
/// Source: facts/stripe.md, "Transport".
[[nodiscard]] std::optional<bool> is_live(const Secret& secret_key) noexcept;

/// Errors: invalid_request with `field` the setting; no value of a secret is repeated.
[[nodiscard]] Result<AccountSettings> read_settings(const provider::Settings& settings);

}  // namespace cambist::stripe
