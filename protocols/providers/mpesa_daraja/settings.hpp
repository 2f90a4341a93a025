// What an account at Daraja is configured with, checked once.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/secret.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/provider/base_url.hpp"

namespace cambist::mpesa_daraja {

/// Shape: amounts are whole shillings. `callback` is what stands in front of our provider's name in
///        the URLs that Daraja calls, `callback_name` what stands for that name.
struct AccountSettings {
  provider::BaseUrl base;
  std::string consumer_key;
  Secret consumer_secret;
  Secret passkey;
  std::string short_code;
  std::string party_b;
  std::string transaction_type;
  provider::BaseUrl callback;
  std::string callback_name;
  std::vector<Secret> webhook_secrets{};     // the first goes into new URLs, any is taken
  std::vector<std::string> allowed_peers{};  // none: any
  std::vector<std::string> processing_texts{};
  std::chrono::seconds prompt_lifetime{90};
  std::int64_t amount_min = 1;
  std::int64_t amount_max = 250'000;
  bool reversal_allows_partial = false;
  std::chrono::days reversal_max_age{7};

  // What refunds need; empty: this account makes none.
  std::string initiator_name{};
  Secret security_credential{};
  std::string b2c_short_code{};

  [[nodiscard]] bool refunds() const noexcept {
    return !initiator_name.empty() && !security_credential.empty();
  }
};

/// Errors: invalid_request with `field` the setting; no value of a secret is repeated.
[[nodiscard]] Result<AccountSettings> read_settings(const provider::Settings& settings);

}  // namespace cambist::mpesa_daraja
