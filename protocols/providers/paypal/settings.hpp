// What an account at PayPal is configured with, checked once.
#pragma once

#include <optional>
#include <string>

#include "protocols/core/secret.hpp"
#include "protocols/core/time.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/provider/base_url.hpp"
#include "protocols/providers/paypal/certificate.hpp"

namespace cambist::paypal {

struct AccountSettings {
  provider::BaseUrl base;
  bool live = false;
  std::string client_id;
  Secret secret_key;
  std::string webhook_id{};  // empty: no webhooks
  bool postback = false;     // PayPal verifies webhooks, not we
  std::optional<TrustRoots> roots{};
  bool takes_cards = false;
  std::optional<Duration> reauthorize_after{};
};

/// Errors: invalid_request with `field` the setting; no value of a secret is repeated.
[[nodiscard]] Result<AccountSettings> read_settings(const provider::Settings& settings);

}  // namespace cambist::paypal
